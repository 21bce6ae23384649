"""How good forecasts are: error, spread, coverage, each with a bootstrap over people where asked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
DRAWS = 1000
BAND_PERCENT = (2.5, 97.5)
DIGITS = 4
AFTER_SETS = 6  # "after six sets": six were seen before


def errors(forecast: Array, truth: Array, seen: NDArray[np.int64]) -> dict[str, float]:
    """Return MAE, RMSE, R2, and the MAE where at least six sets were seen before."""
    missed = forecast - truth
    late = seen >= AFTER_SETS
    found = {
        "mae": np.abs(missed).mean(),
        "rmse": np.sqrt((missed**2).mean()),
        "r2": 1.0 - (missed**2).sum() / ((truth - truth.mean()) ** 2).sum(),
        "mae_after_six": np.abs(missed[late]).mean() if late.any() else np.nan,
    }
    return {name: round(float(value), DIGITS) for name, value in found.items()}


def coverage(low: Array, high: Array, truth: Array, people: NDArray[Any]) -> dict[str, float]:
    """Return coverage, mean width, and the coverage of the person at the worst tenth of people."""
    inside = (low <= truth) & (truth <= high)
    by_person = [inside[people == person].mean() for person in np.unique(people)]
    found = {
        "coverage": inside.mean(),
        "width": (high - low).mean(),
        "worst_decile_person": np.quantile(by_person, 0.1),
    }
    return {name: round(float(value), DIGITS) for name, value in found.items()}


def bootstrap(values: Array, people: NDArray[Any], seed: int) -> tuple[float, float]:
    """Return the 95 % interval of a mean when people, not rows, are drawn anew."""
    names, places = np.unique(people, return_inverse=True)
    sums, counts = np.bincount(places, values), np.bincount(places)
    drawn = np.random.default_rng(seed).integers(0, len(names), (DRAWS, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.percentile(means, BAND_PERCENT)
    return round(float(low), DIGITS), round(float(high), DIGITS)
