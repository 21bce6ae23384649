"""`evaluate capacity` from options to a report: table, people left out over all cores, figures, picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.evaluation import capacity, one_rm_table
from ml.evaluation.reading import Unreadable
from openspine import pictures
from openspine.evaluation import capacity_picture
from openspine.outcome import ExitCode, Failure, say
from openspine.parallel import spread

SPLIT = "one person left out at a time; slope and load prior from the others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be judged, and who does the work."""

    data: Path
    seed: int
    jobs: int
    dask: str | None


def judge(asked: Asked, plot: Path | None = None) -> dict[str, Any]:
    """Estimate every 1RM and return every figure as JSON values."""
    pictures.check(plot)
    path = _file(asked.data)
    with path.open(encoding="utf-8-sig", newline="") as lines_:
        table = one_rm_table.read(lines_)
    if isinstance(table, Unreadable):
        raise Failure(f"{path}: {table.reason}")
    parts = capacity.pieces(table.sets)
    judged = spread(capacity.run, parts, jobs=asked.jobs, dask=asked.dask, progress=_say)
    figures = capacity.figures([row for part in judged for row in part], asked.seed)
    found = {
        "what": "1RM from sets to failure at lighter loads",
        "data": str(path),
        "split": SPLIT,
        "seed": asked.seed,
        "left_out": table.left_out,
        **figures,
    }
    if plot is not None:
        pictures.save(capacity_picture.chart(found), plot)
    return found


def lines(found: Mapping[str, Any]) -> list[str]:
    """Write the report for people."""
    told = [
        f"{found['what']}: {found['one_set']['all']['sets']} sets of {found['people']} people",
        f"  {found['split']}; seed {found['seed']}",
        *(f"  left out: {count} rows, {why}" for why, count in found["left_out"].items()),
        f"{'MAPE, %':<22}{'sets':>6}" + "".join(f"{name:>14}" for name in capacity.METHODS),
    ]
    for title, groups in (("one set", found["one_set"]), ("two sets", found["two_sets"])):
        told += [_line(f"{title}, {_load(percent)}", group) for percent, group in groups.items()]
    goals = [
        f"goal at {percent} %: below {one['goal']} (Epley here {one['epley_here']:.2f}): {one['found']:.2f} "
        + ("met" if one["met"] else "MISSED")
        for percent, one in found["goals"].items()
    ]
    return [*told, *goals]


def _line(title: str, group: Mapping[str, Any]) -> str:
    figures = "".join(f"{group['methods'][name]['mape']:>14.2f}" for name in capacity.METHODS)
    return f"{title:<22}{group['sets']:>6}{figures}"


def _load(percent: str) -> str:
    return "all" if percent == "all" else f"{percent} %"


def _say(done: str) -> None:
    if done.endswith("0/" + done.split("/")[1]) or len(set(done.split("/"))) == 1:
        say(f"capacity: person {done}")


def _file(given: Path) -> Path:
    if given.is_file():
        return given
    if not given.is_dir():
        raise Failure(f"{given}: there is no such file or folder", ExitCode.NOT_FOUND)
    tables = sorted(given.glob("*.csv"))
    if len(tables) != 1:
        said = "no CSV file" if not tables else f"{len(tables)} CSV files: name one"
        raise Failure(f"{given}: {said}", ExitCode.NOT_FOUND if not tables else ExitCode.USAGE)
    return tables[0]
