"""Where capacity and endurance of one side go, as believed: trend and drop, told only beyond their error."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ml.progress.trend import Believed, NotEnough, drop, trend
from services.insights.units import at, rounded
from services.store.reading.keyset import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Change of a believed figure (%), per week with its 80 % interval and over the whole."""

    verdict: str
    pct_per_week: float | None = None
    low: float | None = None
    high: float | None = None
    total_pct: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Capacity now against the best of the person's own past (%), grey inside the detectable change."""

    verdict: str
    difference_pct: float | None = None
    low_pct: float | None = None
    high_pct: float | None = None
    mdc_pct: float | None = None
    since: datetime | None = None


def capacity_trend(summaries: Sequence[Record]) -> Trend:
    """Tell whether the believed capacity of one side rises, beyond its own uncertainty."""
    return trend_of(_capacities(summaries))


def trend_of(points: Sequence[Believed]) -> Trend:
    """Tell whether a believed figure rises, beyond its own uncertainty."""
    found = trend(points)
    if isinstance(found, NotEnough):
        return Trend(verdict="not_enough_data")
    direction = "rising" if found.weekly_percent > 0 else "falling"
    return Trend(
        verdict=direction if found.is_clear else "steady",
        pct_per_week=rounded(found.weekly_percent, 2),
        low=rounded(found.low_percent, 2),
        high=rounded(found.high_percent, 2),
        total_pct=rounded(found.total_percent),
    )


def capacity_drop(summaries: Sequence[Record]) -> Drop:
    """Tell whether the believed capacity of one side fell below its own past, beyond the error."""
    found = drop(_capacities(summaries))
    if isinstance(found, NotEnough):
        return Drop(verdict="not_enough_data")
    return Drop(
        verdict=found.verdict,
        difference_pct=rounded(found.difference_percent),
        low_pct=rounded(found.low_percent),
        high_pct=rounded(found.high_percent),
        mdc_pct=rounded(found.detectable_percent),
        since=at(found.since_ms),
    )


def _capacities(summaries: Sequence[Record]) -> list[Believed]:
    return [
        Believed(
            wall_ms=row.wall_ms,
            value=row.capacity_kg,
            low=row.capacity_low_kg,
            high=row.capacity_high_kg,
        )
        for row in summaries
        if row.capacity_kg and row.capacity_low_kg and row.capacity_high_kg
    ]
