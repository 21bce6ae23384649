"""What-if: the load of each set as it was and as it would have been, and the effort predicted for both."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from dashboard.api.whatif import ComparedSet
from dashboard.charts.palette import CALM, QUIET, WATCH
from dashboard.charts.panels import INSIDE_PX, inside_axis, panel_title
from dashboard.format import Formatter

HARD_EFFORT = 8.0  # CR10; clinical rules, "too hard"
LOAD_PX, EFFORT_PX = 240, 160


def whatif_chart(sets: Sequence[ComparedSet], show: Formatter) -> alt.VConcatChart:
    """Draw load over effort on one axis of sets; a set without a safe dose leaves a gap."""
    names = [show.say("What happened"), show.say("What if")]
    rows = set_rows(sets, names, show)
    colour = alt.Color(
        "side:N",
        title=None,
        scale=alt.Scale(domain=names, range=[CALM, WATCH]),
        legend=alt.Legend(orient="top"),
    )
    dash = alt.StrokeDash("side:N", legend=None, scale=alt.Scale(domain=names, range=[[1, 0], [6, 3]]))
    tooltip = [
        alt.Tooltip("day:N", title=show.say("Day")),
        alt.Tooltip("set:Q", title=show.say("Set")),
        alt.Tooltip("side:N", title=" "),
        alt.Tooltip("load_text:N", title=show.say("Load")),
        alt.Tooltip("effort:Q", title=show.say("Predicted effort"), format=".1f"),
    ]
    base = alt.Chart(alt.InlineData(values=rows)).mark_line(strokeWidth=2, point=True)
    both = base.encode(color=colour, strokeDash=dash, tooltip=tooltip)
    loads = both.encode(x=_across(len(sets), None), y=_height("load:Q"))
    efforts = both.encode(x=_across(len(sets), show.say("Sets in order")), y=_height("effort:Q"))
    line = alt.Chart(alt.InlineData(values=[{"effort": HARD_EFFORT}]))
    hard = line.mark_rule(color=QUIET, strokeDash=[4, 4], strokeWidth=2).encode(y=_height("effort:Q"))
    load_title = panel_title(show.say("Weight in {unit}", unit=show.unit))
    effort_title = panel_title(
        show.say("Predicted effort (0 to 10); dashed: {effort}, hard", effort=f"{HARD_EFFORT:g}")
    )
    panels = [
        loads.properties(height=LOAD_PX, title=load_title),
        alt.LayerChart(layer=[hard, efforts], height=EFFORT_PX, title=effort_title),
    ]
    return alt.VConcatChart(vconcat=panels, spacing=14)


def set_rows(sets: Sequence[ComparedSet], names: Sequence[str], show: Formatter) -> list[dict[str, Any]]:
    """List both sides of each set, numbered in the order in which they were done; no dose is a gap."""
    return [
        {
            "number": number,
            "day": one.day,
            "set": one.set,
            "side": name,
            "load": None if given is None else show.load_value(given.load_kg),
            "load_text": show.load(None if given is None else given.load_kg),
            "effort": None if given is None else given.effort,
        }
        for number, one in enumerate(sets, start=1)
        for name, given in zip(names, (one.real, one.other), strict=True)
    ]


def _across(count: int, title: str | None) -> alt.X:
    axis = alt.Axis(tickMinStep=1, format="d", grid=False, labels=title is not None, labelOverlap=True)
    scale = alt.Scale(domain=[1, max(count, 2)], nice=False, padding=INSIDE_PX)
    return alt.X("number:Q", title=title, scale=scale, axis=axis)


def _height(field: str) -> alt.Y:
    return alt.Y(field, scale=alt.Scale(zero=True, nice=True), axis=inside_axis(ticks=4))
