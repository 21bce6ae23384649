"""The programme: weeks, visits, stations by phase, goals, and how far the person is."""

from datetime import UTC, date, datetime

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.people import Patient
from dashboard.api.programmes import Goal, Programme, end_programme, list_programmes
from dashboard.client import Failure
from dashboard.format import NOTHING, Formatter, whole
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import may_act
from dashboard.views.prescribing.new_programme import show_new

FUNCTION = {
    "odi": "Disability by back pain (ODI)",
    "roland_morris": "Daily life with back pain (Roland-Morris)",
}
WHY = {"finished": "finished", "stopped": "stopped", "replaced": "replaced by another one"}


def part(screen: Screen, patient: Patient) -> None:
    """Show the programmes, newest first; start one, end the one that runs."""
    show = screen.show
    found = list_programmes(screen.client, patient.id)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    if not found.items:
        show_empty("No programme yet.", "Start one: usually 12 weeks of two visits.", show)
    for programme in found.items:
        with st.container(border=True, key=f"programme-{programme.id}"):
            st.markdown("\n".join(programme_lines(programme, show)))
    if not may_act(screen):
        return
    if any(programme.ended_why is None for programme in found.items):
        _end(screen, patient)
    show_new(screen, patient, datetime.now(UTC).astimezone(show.zone).date())


def programme_lines(programme: Programme, show: Formatter) -> list[str]:
    """Write how far a programme is, its stations and its goals."""
    if programme.ended_why is None:
        where = show.say("week {week} of {weeks}", week=programme.week, weeks=programme.weeks)
    else:
        where = show.say(WHY.get(programme.ended_why, WHY["stopped"]))
    visits = show.say(
        "{kept} of {planned} visits, {count} a week",
        kept=programme.visits_kept, planned=programme.visits_planned, count=programme.visits_a_week,
    )  # fmt: skip
    begun = show.say("Programme since {day}", day=plain_day(programme.starts_day, show))
    lines = [f"**{begun}** · {where} · {visits}", ""]
    for phase, kinds in programme.stations.items():
        circuit = ", ".join(show.station(kind) for kind in kinds) or NOTHING
        lines.append(f"- {show.word(phase)}: {circuit}")
    return [*lines, *(f"- {goal_words(goal, show)}" for goal in programme.goals)]


def goal_words(goal: Goal, show: Formatter) -> str:
    """Write one goal, where the person stands, and whether it is reached."""
    now = NOTHING if goal.now is None else figure(goal.what, goal.now, show)
    words = show.say(
        "Goal: {what} {target} by week {week}, now {now}",
        what=goal_name(goal.what, goal.of, show), target=figure(goal.what, goal.target, show),
        week=goal.week, now=now,
    )  # fmt: skip
    return f":green[:material/check:] {words}" if goal.reached else words


def goal_name(what: str, of: str | None, show: Formatter) -> str:
    """Name what a goal is about."""
    if what == "load":
        return show.say("load on {station}", station=show.station(of))
    if what == "range":
        return show.say("range on {station}", station=show.station(of))
    return show.say("usual pain") if what == "pain" else show.say(FUNCTION.get(of or "", FUNCTION["odi"]))


def figure(what: str, value: float, show: Formatter) -> str:
    """Write the figure of a goal with its unit."""
    if what == "load":
        return show.load(value)
    return f"{whole(value)}°" if what == "range" else f"{value:g}"


def plain_day(day: date, show: Formatter) -> str:
    """Write a calendar day of the studio."""
    return show.day(datetime(day.year, day.month, day.day, 12, tzinfo=show.zone))


def _end(screen: Screen, patient: Patient) -> None:
    show = screen.show
    with st.popover(show.say("End the programme"), icon=":material/flag:"):
        for why, label in (("finished", "It is finished"), ("stopped", "It is stopped early")):
            if st.button(show.say(label), key=f"end-{why}"):
                tell_outcome(
                    end_programme(screen.client, patient.id, why), "The programme has ended.", screen
                )
