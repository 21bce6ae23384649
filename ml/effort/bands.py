"""The band around a prediction: margins by where it lies, and by the level that a person needs."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
LEVELS: Final = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40)  # chances of a miss that margins are stored for
RIR_KNOWN = 12.0  # reps in reserve: beyond it nothing in a set tells them apart, truth and bands end here
NOTHING_LEFT = 0.5  # reps: less than half a rep is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Margins (reps, one a level) of predictions whose median is below `until_rir`."""

    until_rir: float
    below: tuple[float, ...]
    above: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """All margins of a model: those of its bands, and those of the sets of which only a bound is claimed."""

    bands: tuple[Band, ...]
    bound: tuple[float, ...]


class Bands:
    """Margins applied to many predictions at once."""

    def __init__(self, margins: Margins) -> None:
        groups = (*margins.bands, Band(until_rir=0.0, below=margins.bound, above=(RIR_KNOWN,) * len(LEVELS)))
        self._until = np.array([band.until_rir for band in margins.bands[:-1]])
        self._below = np.array([band.below for band in groups])
        self._above = np.array([band.above for band in groups])

    def around(self, predicted: Array, bounded: Flags, levels: Array) -> tuple[Array, Array]:
        """Return both ends for predictions (low, median, high as rows) at everyone's own level.

        `bounded` rows have no upper end but what is known at most. Between two stored levels the margin is
        interpolated.
        """
        low, middle, high = predicted
        group = np.where(bounded, -1, np.searchsorted(self._until, middle, side="right"))
        place = np.interp(levels, LEVELS, np.arange(len(LEVELS)))
        first = np.minimum(place.astype(np.int64), len(LEVELS) - 2)
        share = place - first
        below = self._below[group, first] * (1.0 - share) + self._below[group, first + 1] * share
        above = self._above[group, first] * (1.0 - share) + self._above[group, first + 1] * share
        return ends(low - below, middle, high + above)


def ends(lower: Array, middle: Array, upper: Array) -> tuple[Array, Array]:
    """Return the ends of bands: around the median, between nothing and what can be known."""
    lower = np.clip(np.minimum(lower, middle), 0.0, RIR_KNOWN)
    lower = np.where(lower < NOTHING_LEFT, 0.0, lower)
    return lower, np.clip(np.maximum(upper, middle), lower, RIR_KNOWN)
