"""Progress of one side on one machine: trend, plateau and drop of what is believed, each with its error."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Literal

from contract.machines import LOAD_STEP_G
from ml.progress.retest import DETECTABLE_SIGMAS, detectable_percent
from ml.request import SessionSummary

DAY_MS = 86_400_000
ATTENDANCE_LEAST = 0.8  # of two visits a week (page 8)
DAYS_A_VISIT = 3.5
TREND_LEAST = 4  # sessions below which no trend is told
DROP_LEAST = 4  # sessions before the newest one that make a past: the first ones are familiarisation
BAND_SIGMAS = 1.2816  # half of an 80 % band
MEASURED_SHARE = 1.5  # of the newest SD: a wider point is still mostly what was guessed of a stranger

DropVerdict = Literal["inside_error", "drop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEnough:
    """A figure that cannot be told yet: how much there is and how much it takes."""

    have: int
    need: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """A positive figure as believed after one session (capacity, endurance), with its 80 % band."""

    wall_ms: int
    value: float
    low: float
    high: float

    @property
    def log_sd(self) -> float:
        """Return the SD of the figure's logarithm."""
        return log(self.high / self.low) / (2.0 * BAND_SIGMAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Change a week with its 80 % interval, over the whole (%); clear: beyond its error."""

    weekly_percent: float
    low_percent: float
    high_percent: float
    total_percent: float
    is_clear: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Capacity now against the person's own best past: log difference (%) with its 80 % interval and MDC."""

    verdict: DropVerdict
    difference_percent: float
    low_percent: float
    high_percent: float
    detectable_percent: float
    since_ms: int  # when that best was


def measured(points: Sequence[Believed]) -> Sequence[Believed]:
    """Return the points since capacity is known about as well as now.

    The first test of strength corrects a guess by age, sex and mass: news of the person, no change in them.
    """
    known = (place for place, point in enumerate(points) if not _is_guess(point, points[-1]))
    return points[next(known, 0) :]


def trend(points: Sequence[Believed]) -> Trend | NotEnough:
    """Fit the logarithm over weeks by least squares, since it is measured."""
    known = measured(points)
    if len(known) < TREND_LEAST or known[-1].wall_ms == known[0].wall_ms:
        return NotEnough(have=len(known), need=TREND_LEAST)
    first, last = known[0], known[-1]
    weeks = [(point.wall_ms - first.wall_ms) / (7 * DAY_MS) for point in known]
    logs = [log(point.value) for point in known]
    middle_week, middle_log = sum(weeks) / len(weeks), sum(logs) / len(logs)
    square = sum((week - middle_week) ** 2 for week in weeks)
    product = sum((w - middle_week) * (v - middle_log) for w, v in zip(weeks, logs, strict=True))
    weekly, total = 100.0 * product / square, 100.0 * (logs[-1] - logs[0])
    sd = 100.0 * sqrt(first.log_sd**2 + last.log_sd**2)
    half = BAND_SIGMAS * sd / weeks[-1]
    return Trend(
        weekly_percent=weekly,
        low_percent=weekly - half,
        high_percent=weekly + half,
        total_percent=total,
        is_clear=abs(total) > DETECTABLE_SIGMAS * sd,
    )


def drop(points: Sequence[Believed]) -> Drop | NotEnough:
    """Set the newest capacity against the best of the past: the one with the highest lower end of its band.

    A drop is told only beyond the minimal detectable change, as a difference of two sides is.
    """
    known = measured(points)
    if len(known) <= DROP_LEAST:
        return NotEnough(have=len(known), need=DROP_LEAST + 1)
    now, best = known[-1], max(known[:-1], key=lambda point: point.low)
    signed = 100.0 * log(now.value / best.value)
    sd = 100.0 * sqrt(now.log_sd**2 + best.log_sd**2)
    detectable = detectable_percent(sd)
    return Drop(
        verdict="drop" if signed < -detectable else "inside_error",
        difference_percent=signed,
        low_percent=signed - BAND_SIGMAS * sd,
        high_percent=signed + BAND_SIGMAS * sd,
        detectable_percent=detectable,
        since_ms=best.wall_ms,
    )


def _is_guess(point: Believed, newest: Believed) -> bool:
    return point.log_sd > MEASURED_SHARE * newest.log_sd


def plateau(past: Sequence[SessionSummary], visits: int) -> bool | NotEnough:
    """Tell whether nothing moved in the last visits although they were attended (page 8)."""
    return NotEnough(have=len(past), need=visits) if len(past) < visits else is_plateau(past, visits)


def is_plateau(past: Sequence[SessionSummary], visits: int) -> bool:
    """Tell whether a plateau is certain: too few visits are none."""
    if len(past) < visits:
        return False
    recent = past[-visits:]
    days = (recent[-1].wall_ms - recent[0].wall_ms) / DAY_MS
    attended = (visits - 1) * DAYS_A_VISIT / days if days > 0.0 else 0.0
    loads = [session.load_g for session in recent]
    doses = {(session.start_cdeg, session.end_cdeg, session.reps) for session in recent}
    is_flat = max(loads) - min(loads) <= LOAD_STEP_G and len(doses) == 1
    return is_flat and attended >= ATTENDANCE_LEAST and all(s.raised is None for s in recent)
