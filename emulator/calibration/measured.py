"""What a measurement of emulated people or machines found."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One figure, its spread (SD between those who were measured; 0 for a law without chance), and N."""

    value: float
    spread: float = 0.0
    count: int


def mean(values: ArrayLike) -> Measured:
    """Take the mean and the spread of what was found one by one."""
    found = np.asarray(values, dtype=np.float64)
    return Measured(value=float(found.mean()), spread=float(found.std(ddof=1)), count=len(found))


def median(values: ArrayLike) -> Measured:
    """Take the median and the spread of what was found one by one."""
    found = np.asarray(values, dtype=np.float64)
    return Measured(value=float(np.median(found)), spread=float(found.std(ddof=1)), count=len(found))


def spread(values: ArrayLike) -> Measured:
    """Take the spread itself as the figure; its own standard error is SD / sqrt(2 (N - 1))."""
    found = np.asarray(values, dtype=np.float64)
    deviation = float(found.std(ddof=1))
    return Measured(value=deviation, spread=deviation / np.sqrt(2 * (len(found) - 1)), count=len(found))


def share(hits: ArrayLike) -> Measured:
    """Take the share of those for whom something is true, and its binomial spread."""
    found = np.asarray(hits, dtype=np.float64)
    part = float(found.mean())
    return Measured(value=part, spread=float(np.sqrt(part * (1 - part))), count=len(found))


def law(value: float) -> Measured:
    """Take a figure that no chance moves."""
    return Measured(value=float(value), count=1)
