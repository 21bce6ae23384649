"""Balance charts: a signed difference with its error bar over a grey band of what could be mere error."""

import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from dashboard.api.balance import Pair, Ratio
from dashboard.charts.palette import BAND_OPACITY, CALM, FIRM, QUIET, WATCH
from dashboard.format import Formatter

COLOUR = {"inside_error": QUIET, "watch": WATCH, "confirmed": FIRM}
LEAST_REACH_PCT = 40.0  # the axis shows at least this much each way, so that small differences look small
ROW_HEIGHT_PX = 56
AXIS_PX = 60  # room for the axis and its title below
FEW_TICKS = alt.Axis(tickCount=9)
LABEL_PX = 110  # room for the names at the left; equal in all charts, so that they stand in line


def balance_chart(pairs: Sequence[Pair], show: Formatter) -> alt.LayerChart:
    """Draw one row per pair; left of zero the left side is stronger, right of it the right side."""
    rows = [_row(pair, show) for pair in pairs if pair.difference_pct is not None]
    reach_pct = _reach(pairs)
    base = alt.Chart(alt.InlineData(values=rows))
    place = alt.Y("pair:N", title=None, sort=None, axis=alt.Axis(labelLimit=LABEL_PX, minExtent=LABEL_PX))
    title = show.say("Left stronger  ·  difference in % (log ratio)  ·  right stronger")
    scale = alt.Scale(domain=[-reach_pct, reach_pct])
    across = alt.X("difference:Q", title=title, scale=scale, axis=FEW_TICKS)
    band = base.mark_bar(color=QUIET, opacity=BAND_OPACITY, height=38).encode(
        x=alt.X("mdc_low:Q", scale=scale, title=title, axis=FEW_TICKS), x2="mdc_high:Q", y=place
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color=QUIET).encode(x="zero:Q")
    past = _past(pairs, show).mark_point(color=QUIET, size=28, opacity=0.55).encode(x=across, y=place)
    colour = alt.Color("colour:N", scale=None)
    tooltip = [alt.Tooltip("pair:N", title=" "), alt.Tooltip("words:N", title=" ")]
    error = base.mark_rule(strokeWidth=3).encode(
        x=alt.X("low:Q", scale=scale, title=title, axis=FEW_TICKS),
        x2="high:Q",
        y=place,
        color=colour,
        tooltip=tooltip,
    )
    dot = base.mark_point(filled=True, size=150, opacity=1).encode(
        x=across, y=place, color=colour, tooltip=tooltip
    )
    height_px = AXIS_PX + ROW_HEIGHT_PX * len(rows)
    return alt.LayerChart(layer=[band, zero, past, error, dot], height=height_px)


def ratio_chart(ratios: Sequence[Ratio], show: Formatter) -> alt.LayerChart:
    """Draw one row per ratio: the figure with its error bar among the person's own past figures."""
    known = [ratio for ratio in ratios if ratio.value is not None]
    rows = [
        {"name": ratio_name(ratio, show), "value": ratio.value, "low": ratio.low, "high": ratio.high}
        for ratio in known
    ]
    past = [
        {"name": ratio_name(ratio, show), "value": point.value} for ratio in known for point in ratio.own_past
    ]
    place = alt.Y(
        "name:N",
        title=None,
        sort=None,
        axis=alt.Axis(labelLimit=LABEL_PX, minExtent=LABEL_PX, labelExpr="split(datum.label, ' / ')"),
    )
    scale = alt.Scale(zero=False, nice=True, padding=24)
    across_title = show.say("Ratio of capacities")
    across = alt.X("value:Q", title=across_title, scale=scale, axis=FEW_TICKS)
    base = alt.Chart(alt.InlineData(values=rows))
    dots = alt.Chart(alt.InlineData(values=past)).mark_point(color=QUIET, size=28, opacity=0.55)
    error = base.mark_rule(strokeWidth=3, color=CALM)
    dot = base.mark_point(filled=True, size=150, color=CALM, opacity=1)
    layers = [
        dots.encode(x=across, y=place),
        error.encode(x=alt.X("low:Q", scale=scale, title=across_title, axis=FEW_TICKS), x2="high:Q", y=place),
        dot.encode(x=across, y=place, tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("value:Q")]),
    ]
    return alt.LayerChart(layer=layers, height=AXIS_PX + ROW_HEIGHT_PX * len(rows))


def ratio_name(ratio: Ratio, show: Formatter) -> str:
    """Name a ratio by its two stations."""
    return f"{show.word(ratio.numerator)} / {show.word(ratio.denominator).lower()}"


def difference_words(pair: Pair, show: Formatter) -> str:
    """Say what the difference of a pair means, and first of all whether it means anything."""
    if pair.difference_pct is None or pair.verdict == "not_enough_data":
        return show.say("Not enough sessions on both sides yet.")
    mdc = round(pair.mdc_pct or 0)
    if pair.verdict == "inside_error" and round(pair.difference_pct) == 0:
        return show.say("No difference to be seen; the measurement error is {mdc} %.", mdc=mdc)
    right, left = show.word("right"), show.word("left")
    weak, strong = (left, right) if pair.difference_pct > 0 else (right, left)
    values = {
        "weak": weak,
        "strong": strong.lower(),
        "share": round(100 * math.exp(-abs(pair.difference_pct) / 100)),  # symmetry from the log ratio
        "mdc": mdc,
    }
    if pair.verdict == "inside_error":
        return show.say(
            "{weak} has {share} % of {strong}: inside the measurement error of {mdc} %, not a finding.",
            **values,
        )
    if pair.verdict == "watch":
        return show.say("{weak} has {share} % of {strong}, seen once: a second test decides.", **values)
    return show.say(
        "{weak} has {share} % of {strong} on two tests in a row: it may get a little more work.", **values
    )


def _row(pair: Pair, show: Formatter) -> dict[str, Any]:
    mdc_pct = pair.mdc_pct or 0.0
    return {
        "pair": show.word(pair.kind),
        "difference": pair.difference_pct,
        "low": pair.low_pct,
        "high": pair.high_pct,
        "mdc_low": -mdc_pct,
        "mdc_high": mdc_pct,
        "colour": COLOUR.get(pair.verdict, QUIET),
        "words": difference_words(pair, show),
    }


def _past(pairs: Sequence[Pair], show: Formatter) -> alt.Chart:
    values = [
        {"pair": show.word(pair.kind), "difference": point.difference_pct}
        for pair in pairs
        if pair.difference_pct is not None
        for point in pair.own_past
    ]
    return alt.Chart(alt.InlineData(values=values))


def _reach(pairs: Sequence[Pair]) -> float:
    figures = [
        abs(figure)
        for pair in pairs
        for figure in (*_known(pair), *(point.difference_pct for point in pair.own_past))
    ]
    return max([LEAST_REACH_PCT, *figures]) * 1.05


def _known(pair: Pair) -> list[float]:
    figures = (pair.low_pct, pair.high_pct, pair.mdc_pct, pair.difference_pct)
    return [figure for figure in figures if figure is not None]
