"""Reps in reserve of a finished set, as a band: the rule without an artifact and the trained model."""

from collections.abc import Sequence
from itertools import pairwise
from math import isnan
from typing import NamedTuple, Protocol

import numpy as np

from ml.effort.bands import RIR_KNOWN, Array, Bands, Flags, Margins
from ml.effort.features import FEATURES, SLOW_REP, SetFeatures, row
from ml.effort.trees import Forest, Trees

RULE_NAME = "rule-1"
BAND_SIGMAS = 1.2816  # half an 80 % band of the normal

# Share of the possible reps done at a loss of speed (between bench press and squat; science 2.2).
LOSS_SHARE: tuple[tuple[float, float], ...] = (
    (0.10, 0.34),
    (0.15, 0.43),
    (0.20, 0.51),
    (0.25, 0.58),
    (0.30, 0.65),
    (0.40, 0.79),
    (0.50, 0.90),
)
FAR_HIGH = 10.0  # reps; a high quantile beyond it knows no upper end (labels are cut at 12)
PACED_RIR = 3.0  # paced reps hide fatigue until about here (design page 5)
TELLING_LOSS = 0.20  # loss of speed beyond the noise of paced reps (8-10 % each, science 3.3)
TELLING_RANGE = 0.15  # of the span lost: the page's limit for lost range


class Reserves(NamedTuple):
    """Reps in reserve with an 80 % band; `at_least` says that only the lower end is known."""

    rir: float
    low: float
    high: float
    at_least: bool = False


class EffortModel(Protocol):
    """Tells the reps in reserve of finished sets; pure, one row a set."""

    @property
    def name(self) -> str:
        """The version that a decision is logged with."""
        ...

    def estimate(self, rows: Sequence[SetFeatures]) -> list[Reserves]:
        """Estimate every set of a batch together."""
        ...


class RuleEffort:
    """The fallback without an artifact: published speed loss, tempo and range, nothing learned."""

    name = RULE_NAME

    def estimate(self, rows: Sequence[SetFeatures]) -> list[Reserves]:
        """Estimate sets one by one; without a sign of fatigue only a lower bound is known."""
        return [_rule(found) for found in rows]


class QuantileEffort:
    """Gradient-boosted quantiles .1, .5, .9 of the reps in reserve inside conformal bands."""

    def __init__(self, name: str, models: Sequence[Trees], margins: Margins, known_until: float) -> None:
        self.name = name
        self._forest = Forest(models, len(FEATURES))
        self._bands = Bands(margins)
        self._known_until = known_until

    def estimate(self, rows: Sequence[SetFeatures]) -> list[Reserves]:
        """Estimate every set of a batch; far from failure only a bound is claimed."""
        if not rows:
            return []
        predicted = reps_of(self._forest.predict(np.array([row(found) for found in rows])))
        bounded = is_bounded(predicted, self._known_until)
        lower, upper = self._bands.around(predicted, bounded, np.array([found.level for found in rows]))
        columns = (predicted[1], lower, upper, bounded)
        return [Reserves(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]


def is_bounded(predicted: Array, known_until: float) -> Flags:
    """Tell of which sets only a bound is claimed: far from failure, or with no upper end that is known.

    `predicted`: low, median and high as rows. A paced set without a sign of fatigue only says that much was
    left: its high quantile reaches as far as anything is known.
    """
    return np.asarray((predicted[1] >= known_until) | (predicted[2] >= FAR_HIGH))


def label_of(rir: Array) -> Array:
    """Return what trees are fitted to: the logarithm of one and the reps in reserve, cut at what is known."""
    return np.asarray(np.log1p(np.minimum(rir, RIR_KNOWN)))


def reps_of(labels: Array) -> Array:
    """Return reps in reserve from labels."""
    return np.asarray(np.clip(np.expm1(labels), 0.0, RIR_KNOWN))


def _rule(found: SetFeatures) -> Reserves:
    loss = 0.0 if isnan(found.speed_ratio) else 1.0 - found.speed_ratio
    estimates = []
    if loss >= TELLING_LOSS:
        estimates.append(found.reps / _share(loss) - found.reps)
    if found.concentric_ratio >= SLOW_REP or found.range_loss >= TELLING_RANGE or found.partial_reps >= 2:
        estimates.append(1.0)
    if not estimates:
        return Reserves(2.0 * PACED_RIR, PACED_RIR, 5.0 * PACED_RIR, at_least=True)
    rir = min(estimates)
    spread = BAND_SIGMAS * (0.7 + 0.22 * rir + 0.6)
    return Reserves(rir, max(rir - spread, 0.0), rir + spread)


def _share(loss: float) -> float:
    """Interpolate the share of the possible reps that are done at a loss of speed."""
    points = LOSS_SHARE
    if loss <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if loss <= right:
            return low + (high - low) * (loss - left) / (right - left)
    return points[-1][1]
