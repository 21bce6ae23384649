"""Charts of the model in use: promised against seen, and how often people took its settings back."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dashboard.api.model import Calibration, Overrides
from dashboard.charts.palette import CALM, QUIET, WATCH
from dashboard.format import Formatter

PCT = 100
HEIGHT_PX = 300
LEAST_PCT = 10.0  # the axis shows at least this much, so that few look few and none looks like none


def calibration_chart(found: Mapping[str, Calibration], show: Formatter) -> alt.LayerChart | None:
    """Draw predicted chances against what sets showed, a colour a model (`found` by its name in words).

    On the line, a promise holds. None while no model has a bin with sets.
    """
    rows = [
        {
            "model": name,
            "predicted": each.predicted * PCT,
            "observed": each.observed * PCT,
            "sets": each.sets,
        }
        for name, calibration in found.items()
        for each in calibration.bins
        if each.sets
    ]
    if not rows:
        return None
    ends = [{"predicted": 0, "observed": 0}, {"predicted": PCT, "observed": PCT}]
    x = alt.X("predicted:Q", title=show.say("Predicted chance in %"), scale=alt.Scale(domain=[0, PCT]))
    y = alt.Y("observed:Q", title=show.say("Seen in %"), scale=alt.Scale(domain=[0, PCT]))
    line = alt.Chart(alt.InlineData(values=ends)).mark_line(color=QUIET, strokeDash=[4, 4]).encode(x=x, y=y)
    colour = alt.Scale(domain=list(found), range=[CALM, WATCH][: len(found)])
    dots = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_circle(opacity=0.9)
        .encode(
            x=x,
            y=y,
            size=alt.Size("sets:Q", legend=None, scale=alt.Scale(range=[40, 400])),
            color=alt.Color("model:N", scale=colour, legend=alt.Legend(orient="top", title=None)),
            tooltip=[
                alt.Tooltip("model:N", title=" "),
                alt.Tooltip("predicted:Q", title=show.say("Predicted chance in %"), format=".0f"),
                alt.Tooltip("observed:Q", title=show.say("Seen in %"), format=".0f"),
                alt.Tooltip("sets:Q", title=show.say("Sets")),
            ],
        )
    )
    return alt.LayerChart(layer=[line, dots], height=HEIGHT_PX)


def overrides_chart(weeks: Sequence[Overrides], show: Formatter) -> alt.Chart | None:
    """Draw the share of applied settings that were taken back, a bar a week; None before the first one."""
    rows = [_week(week, show) for week in weeks if week.share is not None]
    if not rows:
        return None
    scale = alt.Scale(domain=[0, max(LEAST_PCT, *(row["share"] for row in rows))], nice=True)
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows), height=HEIGHT_PX)
        .mark_bar(color=CALM)
        .encode(
            x=alt.X("week:N", title=show.say("Week from"), sort=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("share:Q", title=show.say("Taken back in %"), scale=scale),
            tooltip=[
                alt.Tooltip("week:N", title=show.say("Week from")),
                alt.Tooltip("policy:N", title=show.say("Rule")),
                alt.Tooltip("share:Q", title=show.say("Taken back in %"), format=".1f"),
                alt.Tooltip("applied:Q", title=show.say("Settings applied")),
            ],
        )
    )
    return chart


def _week(week: Overrides, show: Formatter) -> dict[str, Any]:
    share = 0.0 if week.share is None else week.share * PCT
    return {"week": show.day(week.week), "policy": week.policy, "share": share, "applied": week.applied}
