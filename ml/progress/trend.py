"""Progress of one side on one machine: trend, plateau and drop of capacity, each with its error."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Literal

from contract.machines import LOAD_STEP_G
from ml.progress.retest import detectable_percent
from ml.request import SessionSummary

DAY_MS = 86_400_000
ATTENDANCE_LEAST = 0.8  # of two visits a week (page 8)
DAYS_A_VISIT = 3.5
TREND_LEAST = 4  # sessions below which no trend is told
DROP_LEAST = 4  # sessions before the newest one that make a past: the first ones are familiarisation
BAND_SIGMAS = 1.2816  # half of an 80 % band

DropVerdict = Literal["inside_error", "drop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEnough:
    """A figure that cannot be told yet: how much there is and how much it takes."""

    have: int
    need: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityPoint:
    """Believed capacity after one session, with its 80 % band (kg)."""

    wall_ms: int
    capacity_kg: float
    low_kg: float
    high_kg: float

    @property
    def log_sd(self) -> float:
        """Return the SD of log capacity."""
        return log(self.high_kg / self.low_kg) / (2.0 * BAND_SIGMAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Change of capacity a week (%), over the whole (%), and whether its band excludes zero."""

    weekly_percent: float
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


def trend(points: Sequence[CapacityPoint]) -> Trend | NotEnough:
    """Fit log capacity over weeks by least squares."""
    if len(points) < TREND_LEAST or points[-1].wall_ms == points[0].wall_ms:
        return NotEnough(have=len(points), need=TREND_LEAST)
    weeks = [(point.wall_ms - points[0].wall_ms) / (7 * DAY_MS) for point in points]
    logs = [log(point.capacity_kg) for point in points]
    middle_week, middle_log = sum(weeks) / len(weeks), sum(logs) / len(logs)
    square = sum((week - middle_week) ** 2 for week in weeks)
    product = sum((w - middle_week) * (v - middle_log) for w, v in zip(weeks, logs, strict=True))
    total = logs[-1] - logs[0]
    band = max(log(points[-1].high_kg / points[-1].low_kg), log(points[0].high_kg / points[0].low_kg)) / 2.0
    return Trend(
        weekly_percent=100.0 * product / square,
        total_percent=100.0 * total,
        is_clear=abs(total) > band,
    )


def drop(points: Sequence[CapacityPoint]) -> Drop | NotEnough:
    """Set the newest capacity against the best of the past: the one with the highest lower end of its band.

    A drop is told only beyond the minimal detectable change, as a difference of two sides is.
    """
    if len(points) <= DROP_LEAST:
        return NotEnough(have=len(points), need=DROP_LEAST + 1)
    now, best = points[-1], max(points[:-1], key=lambda point: point.low_kg)
    signed = 100.0 * log(now.capacity_kg / best.capacity_kg)
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
