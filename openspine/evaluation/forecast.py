"""`evaluate forecast` from options to a report: tables, folds over all cores, figures, picture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.evaluation import forecast, sets_table, time_forecast, time_table
from ml.evaluation.cases import Cases, cases
from ml.evaluation.forecast import Forecasts
from ml.evaluation.reading import Unreadable
from openspine import pictures
from openspine.evaluation import forecast_picture
from openspine.outcome import ExitCode, Failure, say
from openspine.parallel import spread

SETS, SETS_FOLDER = "sets.csv", "machine_sets_to_failure"
TIMES, TIMES_FOLDER = "tul_members.csv", "kieser_time_under_load"
FOLDS_LEAST = 2
PEOPLE_LEAST = 12  # to learn from: below it a fold has nobody left to calibrate its interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be judged, and who does the work."""

    data: Path
    train: Path | None
    folds: int
    seed: int
    jobs: int
    dask: str | None


def judge_reps(asked: Asked, plot: Path | None = None) -> dict[str, Any]:
    """Forecast reps and return every figure as JSON values."""
    _check(asked, plot)
    table = _sets(asked.data)
    rows = cases(table)
    teaching = rows if asked.train is None else cases(_sets(asked.train))
    _check_people(asked, len(set(teaching.people)))
    parts = (
        forecast.folds(rows, asked.folds, asked.seed)
        if asked.train is None
        else forecast.between(teaching, rows, asked.seed)
    )
    done = forecast.joined(_spread(forecast.run, parts, asked), len(rows.reps))
    found = {
        **_head(asked, "reps of the next set, from its weight and the person's past"),
        "left_out": table.left_out,
        **forecast.figures(done, rows, asked.seed),
    }
    _draw(found, done, rows, plot)
    return found


def judge_time(asked: Asked, plot: Path | None = None) -> dict[str, Any]:
    """Forecast seconds under load and return every figure as JSON values."""
    _check(asked, plot)
    table = _times(asked.data)
    teaching = table if asked.train is None else _times(asked.train)
    _check_people(asked, len(set(teaching.people)))
    parts = (
        time_forecast.folds(table, asked.folds, asked.seed)
        if asked.train is None
        else time_forecast.between(teaching, table, asked.seed)
    )
    done = forecast.joined(_spread(time_forecast.run, parts, asked), len(table.seconds))
    found = {
        **_head(asked, "seconds to failure on one machine, from the same person's other machines"),
        **time_forecast.figures(done, table, asked.seed),
    }
    if plot is not None:
        pictures.save(forecast_picture.methods_only(found), plot)
    return found


def lines(found: Mapping[str, Any]) -> list[str]:
    """Write the report for people."""
    unit = found["unit"]
    head = [
        found["what"],
        f"  {found['forecasts']} forecasts, {found['people']} people, {found['split']}, seed {found['seed']}",
        *(f"  left out: {count} rows, {why}" for why, count in found.get("left_out", {}).items()),
        f"{'method':<26}{'MAE':>8}  {'95 % over people':<18}{'RMSE':>8}{'R2':>8}{'MAE after six':>15}",
    ]
    body = [_line(name, one) for name, one in found["methods"].items()]
    interval = found["interval_80_percent"]
    told = f"80 % interval: covers {interval['coverage']}, {interval['width']} {unit} wide"
    tail = [f"{told}, person at the worst tenth {interval['worst_decile_person']}"]
    if "openspine_mean" in found:
        tail = [_line("openspine, mean", found["openspine_mean"]), *tail, _told_of_noise(found)]
    goals = [
        f"goal {name} {one['goal']}: {one['found']} {'met' if one['met'] else 'MISSED'}"
        for name, one in found.get("goals", {}).items()
    ]
    return [*head, *body, *tail, *goals]


def _line(name: str, one: Mapping[str, Any]) -> str:
    low, high = one.get("mae_95_percent", ("", ""))
    band = f"{low} - {high}" if low else ""
    after = one.get("mae_after_six", "")
    return f"{name:<26}{one['mae']:>8}  {band:<18}{one['rmse']:>8}{one['r2']:>8}{after:>15}"


def _told_of_noise(found: Mapping[str, Any]) -> str:
    floor, interval = found["noise_floor_mae"], found["interval_80_percent"]
    return (
        f"ends of the interval are whole reps and lie inside: it holds {interval['reps_held']} counts; "
        f"noise floor at unchanged load: MAE {floor['mae']} ({floor['sets_at_unchanged_load']} sets)"
    )


def _check(asked: Asked, plot: Path | None) -> None:
    if asked.train is None and asked.folds < FOLDS_LEAST:
        raise Failure(f"--folds from {FOLDS_LEAST}", ExitCode.USAGE)
    pictures.check(plot)


def _check_people(asked: Asked, people: int) -> None:
    least = max(PEOPLE_LEAST, asked.folds)
    if people < least:
        raise Failure(
            f"{asked.train or asked.data}: {people} people are too few to learn from; {least} at least"
        )


def _head(asked: Asked, what: str) -> dict[str, Any]:
    split = f"{asked.folds} folds by person" if asked.train is None else f"learned from {asked.train}"
    return {"what": what, "data": str(asked.data), "split": split, "seed": asked.seed}


def _spread(run: Callable[[Any], Forecasts], parts: Any, asked: Asked) -> list[Forecasts]:
    def say_fold(done: str) -> None:
        say(f"forecast: fold {done}")

    return spread(run, parts, jobs=asked.jobs, dask=asked.dask, progress=say_fold)


def _sets(folder: Path) -> sets_table.SetsTable:
    with _file(folder, SETS_FOLDER, SETS).open(encoding="utf-8", newline="") as table:
        found = sets_table.read(table)
    if isinstance(found, Unreadable):
        raise Failure(f"{folder}: {found.reason}")
    return found


def _times(folder: Path) -> time_table.Times:
    with _file(folder, TIMES_FOLDER, TIMES).open(encoding="utf-8", newline="") as table:
        found = time_table.read(table)
    if isinstance(found, Unreadable):
        raise Failure(f"{folder}: {found.reason}")
    return found


def _file(folder: Path, within: str, name: str) -> Path:
    for path in (folder / name, folder / within / name):
        if path.is_file():
            return path
    raise Failure(f"{folder}: there is no {name} here, nor in {within}/", ExitCode.NOT_FOUND)


def _draw(found: Mapping[str, Any], done: Forecasts, rows: Cases, plot: Path | None) -> None:
    if plot is not None:
        pictures.save(forecast_picture.chart(found, forecast.calibration(done, rows)), plot)
