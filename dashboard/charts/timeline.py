"""What panels on one time axis share: the axis, the marks that go through all of them, and the hover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import altair as alt

from dashboard.charts.palette import BAND_OPACITY, LABEL, QUIET
from dashboard.charts.panels import INSIDE_PX
from dashboard.format import Formatter

Span = tuple[datetime, datetime]
SHORTEST = timedelta(days=14)  # one visit still gets an axis with days on it
SPARE = timedelta(days=2)  # at both ends of a longer one
HOVER = "hover"  # the one day that the pointer is nearest to, in every panel
MANY_TICKS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A day on which something happened beside training (a test, another phase), in words."""

    at: datetime
    kind: Literal["test", "phase"]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A time without visits, in words."""

    begins: datetime
    ends: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is marked in every panel beside what was trained."""

    marks: tuple[Mark, ...] = ()
    breaks: tuple[Break, ...] = ()


def span_of(moments: Sequence[datetime]) -> Span | None:
    """Find the first and last day of an axis that holds every moment; None without any."""
    if not moments:
        return None
    first, last = min(moments), max(moments)
    spare = max(SHORTEST - (last - first), SPARE) / 2
    return first - spare, last + spare


def wall_time(at: datetime, show: Formatter) -> str:
    """Write a moment as the studio's wall time without a zone, so that no browser shifts it."""
    return show.local(at).replace(tzinfo=None).isoformat()


def day_format(show: Formatter) -> str:
    """Say how an axis writes days: 5 Nov, or 5/11."""
    return "%-d/%-m" if show.language == "zh-HK" else "%-d %b"


def days_axis(span: Span, show: Formatter, *, labelled: bool) -> alt.X:
    """Build the axis of days; panels above the last one have its lines only."""
    first, last = (show.local(at) for at in span)
    domain = [alt.DateTime(year=at.year, month=at.month, date=at.day, hours=at.hour) for at in (first, last)]
    axis = alt.Axis(
        format=day_format(show),
        tickCount=MANY_TICKS,
        labelOverlap=True,
        grid=True,
        labels=labelled,
        ticks=labelled,
    )
    return alt.X("at:T", title=None, scale=alt.Scale(domain=domain, padding=INSIDE_PX), axis=axis)


def break_layers(beside: Beside, days: alt.X, show: Formatter) -> list[alt.Chart]:
    """Draw breaks as grey fields over the whole height of a panel, behind everything."""
    if not beside.breaks:
        return []
    rows = [
        {"at": wall_time(one.begins, show), "until": wall_time(one.ends, show), "words": one.words}
        for one in beside.breaks
    ]
    fields = alt.Chart(alt.InlineData(values=rows)).mark_rect(color=QUIET, opacity=BAND_OPACITY)
    return [fields.encode(x=days, x2="until:T", tooltip=[alt.Tooltip("words:N", title=" ")])]


def mark_layers(beside: Beside, days: alt.X, show: Formatter, *, named: bool) -> list[alt.Chart]:
    """Draw tests as dotted and changes of phase as dashed lines; in the first panel with a sign on top."""
    rows = [
        {"at": wall_time(one.at, show), "kind": one.kind, "words": one.words, "sign": SIGNS[one.kind]}
        for one in beside.marks
    ]
    if not rows:
        return []
    data = alt.InlineData(values=rows)
    dash = alt.StrokeDash("kind:N", legend=None, scale=alt.Scale(domain=list(SIGNS), range=[[2, 3], [8, 4]]))
    told = [alt.Tooltip("words:N", title=" ")]
    layers = [
        alt.Chart(data).mark_rule(color=LABEL, strokeWidth=1.5).encode(x=days, strokeDash=dash, tooltip=told)
    ]
    if named:
        signs = alt.Chart(data).mark_text(color=LABEL, baseline="bottom", fontSize=13, dy=-2)
        layers.append(signs.encode(x=days, y=alt.value(0), text="sign:N", tooltip=told))
    return layers


SIGNS: dict[str, str] = {"test": "△", "phase": "▷"}  # on top of the lines, and in the words below


def hover_layer(
    rows: Sequence[dict[str, Any]], tooltip: Sequence[alt.Tooltip], days: alt.X, place: int
) -> alt.Chart:
    """Draw a line on the day nearest to the pointer, with that day's figures; in every panel alike."""
    shown = alt.OpacityValue(0.001, condition={"param": HOVER, "empty": False, "value": 0.9})
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=list(rows)), name=f"{HOVER}-{place}")
        .mark_rule(color=LABEL, strokeWidth=2)
        .encode(x=days, tooltip=list(tooltip), opacity=shown)
    )
    return chart


def stacked(panels: Sequence[alt.LayerChart]) -> alt.VConcatChart:
    """Put panels one under the other; their hover layers (by place) show the same day."""
    chart: alt.VConcatChart = alt.VConcatChart(vconcat=list(panels), spacing=14).resolve_scale(
        color="independent", strokeDash="independent"
    )
    nearest = alt.PointSelectionConfig(
        type="point", fields=["at"], nearest=True, on="pointermove", clear="pointerout"
    )
    names = [layer.name for panel in chart.vconcat for layer in panel.layer]  # as the library renamed them
    views = [name for name in names if isinstance(name, str) and name.startswith(HOVER)]
    chart.params = [alt.TopLevelSelectionParameter(name=HOVER, select=nearest, views=views)]
    return chart
