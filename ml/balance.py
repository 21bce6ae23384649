"""Balance of two sides or two kinds of machine, with its error: inside it a difference is no finding.

Internally the log ratio 100 ln(right / left): signed, symmetric, additive (science 2.5). Symmetry is not
chased: strength asymmetry is not related to the side of pain (JOSPT 1994;19:42).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Literal

from contract.messages import Side
from ml.progress import NotEnough

Verdict = Literal["inside_error", "watch", "confirmed"]
RatioVerdict = Literal["inside_own_range", "outside_own_range"]

FLAG_PERCENT = 15.0  # below it no difference is flagged (design page 1)
RETEST_PERCENT = 7.5  # SD of machine strength between days (machine_force_test_retest, science 2.1)
DETECTABLE_SIGMAS = 1.96  # 95 %: minimal detectable change = 1.96 x SD of the difference
BAND_SIGMAS = 1.2816  # half of an 80 % band
SESSIONS_LEAST = (
    3  # sessions a side below which nothing is said: the first ones are familiarisation (science 2.6)
)
PAST_LEAST = 3  # earlier ratios that make a person's own range


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """Believed capacity of one side or kind with its 80 % band (kg), and the sessions behind it."""

    capacity_kg: float
    low_kg: float
    high_kg: float
    sessions: int

    @property
    def log_sd(self) -> float:
        """Return the SD of log capacity."""
        return log(self.high_kg / self.low_kg) / (2.0 * BAND_SIGMAS)


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


def difference(left: Strength, right: Strength, earlier: Sequence[float] = ()) -> Difference | NotEnough:
    """Compare two sides; `earlier` are past differences (%), newest last: a flag needs two in a row."""
    sessions = min(left.sessions, right.sessions)
    if sessions < SESSIONS_LEAST:
        return NotEnough(have=sessions, need=SESSIONS_LEAST)
    signed = log_ratio_percent(left.capacity_kg, right.capacity_kg)
    sd = 100.0 * sqrt(left.log_sd**2 + right.log_sd**2)
    detectable = detectable_percent(sd)
    verdict = _verdict(signed, detectable, earlier)
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


def ratio(upper: Strength, lower: Strength, earlier: Sequence[float] = ()) -> Ratio | NotEnough:
    """Set one kind against another (flexion / extension); `earlier` are the person's own past values."""
    sessions = min(upper.sessions, lower.sessions)
    if sessions < SESSIONS_LEAST:
        return NotEnough(have=sessions, need=SESSIONS_LEAST)
    if len(earlier) < PAST_LEAST:
        return NotEnough(have=len(earlier), need=PAST_LEAST)
    value = upper.capacity_kg / lower.capacity_kg
    spread = exp(BAND_SIGMAS * sqrt(upper.log_sd**2 + lower.log_sd**2))
    is_inside = min(earlier) / spread <= value <= max(earlier) * spread
    verdict: RatioVerdict = "inside_own_range" if is_inside else "outside_own_range"
    return Ratio(verdict=verdict, value=value, low=value / spread, high=value * spread)


def log_ratio_percent(left_kg: float, right_kg: float) -> float:
    """Return 100 ln(right / left)."""
    return 100.0 * log(right_kg / left_kg)


def limb_symmetry_percent(left_kg: float, right_kg: float) -> float:
    """Return the limb symmetry index: weaker / stronger x 100."""
    return 100.0 * min(left_kg, right_kg) / max(left_kg, right_kg)


def detectable_percent(sd_percent: float) -> float:
    """Return the minimal detectable difference: of the estimate, never below that of a repeated test."""
    retest = sqrt(2.0) * RETEST_PERCENT
    return DETECTABLE_SIGMAS * max(sd_percent, retest)


def _verdict(signed: float, detectable: float, earlier: Sequence[float]) -> Verdict:
    threshold = max(FLAG_PERCENT, detectable)
    if abs(signed) <= threshold:
        return "inside_error"
    same_before = bool(earlier) and abs(earlier[-1]) > threshold and earlier[-1] * signed > 0.0
    return "confirmed" if same_before else "watch"
