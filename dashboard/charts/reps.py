"""Repetition curves on top of each other: torque over clinical angle, early reps pale, late ones strong."""

from typing import Any

import altair as alt

from contract.machines import catalogue
from dashboard.api.sessions import SetDone
from dashboard.charts.palette import CALM, QUIET
from dashboard.format import Formatter


def rep_curves(done: SetDone, kind: str | None, show: Formatter) -> alt.LayerChart | None:
    """Draw every curve of a set with the prescribed range as dashed lines; None without any curve."""
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
    return alt.LayerChart(layer=[*_corridor(done), lines], height=340)


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


def _corridor(done: SetDone) -> list[alt.Chart]:
    if done.dose is None:
        return []
    edges = [{"deg": done.dose.clinical_start_deg}, {"deg": done.dose.clinical_end_deg}]
    return [
        alt.Chart(alt.InlineData(values=edges)).mark_rule(color=QUIET, strokeDash=[4, 4]).encode(x="deg:Q")
    ]
