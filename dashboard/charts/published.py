"""The gain of a person over twelve weeks beside what was published; nothing where nothing was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import altair as alt

from dashboard.api.progress import Point
from dashboard.charts.palette import BAND_OPACITY, CALM, QUIET
from dashboard.format import Formatter, signed

SETTLED_AFTER = 3  # visits of calibration: before, the estimate moves because it learns
WEEKS = 12
FULL_PCT = 100
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A published gain after some weeks (%), from one end of the groups or one SD to the other."""

    week: float
    low_pct: float
    high_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where ranges come from and what they are of, as a screen sentence."""

    words: str
    ranges: tuple[Range, ...]


PUBLISHED: dict[str, Source] = {
    "lumbar_extension": Source(  # Graves 1990: 26.6 % every second week, 37.2-41.4 % weekly and more, n = 114
        words=(
            "Graves 1990, lumbar extension, 114 healthy people: training load after 12 weeks, from training "
            "every second week to three times a week."
        ),
        ranges=(Range(week=12, low_pct=26.6, high_pct=41.4),),
    ),
    "leg_press": Source(  # mean and SD of the largest load: 32 (25), 46 (27), 57 (34), 61 (30) %
        words=(
            "Open data (CC0), one-legged leg press, 39 people who had not trained: largest load, mean with "
            "one standard deviation."
        ),
        ranges=(
            Range(week=2, low_pct=7, high_pct=57),
            Range(week=5, low_pct=19, high_pct=73),
            Range(week=9, low_pct=23, high_pct=91),
            Range(week=12, low_pct=31, high_pct=91),
        ),
    ),
}


def gains(points: Sequence[Point]) -> list[dict[str, float]]:
    """Work out the change of capacity (%) with its band, by week, from when the estimate has settled."""
    known = [
        (point.at, point.capacity_kg, point.capacity_low_kg, point.capacity_high_kg)
        for point in points
        if point.capacity_kg and point.capacity_low_kg and point.capacity_high_kg
    ][SETTLED_AFTER:]
    if not known:
        return []
    begun, base_kg = known[0][0], known[0][1]
    return [
        {
            "week": (at - begun) / WEEK,
            "gain": _pct(mean, base_kg),
            "low": _pct(low, base_kg),
            "high": _pct(high, base_kg),
        }
        for at, mean, low, high in known
        if (at - begun) / WEEK <= WEEKS + 1
    ]


def gain_chart(points: Sequence[Point], source: Source, show: Formatter) -> alt.LayerChart | None:
    """Draw the gain with its band and the published ranges as grey bars; None while too little is known."""
    rows: list[dict[str, Any]] = [row | {"words": f"{signed(row['gain'])} %"} for row in gains(points)]
    if len(rows) < 2:
        return None
    title = show.say("Change of capacity in %")
    weeks = alt.X(
        "week:Q",
        title=show.say("Weeks since the estimate has settled (4th visit)"),
        scale=alt.Scale(domain=[0, WEEKS + 1], nice=False),
        axis=alt.Axis(values=list(range(0, WEEKS + 1, 2)), grid=False),
    )
    published = [
        {
            "week": one.week,
            "low": one.low_pct,
            "high": one.high_pct,
            "words": show.say("{low} to {high} %", low=signed(one.low_pct), high=signed(one.high_pct)),
        }
        for one in source.ranges
    ]
    dots = alt.OverlayMarkDef(filled=True, size=30, color=CALM)
    own = alt.Chart(alt.InlineData(values=rows))
    bars = alt.Chart(alt.InlineData(values=published)).mark_rule(
        color=QUIET, strokeWidth=14, opacity=0.55, strokeCap="butt"
    )
    return alt.LayerChart(
        layer=[
            bars.encode(
                x=weeks,
                y=alt.Y("low:Q", title=title),
                y2="high:Q",
                tooltip=[alt.Tooltip("words:N", title=show.say("Published"))],
            ),
            own.mark_area(color=CALM, opacity=BAND_OPACITY).encode(
                x=weeks, y=alt.Y("low:Q", title=title), y2="high:Q"
            ),
            own.mark_line(color=CALM, strokeWidth=2, point=dots).encode(
                x=weeks,
                y=alt.Y("gain:Q", title=title),
                tooltip=[alt.Tooltip("words:N", title=show.say("This person"))],
            ),
        ],
        height=240,
    )


def _pct(value: float, base: float) -> float:
    return FULL_PCT * (value / base - 1)
