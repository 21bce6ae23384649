"""The control trial from options to a report: people, pieces over all cores, figures, picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from contract.machines import catalogue
from contract.messages import Profile
from emulator.control import people_file, report, trial
from emulator.control.arm import CONTROL, ORACLE, REFERENCE, Arm, arms
from emulator.control.outcome import Outcome
from emulator.control.trial import Piece
from openspine import pictures
from openspine.evaluation import control_picture as trial_picture
from openspine.outcome import ExitCode, Failure, say
from openspine.parallel import spread

WEEKS_MOST = 520
SPLIT = "people of their own seeds; no model was trained on them"
SPLIT_FILE = "people of the file; no model was trained on them"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be tried on whom."""

    people: int
    weeks: int
    seed: int
    profiles: tuple[Profile, ...]
    arms: tuple[Arm, ...]
    kinds: tuple[str, ...]
    file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """Who does the work: processes here, or a Dask cluster."""

    jobs: int
    dask: str | None


def judge(asked: Asked, workers: Workers, plot: Path | None = None) -> dict[str, Any]:
    """Run the trial and return its report as JSON values."""
    if asked.people < 1 or not 1 <= asked.weeks <= WEEKS_MOST:
        raise Failure(f"--people from 1, --weeks from 1 to {WEEKS_MOST}", ExitCode.USAGE)
    pictures.check(plot)
    found: dict[str, Any] = {}
    done: dict[str, list[Outcome]] = {}
    for whole in _wholes(asked):
        profile = whole.profile
        parts = spread(
            trial.work,
            trial.pieces(whole),
            jobs=workers.jobs,
            dask=workers.dask,
            progress=_progress(profile),
        )
        done[profile] = [one for part in parts for one in part]
        found[profile] = report.profile_report(profile, done[profile], asked.seed)
    if plot is not None:
        pictures.save(trial_picture.chart(done, f"{asked.weeks} weeks, seed {asked.seed}"), plot)
    return {**_head(asked), "profiles": found}


def lines(found: Mapping[str, Any]) -> list[str]:
    """Write the report for people."""
    head = (
        f"control: {found['weeks']} weeks of two visits, seed {found['seed']}, {', '.join(found['kinds'])}; "
        f"{found['split']}"
    )
    body = [["", *report.lines(name, part)] for name, part in found["profiles"].items()]
    return [head, *(line for part in body for line in part)]


def chosen(policies: Sequence[str], extra: Sequence[str]) -> tuple[Arm, ...]:
    """Return the oracle, the control arm and whatever was named; every arm when nothing was."""
    every = arms()
    if not policies and not extra:
        return tuple(every.values())
    named = [ORACLE, CONTROL, *(policies or [REFERENCE]), *extra]
    return tuple(every[name] for name in dict.fromkeys(known(named, list(every), "arm")))


def known(named: Sequence[str], every: Sequence[str], what: str) -> tuple[str, ...]:
    """Return the names; exit code 2 where one does not exist."""
    for name in named:
        if name not in every:
            raise Failure(f"no {what} {name!r}; there are {', '.join(every)}", ExitCode.USAGE)
    return tuple(named)


def kinds() -> list[str]:
    """Name every kind of machine."""
    return list(catalogue())


def _wholes(asked: Asked) -> list[Piece]:
    """Return the trial of every profile that has people."""
    cohort = _of_file(asked.file, asked.seed) if asked.file is not None else None
    found = []
    for profile in asked.profiles:
        own = trial.cohort(profile, asked.people, asked.seed)
        who = own if cohort is None else trial.of_profile(profile, cohort.people)
        changes = {} if cohort is None else cohort.changes
        whole = Piece(profile=profile, people=who, kinds=asked.kinds, arms=asked.arms, weeks=asked.weeks)
        found += [replace(whole, changes=changes)] if who else []
    if not found:
        raise Failure(f"{asked.file}: nobody for {' or '.join(asked.profiles)}", ExitCode.USAGE)
    return found


def _of_file(path: Path, seed: int) -> people_file.Cohort:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}", ExitCode.NOT_FOUND) from error
    except UnicodeDecodeError as error:
        raise Failure(f"{path}: not UTF-8 text", ExitCode.USAGE) from error
    read = people_file.read(str(path), text, seed)
    if isinstance(read, people_file.Unreadable):
        raise Failure(read.reason, ExitCode.USAGE)
    return read


def _head(asked: Asked) -> dict[str, Any]:
    return {
        "people": asked.people if asked.file is None else str(asked.file),
        "weeks": asked.weeks,
        "seed": asked.seed,
        "kinds": list(asked.kinds),
        "split": SPLIT if asked.file is None else SPLIT_FILE,
    }


def _progress(profile: str) -> Callable[[str], None]:
    return lambda done: say(f"evaluate control: {profile} {done}")
