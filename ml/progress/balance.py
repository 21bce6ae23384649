"""Balance of two sides or two kinds of machine, with its error: inside it a difference is no finding.

Internally the log ratio 100 ln(right / left): signed, symmetric, additive (science 2.5). Symmetry is not
chased: strength asymmetry is not related to the side of pain (JOSPT 1994;19:42). Figures of two devices or
two modes are not comparable: a ratio of such is no value but a reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final, Literal, NamedTuple

from contract.messages import Side
from ml.progress.retest import detectable_percent
from ml.progress.trend import BAND_SIGMAS, DAY_MS, NotEnough

Verdict = Literal["inside_error", "watch", "confirmed"]
RatioVerdict = Literal["inside_own_range", "outside_own_range"]

FLAG_PERCENT = 15.0  # below it no difference is flagged (design page 1)
# Sessions a side below which nothing is said: the first ones are familiarisation (science 2.6).
SESSIONS_LEAST = 3
PAST_LEAST = 3  # earlier ratios that make a person's own range
OTHER_DAY_MS = DAY_MS // 2  # closer together two tests are one: the day's form is in both


class Key(NamedTuple):
    """What a figure was measured with: only figures of one key may be set against each other."""

    device: str = "openspine"
    mode: str = "belief"  # of training sets; else the mode of a test


OWN: Final = Key()  # what our own machines have learned from training


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """Capacity of one side or kind with its 80 % band (kg), the sessions behind it, and its key."""

    capacity_kg: float
    low_kg: float
    high_kg: float
    sessions: int
    key: Key = OWN

    @property
    def log_sd(self) -> float:
        """Return the SD of log capacity."""
        return log(self.high_kg / self.low_kg) / (2.0 * BAND_SIGMAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A difference (%, signed) at an earlier time."""

    wall_ms: int
    difference_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRatio:
    """An earlier ratio and the key that it was measured with."""

    value: float
    key: Key = OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomparable:
    """Two figures that must not be set against each other, and why."""

    reason: Literal["device", "mode"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Right against left: signed difference with its 80 % error bar (%), positive means right is stronger."""

    verdict: Verdict
    difference_percent: float
    low_percent: float
    high_percent: float
    detectable_percent: float
    lsi_percent: float
    weak_side: Side | None  # only where the difference is outside its error


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Two kinds against each other, beside the person's own past (no norm holds across devices)."""

    verdict: RatioVerdict
    value: float
    low: float
    high: float


def difference(
    left: Strength, right: Strength, earlier: Sequence[Earlier] = (), now_ms: int | None = None
) -> Difference | NotEnough | Incomparable:
    """Compare two sides; `earlier` are past differences, newest last, `now_ms` when this one was tested.

    A flag takes two tests in a row on the same side: the next planned one, or a retest within seven days.
    Two tests of one day are one.
    """
    if left.key != right.key:
        return _incomparable(left.key, right.key)
    sessions = min(left.sessions, right.sessions)
    if sessions < SESSIONS_LEAST:
        return NotEnough(have=sessions, need=SESSIONS_LEAST)
    signed = log_ratio_percent(left.capacity_kg, right.capacity_kg)
    sd = 100.0 * sqrt(left.log_sd**2 + right.log_sd**2)
    detectable = detectable_percent(sd)
    verdict = _verdict(signed, detectable, _other_days(earlier, now_ms))
    weak: Side = "left" if signed > 0.0 else "right"
    return Difference(
        verdict=verdict,
        difference_percent=signed,
        low_percent=signed - BAND_SIGMAS * sd,
        high_percent=signed + BAND_SIGMAS * sd,
        detectable_percent=detectable,
        lsi_percent=limb_symmetry_percent(left.capacity_kg, right.capacity_kg),
        weak_side=None if verdict == "inside_error" else weak,
    )


def ratio(
    upper: Strength, lower: Strength, earlier: Sequence[PastRatio] = ()
) -> Ratio | NotEnough | Incomparable:
    """Set one kind against another (flexion / extension); of `earlier` only those of the same key count."""
    if upper.key != lower.key:
        return _incomparable(upper.key, lower.key)
    sessions = min(upper.sessions, lower.sessions)
    if sessions < SESSIONS_LEAST:
        return NotEnough(have=sessions, need=SESSIONS_LEAST)
    past = [one.value for one in earlier if one.key == upper.key]
    if len(past) < PAST_LEAST:
        return NotEnough(have=len(past), need=PAST_LEAST)
    value = upper.capacity_kg / lower.capacity_kg
    spread = exp(BAND_SIGMAS * sqrt(upper.log_sd**2 + lower.log_sd**2))
    is_inside = min(past) / spread <= value <= max(past) * spread
    verdict: RatioVerdict = "inside_own_range" if is_inside else "outside_own_range"
    return Ratio(verdict=verdict, value=value, low=value / spread, high=value * spread)


def log_ratio_percent(left_kg: float, right_kg: float) -> float:
    """Return 100 ln(right / left)."""
    return 100.0 * log(right_kg / left_kg)


def limb_symmetry_percent(left_kg: float, right_kg: float) -> float:
    """Return the limb symmetry index: weaker / stronger x 100."""
    return 100.0 * min(left_kg, right_kg) / max(left_kg, right_kg)


def _incomparable(one: Key, other: Key) -> Incomparable:
    return Incomparable(reason="device" if one.device != other.device else "mode")


def _other_days(earlier: Sequence[Earlier], now_ms: int | None) -> list[float]:
    """Leave out what was tested on the day of the newest test."""
    return [
        test.difference_percent for test in earlier if now_ms is None or now_ms - test.wall_ms >= OTHER_DAY_MS
    ]


def _verdict(signed: float, detectable: float, earlier: Sequence[float]) -> Verdict:
    threshold = max(FLAG_PERCENT, detectable)
    if abs(signed) <= threshold:
        return "inside_error"
    same_before = bool(earlier) and abs(earlier[-1]) > threshold and earlier[-1] * signed > 0.0
    return "confirmed" if same_before else "watch"
