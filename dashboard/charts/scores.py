"""Scores of a questionnaire over time, with the line below which a change counts."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import altair as alt

from dashboard.api.papers import Scored
from dashboard.charts.palette import BAND_OPACITY, CALM, QUIET
from dashboard.charts.timeline import day_format, wall_time
from dashboard.format import Formatter

SPARE = timedelta(days=7)  # on both sides, so that a single answer has an axis
HEIGHT_PX = 150


def score_chart(
    scores: Sequence[Scored], needed: float | None, most: float, show: Formatter
) -> alt.LayerChart:
    """Draw scores (less is better); the grey band is what may be error around the first answer."""
    first, last = min(one.at for one in scores) - SPARE, max(one.at for one in scores) + SPARE
    span = [alt.DateTime(year=at.year, month=at.month, date=at.day) for at in (first, last)]
    days = alt.X(
        "at:T",
        title=None,
        scale=alt.Scale(domain=span),
        axis=alt.Axis(format=day_format(show), labelOverlap=True),
    )
    height = alt.Y(
        "score:Q", title=show.say("Score"), scale=alt.Scale(domain=[0, most]), axis=alt.Axis(tickCount=4)
    )
    rows = [score_row(one, show) for one in scores]
    tooltip = [alt.Tooltip("day:N", title=show.say("Day")), alt.Tooltip("score:Q", title=show.say("Score"))]
    line = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(color=CALM, point=alt.OverlayMarkDef(filled=True, size=60, color=CALM))
        .encode(x=days, y=height, tooltip=tooltip)
    )
    layers: list[Any] = [line]
    if needed is not None:
        layers.insert(0, _error_band(scores, needed, most, height))
    return alt.LayerChart(layer=layers, height=HEIGHT_PX)


def score_row(one: Scored, show: Formatter) -> dict[str, Any]:
    """Write one answer for the chart."""
    return {"at": wall_time(one.at, show), "day": show.day(one.at), "score": one.score}


def band(scores: Sequence[Scored], needed: float, most: float) -> tuple[float, float]:
    """Find the scores that are not told from the first one."""
    first = min(scores, key=lambda one: one.at).score
    return max(first - needed, 0.0), min(first + needed, most)


def _error_band(scores: Sequence[Scored], needed: float, most: float, height: alt.Y) -> alt.Chart:
    low, high = band(scores, needed, most)
    rows = alt.InlineData(values=[{"score": low, "high": high}])
    chart: alt.Chart = (
        alt.Chart(rows).mark_rect(color=QUIET, opacity=BAND_OPACITY).encode(y=height, y2="high:Q")
    )
    return chart
