"""Forecasting the seconds to failure on one machine from the person's other machines of the same record.

The table has one set a machine and no loads, so the belief has nothing to filter: what is judged is the
forecast's fitted stage, with seconds in steps instead of reps.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.forecast import CALIBRATED_SHARE, OURS, Forecasts
from ml.evaluation.intervals import Interval, calibrated
from ml.evaluation.scores import bootstrap, coverage, errors
from ml.evaluation.time_table import Times
from ml.forecast.distribution import mean, quantile
from ml.forecast.stage import Chances, Known, fit
from ml.training.conformal import split_people

Array = NDArray[np.float64]
STEP_S = 4.0  # seconds of one step of the distribution: a rep lasts 4-6 s
CLINIC_SETS = 20.0  # a clinic's mean counts as much as the overall mean at so many sets
RIDGE_ALPHA = 10.0


class Fold(NamedTuple):
    """One piece of work: learn from `train`, forecast `test`, whose rows stand at `places` of the whole."""

    train: Times
    test: Times
    places: NDArray[np.int64]
    seed: int


def folds(rows: Times, count: int, seed: int) -> list[Fold]:
    """Split by person."""
    tests = split_people(rows.people.tolist(), [1.0 / count] * count, seed)
    return [Fold(rows.only(~test), rows.only(test), np.flatnonzero(test), seed) for test in tests]


def between(train: Times, test: Times, seed: int) -> list[Fold]:
    """Train on one table and forecast another."""
    return [Fold(train, test, np.arange(len(test.seconds)), seed)]


def run(fold: Fold) -> Forecasts:
    """Fit on the training people and forecast the test people, every method on the same rows."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy

    train, test, places, seed = fold
    with threadpool_limits(limits=1):
        learned, asked = _rows(train, train), _rows(train, test)
        steps = train.seconds / STEP_S
        chances = fit(Known(learned, train.machines), steps, seed).chances(Known(asked, test.machines))
        level = _level(train, seed)
        points = {
            "overall_median": np.full(len(places), float(np.median(train.seconds))),
            "machine_median": asked[:, 0],
            "mean_of_others": np.where(np.isnan(asked[:, 1]), asked[:, 0], asked[:, 1]),
            "ridge": _ridge(learned, train.seconds, asked),
            "hist_gradient_boosting": _boosting(learned, train.seconds, asked, seed),
            OURS: _at(chances, 0.5),
        }
    low, high = _at(chances, (1.0 - level) / 2.0), _at(chances, (1.0 + level) / 2.0)
    return Forecasts(places, points, mean(chances) * STEP_S, Interval(low, high, high - low))


def figures(found: Forecasts, rows: Times, seed: int) -> dict[str, Any]:
    """Return the figures of every method and of the interval (seconds)."""
    seen = np.zeros(len(rows.seconds), dtype=np.int64)
    methods: dict[str, Any] = {}
    for name, point in found.points.items():
        scored = errors(point, rows.seconds, seen)
        del scored["mae_after_six"]  # nobody has a past here
        band = bootstrap(np.abs(point - rows.seconds), rows.people, seed)
        methods[name] = {**scored, "mae_95_percent": band}
    return {
        "unit": "s",
        "forecasts": len(rows.seconds),
        "people": len(np.unique(rows.people)),
        "methods": methods,
        "interval_80_percent": coverage(*found.interval[:2], rows.seconds, rows.people),
    }


def _rows(train: Times, asked: Times) -> Array:
    """Return the machine's median, figures of the person's other machines, and the clinic's mean."""
    medians = {
        name: float(np.median(train.seconds[train.machines == name])) for name in np.unique(train.machines)
    }
    overall = float(np.median(train.seconds))
    usual = np.array([medians.get(name, overall) for name in asked.machines])
    others = np.array([_others(asked, usual, row) for row in range(len(asked.seconds))])
    clinics = np.array([_clinic(train, asked, row, overall) for row in range(len(asked.seconds))])
    return np.column_stack([usual, others, clinics])


def _others(rows: Times, usual: Array, row: int) -> list[float]:
    own = rows.people == rows.people[row]
    own[row] = False
    seconds = rows.seconds[own]
    if not len(seconds):
        return [np.nan] * 6 + [0.0]
    above = float((seconds - usual[own]).mean())
    spread = float(seconds.std()) if len(seconds) > 1 else np.nan
    return [
        seconds.mean(),
        float(np.median(seconds)),
        above,
        spread,
        seconds.min(),
        seconds.max(),
        len(seconds),
    ]


def _clinic(train: Times, asked: Times, row: int, overall: float) -> float:
    """Return the mean of the clinic's other people, drawn to the median of all."""
    same = (train.clinics == asked.clinics[row]) & (train.people != asked.people[row])
    return float((train.seconds[same].sum() + CLINIC_SETS * overall) / (same.sum() + CLINIC_SETS))


def _level(train: Times, seed: int) -> float:
    fitted, kept = split_people(train.people.tolist(), (1.0 - CALIBRATED_SHARE, CALIBRATED_SHARE), seed)
    part, rest = train.only(fitted), train.only(kept)
    stage = fit(Known(_rows(part, part), part.machines), part.seconds / STEP_S, seed)
    return calibrated(stage.chances(Known(_rows(part, rest), rest.machines)), rest.seconds / STEP_S)


def _at(chances: Chances, share: float) -> Array:
    return quantile(chances, np.full(len(chances.above), share)) * STEP_S


def _ridge(learned: Array, seconds: Array, asked: Array) -> Array:
    from sklearn.impute import SimpleImputer  # noqa: PLC0415 - cold import costs 3.5 s
    from sklearn.linear_model import Ridge  # noqa: PLC0415 - as above
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - as above
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415 - as above

    model = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler(), Ridge(RIDGE_ALPHA))
    return np.asarray(model.fit(learned, seconds).predict(asked), dtype=np.float64)


def _boosting(learned: Array, seconds: Array, asked: Array, seed: int) -> Array:
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 - cold import costs 3.5 s

    model = HistGradientBoostingRegressor(
        loss="absolute_error", learning_rate=0.05, max_iter=150, max_leaf_nodes=12, random_state=seed
    )
    known = ~np.isnan(learned).all(axis=0)
    return np.asarray(model.fit(learned[:, known], seconds).predict(asked[:, known]), dtype=np.float64)
