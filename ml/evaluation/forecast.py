"""Forecasting the next set's reps: folds by person, every method on the same rows, and the figures."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.evaluation import baselines
from ml.evaluation.cases import Cases
from ml.evaluation.intervals import Interval, by_person, calibrated
from ml.evaluation.scores import DIGITS, bootstrap, coverage, errors
from ml.forecast.distribution import mean, median
from ml.forecast.stage import Known, fit
from ml.training.conformal import split_people

Array = NDArray[np.float64]
OURS = "openspine"
CALIBRATED_SHARE = 0.25  # of the training people: the interval's level comes from them
STEP_SAME = 0.002  # log; nearer together two loads are the same
HALF_REP = 0.5  # failure at rep d says n - .5 = d (design page 5)
CALIBRATION_LEAST = 20  # sets of a forecast below which a share says nothing
SEEN_GROUPS = (1, 2, 4, 7, 10)  # sets seen before, lowest of each group
GOALS: Final[dict[str, Any]] = {
    "mae": 1.10,
    "mae_after_six": 1.02,
    "rmse": 1.52,
    "coverage": (0.78, 0.82),
    "width": 3.5,  # of whole reps, and stricter of ends that need not be whole
    "width_before_rounding": 3.5,
    "worst_decile_person": 0.72,
}


class Fold(NamedTuple):
    """One piece of work: learn from `train`, forecast `test`, whose rows stand at `places` of the whole."""

    train: Cases
    test: Cases
    places: NDArray[np.int64]
    seed: int


class Forecasts(NamedTuple):
    """What every method forecast for the rows at `places`; `mean` is our expectation beside our median."""

    places: NDArray[np.int64]
    points: dict[str, Array]
    mean: Array
    interval: Interval


def folds(rows: Cases, count: int, seed: int) -> list[Fold]:
    """Split by person: every person is forecast once, by a model that never saw that person."""
    tests = split_people(rows.people.tolist(), [1.0 / count] * count, seed)
    return [Fold(rows.only(~test), rows.only(test), np.flatnonzero(test), seed) for test in tests]


def between(train: Cases, test: Cases, seed: int) -> list[Fold]:
    """Train on one table and forecast another."""
    return [Fold(train, test, np.arange(len(test.reps)), seed)]


def run(fold: Fold) -> Forecasts:
    """Fit everything on the training people of a fold and forecast its test people."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy

    train, test, places, seed = fold
    with threadpool_limits(limits=1):  # the same digits on any machine; folds are what runs in parallel
        chances = fit(_known(train), train.reps, seed).chances(_known(test))
        points = {
            "last": baselines.last(test),
            "epley": baselines.epley(test),
            "kalman": test.kalman,
            "ridge": baselines.ridge(train, test),
            "hist_gradient_boosting": baselines.boosting(train, test, seed),
            "belief_alone": test.column("believed_reps") - HALF_REP,
            OURS: median(chances),
        }
        level = _level(train, seed)
    interval = by_person(chances, test.reps, test.people, test.column("day"), level)
    return Forecasts(places, points, mean(chances), interval)


def joined(done: Sequence[Forecasts], rows: int) -> Forecasts:
    """Put the folds' rows back into the order of the whole."""
    order = np.argsort(np.concatenate([one.places for one in done]))
    if len(order) != rows:
        raise ValueError(f"{len(order)} forecasts for {rows} rows")
    points = {name: np.concatenate([one.points[name] for one in done])[order] for name in done[0].points}
    ends = Interval(
        *(np.concatenate(parts)[order] for parts in zip(*(one.interval for one in done), strict=True))
    )
    return Forecasts(np.arange(rows), points, np.concatenate([one.mean for one in done])[order], ends)


def figures(found: Forecasts, rows: Cases, seed: int) -> dict[str, Any]:
    """Return every figure: methods with bootstrap intervals over people, interval, floor, groups, goals."""
    methods: dict[str, Any] = {}
    for name, point in found.points.items():
        band = bootstrap(np.abs(point - rows.reps), rows.people, seed)
        methods[name] = {**errors(point, rows.reps, rows.seen), "mae_95_percent": band}
    of_mean = errors(found.mean, rows.reps, rows.seen)
    interval = coverage(*found.interval[:2], rows.reps, rows.people)
    interval["width_before_rounding"] = round(float(found.interval.apart.mean()), DIGITS)
    interval["reps_held"] = round(interval["width"] + 1.0, DIGITS)
    ours: dict[str, Any] = {**methods[OURS], "rmse": of_mean["rmse"], **interval}
    return {
        "unit": "reps",
        "forecasts": len(rows.reps),
        "people": len(np.unique(rows.people)),
        "methods": methods,
        "openspine_mean": of_mean,
        "interval_80_percent": interval,
        "noise_floor_mae": _floor(rows),
        "mae_by_sets_seen": _by_seen(found, rows),
        "goals": {
            name: {"goal": goal, "found": ours[name], "met": _met(ours[name], goal)}
            for name, goal in GOALS.items()
        },
    }


def calibration(found: Forecasts, rows: Cases) -> list[dict[str, float]]:
    """Return how often the interval covers, by the reps that were forecast (groups of at least 20 sets)."""
    inside = (found.interval.low <= rows.reps) & (rows.reps <= found.interval.high)
    point = found.points[OURS]
    return [
        {
            "reps": float(reps),
            "sets": int((point == reps).sum()),
            "coverage": float(inside[point == reps].mean()),
        }
        for reps in np.unique(point)
        if (point == reps).sum() >= CALIBRATION_LEAST
    ]


def _met(value: float, goal: Any) -> bool:
    if isinstance(goal, tuple):
        return bool(goal[0] <= value <= goal[1])
    return bool(value >= goal) if goal < 1.0 else bool(value <= goal)


def _known(rows: Cases) -> Known:
    return Known(rows.features, rows.types)


def _level(train: Cases, seed: int) -> float:
    """Calibrate the interval on training people that a second fit has not seen."""
    fitted, kept = split_people(train.people.tolist(), (1.0 - CALIBRATED_SHARE, CALIBRATED_SHARE), seed)
    part, rest = train.only(fitted), train.only(kept)
    return calibrated(fit(_known(part), part.reps, seed).chances(_known(rest)), rest.reps)


def _floor(rows: Cases) -> dict[str, float]:
    """Estimate the error that no method avoids: two sets at one load differ by the noise of both."""
    same = np.abs(rows.column("load_1")) < STEP_SAME
    change = np.abs(rows.reps - rows.column("reps_1"))[same]
    return {
        "sets_at_unchanged_load": int(same.sum()),
        "mae": round(float(change.mean() / np.sqrt(2.0)), 4) if same.any() else float("nan"),
    }


def _by_seen(found: Forecasts, rows: Cases) -> list[dict[str, Any]]:
    groups = np.digitize(rows.seen, SEEN_GROUPS) - 1
    table = []
    for place, lowest in enumerate(SEEN_GROUPS):
        own = groups == place
        if own.any():
            mae = {name: float(np.abs(point - rows.reps)[own].mean()) for name, point in found.points.items()}
            table.append(
                {
                    "sets_seen_from": lowest,
                    "forecasts": int(own.sum()),
                    **{k: round(v, 4) for k, v in mae.items()},
                }
            )
    return table
