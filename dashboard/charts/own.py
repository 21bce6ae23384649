"""A person's own charts: one thing each, few numbers, room for a phone."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import altair as alt

from dashboard.api.progress import Pain, Point, Series
from dashboard.charts.palette import BAND_OPACITY, CALM, FIRM, QUIET, WATCH
from dashboard.charts.timeline import day_format, wall_time
from dashboard.format import Formatter

HEIGHT = 260  # px: on a phone the words beside it stay in sight
SHORTEST = timedelta(days=14)  # one visit still gets an axis with days on it
VISIT = timedelta(hours=12)  # what lies closer together belongs to one visit
FEW = 5  # days named on the axis of a phone


def own_pain_chart(pain: Sequence[Pain], show: Formatter) -> alt.LayerChart:
    """Draw the answers before training, joined, and those of the mornings after (0-10)."""
    names = [show.say("before training"), show.say("the morning after")]
    rows = [
        {
            "at": wall_time(one.at, show),
            "day": show.day(one.at),
            "nrs": one.nrs,
            "when": names[one.question == "pain_next_morning"],
        }
        for one in pain
    ]
    days = _days([one.at for one in pain], show)
    words = {0: show.say("no pain"), 5: "5", 10: show.say("worst")}
    named = " : ".join(f"datum.value == {value} ? '{said}'" for value, said in words.items())
    height = alt.Y(
        "nrs:Q",
        title=None,
        scale=alt.Scale(domain=[0, 10]),
        axis=alt.Axis(values=list(words), labelExpr=f"{named} : ''"),
    )
    before = alt.Chart(alt.InlineData(values=[row for row in rows if row["when"] == names[0]]))
    dots = alt.Chart(alt.InlineData(values=rows)).mark_point(size=60, filled=True, opacity=0.9)
    look = alt.Legend(orient="top", title=None)
    scale = alt.Scale(domain=names, range=[FIRM, WATCH])
    shapes = alt.Scale(domain=names, range=["circle", "diamond"])
    layers = [
        before.mark_line(color=FIRM, strokeWidth=2).encode(x=days, y=height),
        dots.encode(
            x=days,
            y=height,
            color=alt.Color("when:N", scale=scale, legend=look),
            shape=alt.Shape("when:N", scale=shapes, legend=look),
            tooltip=[
                alt.Tooltip("day:N", title=show.say("Day")),
                alt.Tooltip("nrs:Q", title=show.say("Pain, 0 to 10")),
            ],
        ),
    ]
    return alt.LayerChart(layer=layers, height=HEIGHT)


def own_strength_chart(series: Sequence[Series], show: Formatter) -> alt.LayerChart:
    """Draw strength over all stations against the start: a line, what cannot be told apart, the start."""
    rows = [
        {"at": wall_time(at, show), "day": show.day(at), "value": value, "low": low, "high": high}
        for at, value, low, high in strength_line(series)
    ]
    days = _days([point.at for each in series for point in each.points], show)
    words = {"1": show.say("at the start")}
    named = f"datum.value == 1 ? '{words['1']}' : ''"
    height = alt.Y(
        "low:Q",
        title=None,
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(values=[1], labelExpr=named, grid=False, ticks=False),
    )
    data = alt.InlineData(values=rows)
    start = alt.Chart(alt.InlineData(values=[{"low": 1}])).mark_rule(color=QUIET, strokeDash=[6, 4])
    line = alt.Chart(data).mark_line(color=CALM, strokeWidth=4)
    layers = [
        alt.Chart(data).mark_area(color=CALM, opacity=BAND_OPACITY).encode(x=days, y=height, y2="high:Q"),
        start.encode(y=height),
        line.encode(x=days, y=alt.Y("value:Q"), tooltip=[alt.Tooltip("day:N", title=show.say("Day"))]),
    ]
    return alt.LayerChart(layer=layers, height=HEIGHT)


def strength_line(series: Sequence[Series]) -> list[tuple[datetime, float, float, float]]:
    """Follow strength visit by visit: moment, mean against each station's start, ends of its band.

    The mean of ratios is geometric, so that no strong machine outweighs the others.
    """
    known = [each for each in series if each.points and each.points[0].capacity_kg]
    moments = sorted({point.at for each in known for point in each.points})
    found = []
    for at in _visits(moments):
        now = [ratio for ratio in (_against_start(each.points, at) for each in known) if ratio is not None]
        if now:
            value, low, high = (_mean([one[place] for one in now]) for place in range(3))
            found.append((at, value, low, high))
    return found


def _visits(moments: Sequence[datetime]) -> list[datetime]:
    """Keep the last moment of each visit."""
    return [
        at for place, at in enumerate(moments) if place + 1 == len(moments) or moments[place + 1] - at > VISIT
    ]


def _against_start(points: Sequence[Point], at: datetime) -> tuple[float, float, float] | None:
    """Compare the newest capacity known at a moment with the first one."""
    past = [point for point in points if point.at <= at and point.capacity_kg]
    if not past:
        return None
    first, now = points[0].capacity_kg, past[-1]
    assert first and now.capacity_kg  # noqa: S101, PT018 (kept by the callers)
    low, high = now.capacity_low_kg or now.capacity_kg, now.capacity_high_kg or now.capacity_kg
    return now.capacity_kg / first, low / first, high / first


def _mean(ratios: Sequence[float]) -> float:
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def _days(moments: Sequence[datetime], show: Formatter) -> alt.X:
    first, last = show.local(min(moments)), show.local(max(moments))
    spare = max(SHORTEST - (last - first), timedelta(days=2)) / 2
    ends: list[Any] = [
        alt.DateTime(year=at.year, month=at.month, date=at.day) for at in (first - spare, last + spare)
    ]
    axis = alt.Axis(format=day_format(show), tickCount=FEW, labelOverlap=True, grid=False)
    return alt.X("at:T", title=None, scale=alt.Scale(domain=ends), axis=axis)
