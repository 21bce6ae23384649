"""Progress: weight, range, work, pain and readiness, one panel under the other on one time axis."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from dashboard.api.progress import Pain, Point, Progress, Readiness, Series
from dashboard.charts.palette import BAND_OPACITY, CALM, FIRM, QUIET, RANGE, WATCH
from dashboard.charts.panels import inside_axis, panel_title
from dashboard.charts.timeline import (
    Beside,
    Span,
    break_layers,
    days_axis,
    hover_layer,
    mark_layers,
    span_of,
    stacked,
    wall_time,
)
from dashboard.format import NOTHING, Formatter, whole

PAIN_QUESTIONS = ("pain_before", "pain_set", "pain_after", "pain_next_morning")
WEIGHT_PX, RANGE_PX, WORK_PX, LASTING_PX, PAIN_PX, READY_PX = 230, 130, 80, 100, 140, 80
FULL_PCT = 100
LEAST_AT_A_MACHINE, MOST_AT_A_MACHINE = 1, 5  # its scale of readiness; a phone's begins at 0
Layers = list[alt.Chart]


def time_span(series: Series, progress: Progress) -> Span | None:
    """Find the first and last day that anything on the page has; None without any."""
    moments = [point.at for point in series.points] + [answer.at for answer in progress.pain]
    return span_of(moments + [answer.at for answer in progress.readiness])


def progress_chart(
    series: Series, progress: Progress, beside: Beside, span: Span, show: Formatter
) -> alt.VConcatChart:
    """Draw all panels of one station; every panel has the same days, marks and hover."""
    panels: list[tuple[str, Layers, int]] = [
        (show.say("Weight in {unit}", unit=show.unit), weight_layers(series, show), WEIGHT_PX),
        (show.say("Range in degrees"), range_layers(series, show), RANGE_PX),
        (show.say("Work in J"), work_layers(series, show), WORK_PX),
    ]
    lasting = endurance_rows(series, show)
    if lasting:
        panels.append((show.say("Endurance, reps at half of the capacity"), _lasting(lasting), LASTING_PX))
    if progress.pain:
        panels.append((show.say("Pain, 0 to 10"), pain_layers(progress.pain, show), PAIN_PX))
    if progress.readiness:
        ready = readiness_layers(progress.readiness, show)
        panels.append((show.say("Readiness in %"), ready, READY_PX))
    rows, tooltip = day_rows(series, progress, show), day_tooltip(show)
    drawn = []
    for place, (title, layers, height_px) in enumerate(panels):
        is_first, is_last = place == 0, place == len(panels) - 1
        days = days_axis(span, show, labelled=is_last)
        around = [*break_layers(beside, days, show), *(layer.encode(x=days) for layer in layers)]
        around += [*mark_layers(beside, days, show, named=is_first), hover_layer(rows, tooltip, days, place)]
        panel = alt.LayerChart(layer=around, height=height_px, title=panel_title(title))
        drawn.append(panel.resolve_scale(color="independent"))
    return stacked(drawn)


def weight_layers(series: Series, show: Formatter) -> Layers:
    """Draw capacity in its 80 % band and the load really trained with, in the viewer's unit."""
    names = [show.say("Capacity"), show.say("Load")]
    band = alt.Chart(alt.InlineData(values=_bands(series.points, show)))
    lines = alt.Chart(alt.InlineData(values=_weights(series.points, names, show)))
    colour = alt.Color(
        "what:N",
        scale=alt.Scale(domain=names, range=[CALM, RANGE]),
        legend=alt.Legend(orient="top", title=None),
    )
    return [
        band.mark_area(color=CALM, opacity=BAND_OPACITY).encode(
            y=alt.Y("low:Q", scale=alt.Scale(zero=True), axis=inside_axis(ticks=5)), y2="high:Q"
        ),
        lines.mark_line(point=alt.OverlayMarkDef(filled=True, size=30), strokeWidth=2).encode(
            y=alt.Y("value:Q", axis=inside_axis(ticks=5)), color=colour
        ),
    ]


def range_layers(series: Series, show: Formatter) -> Layers:
    """Draw the range reached in each session as a bar from its start to its end (clinical degrees)."""
    rows = [
        {
            "at": wall_time(point.at, show),
            "start": point.clinical_start_deg,
            "end": point.clinical_end_deg,
            "window": show.window(point.clinical_start_deg, point.clinical_end_deg),
        }
        for point in series.points
    ]
    bars = alt.Chart(alt.InlineData(values=rows)).mark_rule(color=RANGE, strokeWidth=6, strokeCap="round")
    return [
        bars.encode(y=alt.Y("start:Q", scale=alt.Scale(zero=True, nice=True), axis=inside_axis()), y2="end:Q")
    ]


def work_layers(series: Series, show: Formatter) -> Layers:
    """Draw the work of each session (J) as a bar."""
    rows = [{"at": wall_time(point.at, show), "work": point.work_j} for point in series.points]
    bars = alt.Chart(alt.InlineData(values=rows)).mark_bar(color=CALM, opacity=0.75, size=6)
    return [bars.encode(y=alt.Y("work:Q", scale=alt.Scale(zero=True), axis=inside_axis()))]


def endurance_rows(series: Series, show: Formatter) -> list[dict[str, Any]]:
    """List how many repetitions would go at half of the capacity, with the 80 % band, by session."""
    return [
        {"at": wall_time(point.at, show), "reps": one.reps, "low": one.low_reps, "high": one.high_reps}
        for point in series.points
        if (one := point.endurance) is not None
    ]


def _lasting(rows: list[dict[str, Any]]) -> Layers:
    drawn = alt.Chart(alt.InlineData(values=rows))
    return [
        drawn.mark_area(color=CALM, opacity=BAND_OPACITY).encode(
            y=alt.Y("low:Q", scale=alt.Scale(zero=True), axis=inside_axis()), y2="high:Q"
        ),
        drawn.mark_line(color=CALM, strokeWidth=2).encode(y=alt.Y("reps:Q", axis=inside_axis())),
    ]


def pain_layers(pain: Sequence[Pain], show: Formatter) -> Layers:
    """Draw every answer about pain on the whole scale of 0 to 10; a line joins those before training."""
    asked = [answer for answer in pain if answer.question in PAIN_QUESTIONS]
    names = [show.word(question) for question in PAIN_QUESTIONS]
    rows = [
        {"at": wall_time(answer.at, show), "nrs": answer.nrs, "question": show.word(answer.question)}
        for answer in asked
    ]
    shown = [name for name in names if name in {row["question"] for row in rows}]
    before = [row for row in rows if row["question"] == names[0]]
    scale = alt.Scale(domain=[0, 10])
    colour = alt.Color(
        "question:N",
        title=None,
        scale=alt.Scale(domain=names, range=[FIRM, WATCH, RANGE, QUIET]),
        legend=alt.Legend(orient="top", values=shown),
    )
    line = alt.Chart(alt.InlineData(values=before)).mark_line(color=FIRM, strokeWidth=1.5)
    points = alt.Chart(alt.InlineData(values=rows)).mark_circle(size=40, opacity=0.85)
    return [
        line.encode(y=alt.Y("nrs:Q", scale=scale, axis=inside_axis(ticks=5))),
        points.encode(y=alt.Y("nrs:Q", scale=scale, axis=inside_axis(ticks=5)), color=colour),
    ]


def readiness_layers(readiness: Sequence[Readiness], show: Formatter) -> Layers:
    """Draw how ready the person felt; the two scales that it was asked on share one height in per cent."""
    rows = [
        {"at": wall_time(answer.at, show), "ready": ready_pct(answer), "words": ready_words(answer, show)}
        for answer in readiness
    ]
    points = alt.Chart(alt.InlineData(values=rows)).mark_point(color=CALM, filled=True, size=50, opacity=1)
    told = [alt.Tooltip("words:N", title=show.say("Readiness"))]
    return [
        points.encode(y=alt.Y("ready:Q", scale=alt.Scale(domain=[0, 100]), axis=inside_axis()), tooltip=told)
    ]


def ready_pct(answer: Readiness) -> float:
    """Put an answer on a scale of 0 to 100, whichever scale it was given on."""
    least = LEAST_AT_A_MACHINE if answer.most == MOST_AT_A_MACHINE else 0
    return FULL_PCT * (answer.value - least) / (answer.most - least)


def ready_words(answer: Readiness, show: Formatter) -> str:
    """Write an answer about readiness on its own scale: 4 of 5."""
    return show.say("{value} of {most}", value=answer.value, most=answer.most)


def day_rows(series: Series, progress: Progress, show: Formatter) -> list[dict[str, Any]]:
    """Gather what each session day holds, for the hover of all panels."""
    pains = {
        show.day(answer.at): f"{answer.nrs:g}"
        for answer in progress.pain
        if answer.question == PAIN_QUESTIONS[0]
    }
    ready = {show.day(answer.at): ready_words(answer, show) for answer in progress.readiness}
    return [
        {
            "at": wall_time(point.at, show),
            "day": show.day(point.at),
            "capacity": show.load(point.capacity_kg),
            "load": show.load(point.load_kg),
            "window": show.window(point.clinical_start_deg, point.clinical_end_deg),
            "work": show.say("{count} J", count=whole(point.work_j)),
            "pain": pains.get(show.day(point.at), NOTHING),
            "ready": ready.get(show.day(point.at), NOTHING),
        }
        for point in series.points
    ]


def day_tooltip(show: Formatter) -> list[alt.Tooltip]:
    """Name what a day holds."""
    titles = {
        "day": show.say("Day"),
        "capacity": show.say("Capacity"),
        "load": show.say("Load"),
        "window": show.say("Range"),
        "work": show.say("Work"),
        "pain": show.say("Pain before training"),
        "ready": show.say("Readiness"),
    }
    return [alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()]


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
        {"at": wall_time(point.at, show), "what": what, "value": show.load_value(weight_kg)}
        for point in points
        for what, weight_kg in zip(names, (point.capacity_kg, point.load_kg), strict=True)
        if weight_kg is not None
    ]
