"""The evening's signature: what changed today by person, why, and one clinician's name under it."""

from collections.abc import Sequence

import streamlit as st

from dashboard.api.countersign import Change, Changes, list_changes
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import may_sign
from dashboard.views.day.signing import Ticks, sign, take_back, tick_box, ticks_of
from dashboard.views.day.turning import forget_refused, places, turn
from dashboard.views.guard import refusal_words
from dashboard.views.proof import proven

RAISED = {
    "load": "Load raised",
    "amplitude": "Range raised",
    "range": "Range raised",
    "time": "Time raised",
    "reps": "Repetitions raised",
    "sets": "A set more",
    "rest": "Rest raised",
}
ARROW = "\N{RIGHTWARDS ARROW}"


def part(day: str, screen: Screen) -> None:
    """Show the changes of a day by person, and let a clinician sign them."""
    show, place = screen.show, f"changes-from-{day}"
    found = list_changes(screen.client, day, show.unit, places().get(place))
    if isinstance(found, Failure):
        forget_refused(found, place)
        show_failure(found, show)
        return
    if not found.count:
        show_empty(
            "Nothing changed on this day.", "What the model raises or staff choose appears here.", show
        )
        return
    st.markdown(summary(found, show))
    ticks = ticks_of(day)
    is_whole = found.next is None and places().get(place) is None
    take_back(found, ticks, show, is_whole=is_whole)
    for person in by_person(found.items):
        _person(person, ticks, screen)
    if found.open and may_sign(screen) and proven(screen, "countersign"):
        sign(found, ticks, screen)
    turn("changes", place, found.next, show)


def by_person(changes: Sequence[Change]) -> list[list[Change]]:
    """Group changes by person, those with something to sign first, in the order of the day."""
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.patient.id, []).append(change)
    return sorted(groups.values(), key=lambda mine: all(change.signed for change in mine))


def summary(changes: Changes, show: Formatter) -> str:
    """Say how much is to be signed."""
    if not changes.open:
        return f":green[:material/check_circle:] {show.say('Everything of this day is signed.')}"
    return show.say("**To be signed: {open}** of {count} changes", open=changes.open, count=changes.count)


def line(change: Change, show: Formatter) -> str:
    """Say one change: when, where, from which load to which, and who chose it."""
    parts = [
        show.clock(change.at),
        f"**{show.station(change.kind, change.side)}**",
        show.say("set {number}", number=change.set),
        _loads(change, show),
        outcome(change, show),
    ]
    return " · ".join(parts)


def outcome(change: Change, show: Formatter) -> str:
    """Say in words why it is on the list."""
    if change.by_staff:
        return show.say("Staff chose the dose")
    if change.refusal is not None:
        return show.say("The machine refused it: {why}", why=refusal_words(change.refusal, show))
    return show.say(RAISED[change.raised]) if change.raised in RAISED else show.word(change.raised)


def _loads(change: Change, show: Formatter) -> str:
    if change.before_kg is None or change.before_kg == change.load_kg:
        return show.load(change.load_kg)
    return f"{show.load(change.before_kg)} {ARROW} {show.load(change.load_kg)}"


def _person(changes: list[Change], ticks: Ticks, screen: Screen) -> None:
    """Show the changes of one person; a clinician can tick them."""
    show, person = screen.show, changes[0].patient
    is_clinician = screen.viewer is not None and screen.viewer.role == "clinician"
    with st.container(border=True, gap="xsmall"):
        st.page_link(
            screen.pages["patient"],
            label=f"**{plain(person.name)}**",
            icon=":material/person:",
            query_params={"patient": person.id, "tab": "adjustments"},
        )
        for change in changes:
            said = line(change, show)
            if change.signed:
                st.markdown(f":green[:material/check_circle:] {said} · {show.say('signed')}")
            elif is_clinician:
                tick_box(change, said, ticks)
            else:
                st.markdown(said)
            for reason in change.why[:2]:
                st.caption(plain(show.reason(reason)))
