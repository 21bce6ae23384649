"""80 % intervals from chances: the level by conformal calibration over people, then adapted for each person.

A set's score is the level of the narrowest central interval that holds it; the calibrated level is the
conformal quantile of the scores of people who were not in the fit (split conformal; Vovk 2005, ch. 2).
Then each person's level follows the misses of earlier days (adaptive conformal: Gibbs and Candes 2021,
eq. 2), so that people who scatter more get wider intervals.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.forecast.distribution import median, quantile
from ml.forecast.stage import Chances
from ml.training.conformal import margin

Array = NDArray[np.float64]
MISS = 0.2  # an 80 % interval
STEP = 0.04  # by which a person's level follows a miss
LEVEL_LEAST, LEVEL_MOST = 0.4, 0.99


class Interval(NamedTuple):
    """Ends in whole reps, both inside ("6 to 9 reps"); `apart`: how far before they were made whole."""

    low: Array
    high: Array
    apart: Array


def needed(chances: Chances, reps: Array) -> Array:
    """Return the level of the narrowest central interval that holds the true reps of each row."""
    at = np.clip(np.rint(reps) - chances.steps[0], 0, len(chances.steps)).astype(int)
    above = np.column_stack([np.ones(len(reps)), chances.above, np.zeros(len(reps))])
    row = np.arange(len(reps))
    middle = 1.0 - 0.5 * (above[row, at] + above[row, at + 1])  # half of the own rep's mass lies below
    return np.asarray(np.abs(2.0 * middle - 1.0), dtype=np.float64)


def calibrated(chances: Chances, reps: Array) -> float:
    """Return the level that covers 1 - MISS of new people's sets."""
    return margin(needed(chances, reps), MISS)


def by_person(
    chances: Chances, truth: Array, people: NDArray[np.str_], days: Array, level: float
) -> Interval:
    """Return the intervals of every row; a person's level follows the misses of that person's earlier days.

    Rows of a person come in order; the truth of a day is used from the next day on.
    """
    scores, levels = needed(chances, truth), np.empty(len(truth))
    for person in np.unique(people):
        rows = np.flatnonzero(people == person)
        own = level
        for day in np.unique(days[rows]):
            today = rows[days[rows] == day]
            levels[today] = own
            missed = (scores[today] > own).sum() - MISS * len(today)
            own = float(np.clip(own + STEP * missed, LEVEL_LEAST, LEVEL_MOST))
    return whole(chances, levels)


def whole(chances: Chances, levels: Array) -> Interval:
    """Return the whole reps inside the central interval of each row's level: others cannot happen."""
    low, high = quantile(chances, (1.0 - levels) / 2.0), quantile(chances, (1.0 + levels) / 2.0)
    middle = median(chances)
    return Interval(np.minimum(np.ceil(low), middle), np.maximum(np.floor(high), middle), high - low)
