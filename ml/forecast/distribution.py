"""Reps as a distribution: its median, mean and any quantile, from the chances of more than k reps."""

from typing import cast

import numpy as np
from numpy.typing import NDArray

from ml.forecast.stage import Chances

Array = NDArray[np.float64]
HALF = 0.5


def median(chances: Chances) -> Array:
    """Return the whole number of reps that is passed in half of the cases: no other has less mean error."""
    return np.asarray(chances.steps[0] + (chances.above > HALF).sum(axis=1), dtype=np.float64)


def mean(chances: Chances) -> Array:
    """Return the expected reps: no other point has less mean squared error."""
    return cast("Array", chances.steps[0] + chances.above.sum(axis=1))


def quantile(chances: Chances, shares: Array) -> Array:
    """Return one quantile a row (`shares`: one a row), each whole rep spread evenly over [k - .5, k + .5].

    Below the lowest and above the highest k the mass is spread over one rep.
    """
    edges = np.concatenate([[chances.steps[0] - 1.0], chances.steps, [chances.steps[-1] + 1.0]]) + HALF
    rows = len(chances.above)
    below = np.column_stack([np.zeros(rows), 1.0 - chances.above, np.ones(rows)])
    place = np.clip((below <= shares[:, None]).sum(axis=1) - 1, 0, len(edges) - 2)
    row = np.arange(rows)
    left, right = below[row, place], below[row, place + 1]
    part = np.where(right > left, (shares - left) / np.maximum(right - left, 1e-12), 0.0)
    return cast("Array", edges[place] + np.clip(part, 0.0, 1.0) * (edges[place + 1] - edges[place]))
