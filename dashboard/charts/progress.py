"""Progress charts: capacity with its band and load, amplitude, pain, one under the other on one time axis."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import altair as alt

from dashboard.api.progress import Pain, Point, Series
from dashboard.charts.palette import BAND_OPACITY, CALM, FIRM, QUIET, RANGE, WATCH
from dashboard.format import Formatter

Span = tuple[datetime, datetime]
AXIS_PX = 52  # room for the figures at the left; equal in all three, so that the days stand in line
SHORTEST = timedelta(days=14)  # one visit still gets an axis with days on it
PAIN_QUESTIONS = ("pain_before", "pain_set", "pain_after", "pain_next_morning")


def time_span(series: Series, pain: Sequence[Pain]) -> Span | None:
    """Find the first and last day that anything on the page has; None without any."""
    moments = [point.at for point in series.points] + [answer.at for answer in pain]
    if not moments:
        return None
    first, last = min(moments), max(moments)
    spare = max(SHORTEST - (last - first), timedelta(days=2)) / 2
    return first - spare, last + spare


def capacity_chart(series: Series, span: Span, show: Formatter) -> alt.LayerChart:
    """Draw capacity in its 80 % band and the load really trained with, in the viewer's unit."""
    days = _days(span, show)
    title = show.say("Weight in {unit}", unit=show.unit)
    height = alt.Y("low:Q", title=title, axis=alt.Axis(minExtent=AXIS_PX), scale=alt.Scale(zero=True))
    band = (
        alt.Chart(alt.InlineData(values=_bands(series.points, show)))
        .mark_area(color=CALM, opacity=BAND_OPACITY)
        .encode(x=days, y=height, y2="high:Q")
    )
    names = [show.say("Capacity"), show.say("Load")]
    colour = alt.Scale(domain=names, range=[CALM, RANGE])
    lines = (
        alt.Chart(alt.InlineData(values=_weights(series.points, names, show)))
        .mark_line(point=alt.OverlayMarkDef(filled=True, size=36), strokeWidth=2)
        .encode(
            x=days,
            y=alt.Y("value:Q", title=title),
            color=alt.Color("what:N", scale=colour, legend=alt.Legend(orient="top", title=None)),
            tooltip=[
                alt.Tooltip("day:N", title=show.say("Day")),
                alt.Tooltip("what:N", title=" "),
                alt.Tooltip("text:N", title=show.say("Weight")),
            ],
        )
    )
    return alt.LayerChart(layer=[band, lines], height=300)


def amplitude_chart(series: Series, span: Span, show: Formatter) -> alt.Chart:
    """Draw the range reached in each session as a bar from its start to its end (clinical degrees)."""
    rows = [_range(point, show) for point in series.points]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows), height=190)
        .mark_rule(color=RANGE, strokeWidth=7, strokeCap="round")
        .encode(
            x=_days(span, show),
            y=alt.Y(
                "start:Q",
                title=show.say("Range in degrees"),
                axis=alt.Axis(minExtent=AXIS_PX),
                scale=alt.Scale(zero=True, nice=True),
            ),
            y2="end:Q",
            tooltip=[
                alt.Tooltip("day:N", title=show.say("Day")),
                alt.Tooltip("window:N", title=show.say("Range")),
                alt.Tooltip("amplitude:Q", title=show.say("Amplitude in degrees"), format=".0f"),
            ],
        )
    )
    return chart


def pain_chart(pain: Sequence[Pain], span: Span, show: Formatter) -> alt.LayerChart:
    """Draw every answer about pain on the whole scale of 0 to 10; a line joins those before training."""
    asked = [answer for answer in pain if answer.question in PAIN_QUESTIONS]
    names = [show.word(question) for question in PAIN_QUESTIONS]
    shown = [name for name in names if name in {show.word(answer.question) for answer in asked}]
    rows = [_answer(answer, show) for answer in asked]
    before = [row for row in rows if row["question"] == names[0]]
    days = _days(span, show)
    height = alt.Y(
        "nrs:Q",
        title=show.say("Pain, 0 to 10"),
        axis=alt.Axis(minExtent=AXIS_PX, tickCount=5),
        scale=alt.Scale(domain=[0, 10]),
    )
    line = alt.Chart(alt.InlineData(values=before)).mark_line(color=FIRM, strokeWidth=1.5)
    points = alt.Chart(alt.InlineData(values=rows)).mark_circle(size=46, opacity=0.8)
    colour = alt.Color(
        "question:N",
        title=None,
        scale=alt.Scale(domain=names, range=[FIRM, WATCH, RANGE, QUIET]),
        legend=alt.Legend(orient="top", values=shown),
    )
    tooltip = [
        alt.Tooltip("day:N", title=show.say("Day")),
        alt.Tooltip("question:N", title=show.say("Question")),
        alt.Tooltip("nrs:Q", title=show.say("Pain, 0 to 10")),
    ]
    layers = [
        line.encode(x=days, y=height),
        points.encode(x=days, y=height, color=colour, tooltip=tooltip),
    ]
    return alt.LayerChart(layer=layers, height=250)


def wall_time(at: datetime, show: Formatter) -> str:
    """Write a moment as the studio's wall time without a zone, so that no browser shifts it."""
    return show.local(at).replace(tzinfo=None).isoformat()


def _days(span: Span, show: Formatter) -> alt.X:
    first, last = (show.local(at) for at in span)
    domain = [alt.DateTime(year=at.year, month=at.month, date=at.day, hours=at.hour) for at in (first, last)]
    axis = alt.Axis(format="%d %b", tickCount=12, labelOverlap=True, grid=True)
    return alt.X("at:T", title=None, scale=alt.Scale(domain=domain), axis=axis)


def _bands(points: Sequence[Point], show: Formatter) -> list[dict[str, Any]]:
    return [
        {
            "at": wall_time(point.at, show),
            "low": show.load_value(point.capacity_low_kg),
            "high": show.load_value(point.capacity_high_kg),
        }
        for point in points
        if point.capacity_low_kg is not None and point.capacity_high_kg is not None
    ]


def _weights(points: Sequence[Point], names: Sequence[str], show: Formatter) -> list[dict[str, Any]]:
    return [
        {
            "at": wall_time(point.at, show),
            "day": show.day(point.at),
            "what": what,
            "value": show.load_value(weight_kg),
            "text": show.load(weight_kg),
        }
        for point in points
        for what, weight_kg in zip(names, (point.capacity_kg, point.load_kg), strict=True)
        if weight_kg is not None
    ]


def _range(point: Point, show: Formatter) -> dict[str, Any]:
    return {
        "at": wall_time(point.at, show),
        "day": show.day(point.at),
        "start": point.clinical_start_deg,
        "end": point.clinical_end_deg,
        "window": show.window(point.clinical_start_deg, point.clinical_end_deg),
        "amplitude": point.amplitude_deg,
    }


def _answer(answer: Pain, show: Formatter) -> dict[str, Any]:
    return {
        "at": wall_time(answer.at, show),
        "day": show.day(answer.at),
        "question": show.word(answer.question),
        "nrs": answer.nrs,
    }
