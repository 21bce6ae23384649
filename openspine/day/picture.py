"""The picture of a day: who was at which machine when, the door, the staff's errands and the alerts."""

from collections.abc import Sequence
from typing import Any, Final

from openspine.day.run import Day
from openspine.pictures import PALETTE

WIDTH, ROW = 1_080, 30  # points
FIRST_HOUR = 8  # of the clock, when a day begins
HOUR_MS = 3_600_000
SESSION_COLOURS: Final = PALETTE[:5] + PALETTE[6:7]  # red is the alerts'
CHANGE_OVER, QUIET = "#DDE2E7", "#52606D"
ALERT_COLOURS: Final = {"red": "#D0021B", "amber": "#F5A623"}
DOOR_COLOURS: Final = {"on time": "#7B8794", "late": "#E69F00", "did not come": "#D0021B"}
DOOR_SHAPES: Final = {"on time": "circle", "late": "circle", "did not come": "cross"}
LABELLED_MS = 4 * 60_000  # a session shorter than that has no room for a number
Row = dict[str, Any]


def chart(day: Day) -> Any:
    """Draw machines x time."""
    import altair as alt  # noqa: PLC0415 (1 s that only --picture needs)

    visits = [one for one in day.opened.booked if one.comes_ms is not None]
    people = f"{len(visits)} of {len(day.opened.booked)} people"
    title = alt.TitleParams(
        f"A studio's day: {people} on {len(day.opened.machines)} machines",
        subtitle=(
            f"{day.diary.reps} reps in {day.diary.sets} sets, {day.balance['lost']} lost, "
            f"{day.balance['doubled']} doubled; {len(day.errands)} alerts answered by "
            f"{day.asked.therapists} therapists. Numbers are visits, pale is change-over. "
            f"Emulated, seed {day.asked.seed}"
        ),
    )
    panels = [_door(alt, day), _machines(alt, day), _staff(alt, day)]
    return (
        alt.vconcat(*panels, spacing=6)
        .resolve_scale(x="shared", color="independent", shape="independent")
        .properties(title=title)
    )


def session_rows(day: Day) -> list[Row]:
    """Return a bar for every session, and a pale one for the change-over before it."""
    numbers = {one.badge: number for number, one in enumerate(day.opened.booked, 1)}
    rows = []
    for stay in day.stays:
        seat, number = stay.seat, numbers[stay.seat.badge]
        rows.append(_bar(seat.machine, seat.taken_ms, seat.begins_ms, CHANGE_OVER, ""))
        colour = SESSION_COLOURS[number % len(SESSION_COLOURS)]
        is_long = stay.ends_ms - seat.begins_ms >= LABELLED_MS
        bar = _bar(seat.machine, seat.begins_ms, stay.ends_ms, colour, str(number) if is_long else "")
        rows.append(
            bar | {"tip": f"visit {number}: {stay.sets} sets, {stay.reps} reps, {stay.load_kg:.1f} kg"}
        )
    return rows


def alert_rows(day: Day) -> list[Row]:
    """Return a mark for every alert that somebody walked for."""
    return [
        {"row": one.call.machine, "hour": _hour(one.call.raised_ms), "severity": one.call.severity,
         "tip": f"{one.call.code}: somebody there after {one.reaction_ms / 1_000:.0f} s"}
        for one in day.errands
    ]  # fmt: skip


def staff_rows(day: Day) -> list[Row]:
    """Return the errands of every therapist, with the machine's name."""
    return [
        _bar(f"therapist {one.therapist}", one.leaves_ms, one.done_ms, ALERT_COLOURS[one.call.severity], "")
        | {"tip": f"{one.call.code} at {one.call.machine}"}
        for one in day.errands
    ]


def door_rows(day: Day) -> list[Row]:
    """Return when everybody came, or should have."""
    rows = []
    for number, one in enumerate(day.opened.booked, 1):
        how = "did not come" if one.comes_ms is None else "late" if one.is_late else "on time"
        at_ms = one.due_ms if one.comes_ms is None else one.comes_ms
        rows.append({"row": "the door", "hour": _hour(at_ms), "how": how, "tip": f"visit {number}: {how}"})
    return rows


def _machines(alt: Any, day: Day) -> Any:
    rows = list(day.opened.machines)
    base = alt.Chart(alt.Data(values=session_rows(day)))
    where = _row(alt, rows)
    bars = base.mark_bar(height=ROW - 9, cornerRadius=2).encode(
        x=_time(alt, day), x2="until:Q", y=where, color=alt.Color("colour:N", scale=None), tooltip="tip:N"
    )
    numbers = base.mark_text(color="white", fontSize=10, fontWeight="bold").encode(
        x="middle:Q", y=where, text="label:N"
    )
    marks = alt.Chart(alt.Data(values=alert_rows(day))).mark_point(
        shape="triangle-down", filled=True, size=110, opacity=1, yOffset=-13, stroke="white", strokeWidth=1
    )
    scale = alt.Scale(domain=list(ALERT_COLOURS), range=list(ALERT_COLOURS.values()))
    legend = alt.Legend(title="alert", orient="right")
    alerts = marks.encode(
        x="hour:Q", y=where, color=alt.Color("severity:N", scale=scale, legend=legend), tooltip="tip:N"
    )
    drawn = alt.layer(bars, numbers, alerts).resolve_scale(color="independent")
    return drawn.properties(width=WIDTH, height=ROW * len(rows))


def _staff(alt: Any, day: Day) -> Any:
    rows = [f"therapist {number}" for number in range(1, day.asked.therapists + 1)]
    bars = alt.Chart(alt.Data(values=staff_rows(day))).mark_bar(height=ROW - 14, cornerRadius=2)
    drawn = bars.encode(
        x=_time(alt, day, "time of day"), x2="until:Q", y=_row(alt, rows),
        color=alt.Color("colour:N", scale=None), tooltip="tip:N",
    )  # fmt: skip
    return drawn.properties(width=WIDTH, height=(ROW - 6) * len(rows))


def _door(alt: Any, day: Day) -> Any:
    domain = list(DOOR_COLOURS)
    legend = alt.Legend(title="visit", orient="right")  # one for both: they say the same
    colours = alt.Scale(domain=domain, range=list(DOOR_COLOURS.values()))
    shapes = alt.Scale(domain=domain, range=list(DOOR_SHAPES.values()))
    colour = alt.Color("how:N", scale=colours, legend=legend)
    shape = alt.Shape("how:N", scale=shapes, legend=legend)
    points = alt.Chart(alt.Data(values=door_rows(day))).mark_point(filled=True, size=65, opacity=0.95)
    drawn = points.encode(
        x=_time(alt, day), y=_row(alt, ["the door"]), color=colour, shape=shape, tooltip="tip:N"
    )
    return drawn.properties(width=WIDTH, height=ROW)


def _time(alt: Any, day: Day, title: str | None = None) -> Any:
    last = FIRST_HOUR + max(day.opened.day_ms, day.ended_ms) / HOUR_MS
    form = "floor(datum.value) + ':' + (datum.value % 1 ? '30' : '00')"
    axis = alt.Axis(labelExpr=form, tickMinStep=0.5, labels=title is not None, ticks=title is not None)
    return alt.X("hour:Q", title=title, scale=alt.Scale(domain=[FIRST_HOUR, last], nice=False), axis=axis)


def _row(alt: Any, rows: Sequence[str]) -> Any:
    return alt.Y("row:N", title=None, sort=None, scale=alt.Scale(domain=list(rows)))


def _bar(row: str, from_ms: int, until_ms: int, colour: str, label: str) -> Row:
    hour, until = _hour(from_ms), _hour(until_ms)
    middle = (hour + until) / 2
    return {
        "row": row,
        "hour": hour,
        "until": until,
        "middle": middle,
        "colour": colour,
        "label": label,
        "tip": "",
    }


def _hour(ms: int) -> float:
    return FIRST_HOUR + ms / HOUR_MS
