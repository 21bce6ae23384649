"""A set, rep by rep: torque curves on top of each other, and range and speed one under the other."""

from typing import Any

import altair as alt

from contract.machines import catalogue
from dashboard.api.sessions import Repetition, SetDone
from dashboard.charts.palette import BAND_OPACITY, CALM, QUIET, RANGE, WATCH
from dashboard.charts.panels import INSIDE_PX, inside_axis, panel_title
from dashboard.format import Formatter, whole

CURVES_PX, PANEL_PX = 340, 130


def rep_curves(done: SetDone, kind: str | None, show: Formatter) -> alt.LayerChart | None:
    """Draw every curve of a set with the prescribed range as a grey corridor; None without any curve."""
    rows = _points(done, kind)
    if not rows:
        return None
    lines = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("deg:Q", title=show.say("Angle in degrees"), scale=alt.Scale(zero=False)),
            y=alt.Y("nm:Q", title=show.say("Torque in Nm"), scale=alt.Scale(zero=True)),
            order="place:Q",
            detail="rep:N",
            color=alt.Color(
                "rep:Q",
                title=show.say("Rep"),
                scale=alt.Scale(range=["#b9dcd7", CALM, "#12544c"]),
                legend=alt.Legend(orient="top", gradientLength=140, tickCount=3, format="d"),
            ),
            tooltip=[alt.Tooltip("rep:Q", title=show.say("Rep"))],
        )
    )
    return alt.LayerChart(layer=[*_corridor(done), lines], height=CURVES_PX)


def rep_panels(done: SetDone, show: Formatter) -> alt.VConcatChart | None:
    """Draw range and speed of each rep on one axis of reps; flagged ones have another colour and shape."""
    rows = [_figures(rep, show) for rep in done.reps]
    if not rows:
        return None
    words = [show.say("no flag"), show.say("flagged")]
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=words, range=[RANGE, WATCH]),
        legend=alt.Legend(orient="top"),
    )
    base = alt.Chart(alt.InlineData(values=rows))
    tooltip = [
        alt.Tooltip("rep:Q", title=show.say("Rep")),
        alt.Tooltip("window:N", title=show.say("Range")),
        alt.Tooltip("speed_text:N", title=show.say("Speed")),
        alt.Tooltip("flags:N", title=show.say("Flags")),
    ]
    ranges = base.mark_bar(size=9, cornerRadius=4).encode(
        x=_across(done, None),
        y=alt.Y("start:Q", axis=inside_axis(ticks=4), scale=alt.Scale(zero=False)),
        y2="end:Q",
        color=colour,
        tooltip=tooltip,
    )
    speeds = base.mark_point(filled=True, size=80, opacity=1).encode(
        x=_across(done, show.say("Rep")),
        y=alt.Y("speed:Q", axis=inside_axis(ticks=4), scale=alt.Scale(zero=True, nice=True)),
        color=colour,
        shape=alt.Shape("kind:N", title=None, scale=alt.Scale(domain=words, range=["circle", "triangle-up"])),
        tooltip=tooltip,
    )
    titles = [panel_title(words) for words in (show.say("Range in degrees"), show.say("Speed in °/s"))]
    return alt.VConcatChart(
        vconcat=[
            alt.LayerChart(
                layer=[*_asked(done), ranges],
                height=PANEL_PX,
                title=panel_title(show.say("Range in degrees")),
            ),
            speeds.properties(height=PANEL_PX, title=titles[1]),
        ],
        spacing=8,
    )


def clinical_deg(kind: str | None, travel_deg: float) -> float:
    """Turn travel into the clinical angle of that kind; an unknown kind keeps its travel."""
    machine = catalogue().get(kind or "")
    return machine.clinical_deg(travel_deg) if machine else travel_deg


def _points(done: SetDone, kind: str | None) -> list[dict[str, Any]]:
    return [
        {"rep": rep.rep, "place": place, "deg": clinical_deg(kind, deg), "nm": nm}
        for rep in done.reps
        if rep.curve is not None
        for place, (deg, nm) in enumerate(zip(rep.curve.deg, rep.curve.nm, strict=False))
    ]


def _figures(rep: Repetition, show: Formatter) -> dict[str, Any]:
    return {
        "rep": rep.rep,
        "start": rep.clinical_start_deg,
        "end": rep.clinical_end_deg,
        "window": show.window(rep.clinical_start_deg, rep.clinical_end_deg),
        "speed": rep.mean_speed_deg_s,
        "speed_text": show.say("{count} °/s", count=whole(rep.mean_speed_deg_s)),
        "kind": show.say("flagged") if rep.quality else show.say("no flag"),
        "flags": ", ".join(show.word(flag).lower() for flag in rep.quality) or show.say("none"),
    }


def _corridor(done: SetDone) -> list[alt.Chart]:
    """Mark the prescribed range as a field between two dashed lines."""
    if done.dose is None:
        return []
    edges = [{"deg": done.dose.clinical_start_deg}, {"deg": done.dose.clinical_end_deg}]
    field = [{"low": edges[0]["deg"], "high": edges[1]["deg"]}]
    return [
        alt.Chart(alt.InlineData(values=field))
        .mark_rect(color=QUIET, opacity=BAND_OPACITY)
        .encode(x=alt.X("low:Q", scale=alt.Scale(zero=False)), x2="high:Q"),
        alt.Chart(alt.InlineData(values=edges)).mark_rule(color=QUIET, strokeDash=[4, 4]).encode(x="deg:Q"),
    ]


def _asked(done: SetDone) -> list[alt.Chart]:
    """Mark the prescribed range across the reps."""
    if done.dose is None:
        return []
    edges = [{"deg": done.dose.clinical_start_deg}, {"deg": done.dose.clinical_end_deg}]
    return [
        alt.Chart(alt.InlineData(values=edges)).mark_rule(color=QUIET, strokeDash=[4, 4]).encode(y="deg:Q")
    ]


def _across(done: SetDone, title: str | None) -> alt.X:
    last = max(rep.rep for rep in done.reps)
    ticks = list(range(1, last + 1))
    axis = alt.Axis(values=ticks, format="d", grid=False, labels=title is not None, labelOverlap=True)
    return alt.X(
        "rep:Q", title=title, scale=alt.Scale(domain=[1, last], nice=False, padding=INSIDE_PX), axis=axis
    )
