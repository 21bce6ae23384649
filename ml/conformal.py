"""Conformal margins: how much wider a predicted band must be to hold its coverage for new people.

Conformalised quantile regression (Romano 2019, eq. 5-8) with the split taken by person, so that coverage is
promised for people who were not in the training, not for more sets of the same ones.
"""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ADAPTATION = 0.02  # gain of the adaptive level (Gibbs and Candes 2021; science 4)
ALPHA_BOUNDS = (0.01, 0.5)


def scores(low: Array, high: Array, truth: Array) -> Array:
    """Return how far the truth lies outside a band (negative inside)."""
    return np.maximum(low - truth, truth - high)


def margin(values: Array, alpha: float) -> float:
    """Return the margin that covers 1 - alpha of new cases: the ceil((n + 1)(1 - alpha))-th score."""
    rank = ceil((len(values) + 1) * (1.0 - alpha))
    if rank > len(values):
        return float(np.max(values))
    return float(np.sort(values)[rank - 1])


def adapt(alpha: float, aimed: float, *, missed: bool) -> float:
    """Move the level after one observation, so that coverage holds over time for one person."""
    low, high = ALPHA_BOUNDS
    return min(max(alpha + ADAPTATION * (aimed - (1.0 if missed else 0.0)), low), high)


def split_people(people: Sequence[Any], shares: Sequence[float], seed: int) -> list[NDArray[np.bool_]]:
    """Split rows into parts by person, the shares of people each; every person is in one part only."""
    names = np.unique(np.asarray(people))
    shuffled = np.random.default_rng(seed).permutation(names)
    ends = np.rint(np.cumsum(shares) * len(names)).astype(int)
    parts = np.split(shuffled, ends[:-1])
    return [np.isin(np.asarray(people), part) for part in parts]
