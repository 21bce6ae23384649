"""The picture of a calibration: three published curves, and every figure's deviation by its tolerance."""

from collections.abc import Sequence
from typing import Any, Final

from emulator.calibration.report import Row
from openspine.pictures import GOAL, OTHER, OURS

LEFT: Final = (
    "strength",
    "effort",
    "day",
    "people",
)  # groups of the left column; the others stand on the right
WIDTH, HEIGHT = 340, 200  # points of a curve's panel
DOTS, LINE, LABELS = 230, 15, 330  # points: width of a column of dots, height of a line, room for its name
FURTHEST = 2.0  # tolerances; who is further away stands at the edge
WEEKS: Final = {
    "gain_session_1": 0.5,
    "gain_week_2": 2,
    "gain_week_5": 5,
    "gain_week_9": 9,
    "gain_week_12": 12,
}
SHARES: Final = {f"reps_{share}": share for share in (60, 65, 70, 75, 80, 85, 90, 95)}
AGES: Final = {20: "20-39", 40: "40-59", 60: "60+"}
PUBLISHED, EMULATED = "published", "emulated"
Values = list[dict[str, Any]]


def chart(rows: Sequence[Row], what: str) -> Any:
    """Draw the report."""
    import altair as alt  # noqa: PLC0415 (1 s that only --plot needs)

    by_key = {row.key: row for row in rows}
    curves = alt.hconcat(
        _curve(alt, by_key, SHARES, ("Reps to failure (two sources)", "% of the one-rep load", "reps")),
        _curve(alt, by_key, WEEKS, ("Load gained by training", "week", "ratio")),
        _torques(alt, by_key),
        spacing=36,
    )
    columns = [[row for row in rows if (row.group in LEFT) is is_left] for is_left in (True, False)]
    figures = alt.hconcat(*(_deviations(alt, column) for column in columns), spacing=36)
    within = sum(row.ok for row in rows)
    title = alt.TitleParams(
        "Emulated people and machines beside published figures",
        subtitle=[
            f"{what}; {within} of {len(rows)} figures within their tolerance",
            "Below: deviation of each figure in tolerances (green: within), published → emulated",
        ],
    )
    return alt.vconcat(curves, figures, spacing=30).properties(title=title)


def deviation_rows(rows: Sequence[Row]) -> Values:
    """Return by figure how many tolerances it deviates, and what it is in words."""
    return [
        {
            "name": f"{row.name}",
            "group": row.group,
            "apart": max(-FURTHEST, min(FURTHEST, row.deviation / row.tolerance)),
            "ok": row.ok,
            "words": f"{row.published:.3g} → {row.emulated:.3g} {row.unit}",
        }
        for row in rows
    ]


def curve_rows(by_key: dict[str, Row], places: dict[str, Any]) -> Values:
    """Return a curve's figures, published and emulated, with the emulated spread."""
    return [
        {
            "at": at,
            PUBLISHED: by_key[key].published,
            EMULATED: by_key[key].emulated,
            "low": by_key[key].emulated - by_key[key].spread,
            "high": by_key[key].emulated + by_key[key].spread,
        }
        for key, at in places.items()
        if key in by_key
    ]


def _curve(alt: Any, by_key: dict[str, Row], places: dict[str, Any], words: tuple[str, str, str]) -> Any:
    title, across, up = words
    data = alt.Data(values=curve_rows(by_key, places))
    x = alt.X("at:Q", title=across, scale=alt.Scale(zero=False, padding=12), axis=alt.Axis(grid=False))
    band = (
        alt.Chart(data)
        .mark_area(opacity=0.15, color=OURS)
        .encode(x=x, y=alt.Y("low:Q", title=up), y2="high:Q")
    )
    line = alt.Chart(data).mark_line(color=OURS, strokeWidth=2).encode(x=x, y=f"{EMULATED}:Q")
    dots = (
        alt.Chart(data)
        .mark_point(color=GOAL, size=60, filled=True, opacity=1)
        .encode(x=x, y=f"{PUBLISHED}:Q")
    )
    return alt.layer(band, line, dots).properties(width=WIDTH, height=HEIGHT, title=_caption(alt, title))


def _torques(alt: Any, by_key: dict[str, Row]) -> Any:
    values = [
        {"who": f"{word} {age}", "order": order, **one}
        for word, sex in (("women", "female"), ("men", "male"))
        for order, (low, age) in enumerate(AGES.items())
        for one in curve_rows(by_key, {f"extension_{sex}_{low}": 0})
    ]
    data, order = alt.Data(values=values), [one["who"] for one in values]
    x = alt.X("who:N", title=None, sort=order, axis=alt.Axis(labelAngle=-30))
    bars = (
        alt.Chart(data)
        .mark_bar(opacity=0.15, color=OURS, size=18)
        .encode(x=x, y=alt.Y("low:Q", title="Nm"), y2="high:Q")
    )
    line = alt.Chart(data).mark_tick(color=OURS, thickness=2, size=18).encode(x=x, y=f"{EMULATED}:Q")
    dots = (
        alt.Chart(data)
        .mark_point(color=GOAL, size=60, filled=True, opacity=1)
        .encode(x=x, y=f"{PUBLISHED}:Q")
    )
    caption = _caption(alt, "Trunk extension by sex and age")
    return alt.layer(bars, line, dots).properties(width=WIDTH, height=HEIGHT, title=caption)


def _caption(alt: Any, title: str) -> Any:
    return alt.TitleParams(
        title,
        fontSize=13,
        subtitle="blue: emulated, mean and SD between people · orange: published",
        offset=8,
    )


def _deviations(alt: Any, rows: Sequence[Row]) -> Any:
    return alt.vconcat(
        *(
            _group(alt, group, [row for row in rows if row.group == group])
            for group in dict.fromkeys(row.group for row in rows)
        ),
        spacing=14,
    )


def _group(alt: Any, group: str, rows: Sequence[Row]) -> Any:
    data = alt.Data(values=deviation_rows(rows))
    axis = alt.Axis(values=[-2, -1, 0, 1, 2], format="d", title=None, labelFontSize=9)
    x = alt.X("apart:Q", scale=alt.Scale(domain=[-FURTHEST, FURTHEST]), axis=axis)
    y = alt.Y(
        "name:N", sort=None, title=None, axis=alt.Axis(labelLimit=LABELS, labelFontSize=10, minExtent=LABELS)
    )
    band = alt.Chart(alt.Data(values=[{"low": -1, "high": 1}])).mark_rect(opacity=0.12, color="#009E73")
    within = band.encode(x=alt.X("low:Q"), x2="high:Q")
    colour = alt.condition("datum.ok", alt.value(OURS), alt.value(GOAL))
    stems = alt.Chart(data).mark_rule(color=OTHER).encode(y=y, x=alt.X("zero:Q", axis=axis), x2="apart:Q")
    stems = stems.transform_calculate(zero="0")
    dots = alt.Chart(data).mark_circle(size=55, opacity=1).encode(x=x, y=y, color=colour)
    words = (
        alt.Chart(data)
        .mark_text(align="left", fontSize=10, color="#52606D")
        .encode(y=y, x=alt.value(DOTS + 8), text="words:N")
    )
    return alt.layer(within, stems, dots, words).properties(
        width=DOTS, height=alt.Step(LINE), title=alt.TitleParams(group.capitalize(), fontSize=12, offset=4)
    )
