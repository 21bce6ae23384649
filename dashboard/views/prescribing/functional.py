"""Entering what was measured with a stopwatch: standing on one leg, rising from a chair."""

from typing import Any, Final

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.functional import (
    Entry,
    FunctionalTests,
    enter_functional_test,
    list_functional_tests,
    withdraw_functional_test,
)
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.screen import Screen, show_failure
from dashboard.views.functional import TESTS, due_lines

CAPS_S: Final = (45, 30)  # where the clock is stopped
ENTERED: Final = "functional-entered"  # in the session: how many were entered; the form is a new one then
STANDS_MOST: Final = 60  # in 30 s
HOW: Final = {
    "single_leg_stand": (
        "Eyes open, shoes off, arms crossed; the better of three tries a leg. Leave a leg empty that was not "
        "tested. Stand beside the person."
    ),
    "chair_stand": (
        "Arms crossed, chair of 43 cm against the wall; count full stands in 30 s. Enter 0 where arms had to "
        "help. Stand beside the person."
    ),
}


def part(screen: Screen, patient: Patient, *, is_care: bool) -> None:
    """Show what is due and what was entered; enter another, withdraw a mistake."""
    show = screen.show
    found = list_functional_tests(screen.client, patient.id)
    st.subheader(show.say("Standing and rising"), anchor=False)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    for line in due_lines(found, show):
        st.markdown(f":orange[:material/assignment:] {line}")
    if is_care:
        _enter(screen, patient, found)
    for entry in found.items:
        _entry(screen, entry, is_care=is_care)


def entry_words(entry: Entry, show: Formatter) -> str:
    """Write a test as it was entered."""
    week = show.say("between") if entry.week is None else show.say("week {week}", week=entry.week)
    head = f"{show.day(entry.at)}, {week}: {show.say(TESTS[entry.test])}"
    if entry.stands is not None:
        return f"{head} · {show.say('{count} stands in 30 s', count=entry.stands)}"
    legs = [
        f"{show.word(side).lower()} {show.say('{count} s', count=f'{value:.1f}')}"
        for side, value in (("left", entry.left_s), ("right", entry.right_s))
        if value is not None
    ]
    return f"{head} · {', '.join(legs)} · {show.say('clock of {count} s', count=entry.cap_s)}"


def _entry(screen: Screen, entry: Entry, *, is_care: bool) -> None:
    show = screen.show
    with st.container(horizontal=True, vertical_alignment="center", key=f"functional-{entry.id}"):
        st.markdown(entry_words(entry, show), width="stretch")
        if is_care and st.button(
            show.say("Withdraw"), key=f"unmeasure-{entry.id}", icon=":material/undo:", type="tertiary"
        ):
            answer = withdraw_functional_test(screen.client, entry.id)
            tell_outcome(answer, "The test is withdrawn.", screen)


def _enter(screen: Screen, patient: Patient, found: FunctionalTests) -> None:
    show = screen.show
    due = found.due[0].test if found.due else "single_leg_stand"
    chosen = st.segmented_control(
        show.say("Enter a test"),
        list(TESTS),
        default=due,
        required=True,
        format_func=lambda each: show.say(TESTS[each]),
        key=f"functional-test-{patient.id}",
    )
    test = chosen or due
    with st.form(f"functional-{test}", width=560):
        st.caption(show.say(HOW[test]))
        measured = _stands(patient, show) if test == "chair_stand" else _seconds(patient, show)
        is_sent = st.form_submit_button(show.say("Enter it"))
    if not is_sent:
        return
    if not is_measured(measured):
        st.error(show.say("There is nothing to write down."))
        return
    answer = enter_functional_test(screen.client, patient.id, {"test": test, **measured})
    if not isinstance(answer, Failure):
        st.session_state[ENTERED] = st.session_state.get(ENTERED, 0) + 1
    tell_outcome(answer, "The test is entered.", screen)


def is_measured(measured: dict[str, Any]) -> bool:
    """Tell whether there is a figure, not only a clock."""
    return any(value is not None for name, value in measured.items() if name != "cap_s")


def _key(name: str, patient: Patient) -> str:
    """Name a field of the form; after a test was entered it is an empty one."""
    return f"{name}-{patient.id}-{st.session_state.get(ENTERED, 0)}"


def _stands(patient: Patient, show: Formatter) -> dict[str, Any]:
    label = show.say("Full stands in 30 s")
    return {"stands": st.number_input(label, 0, STANDS_MOST, None, key=_key("stands", patient))}


def _seconds(patient: Patient, show: Formatter) -> dict[str, Any]:
    cap_s = st.radio(
        show.say("The clock ends at (s)"), CAPS_S, key=_key("functional-cap", patient), horizontal=True
    )
    most = float(CAPS_S[0])
    sides = st.columns(2)
    left_s = sides[0].number_input(
        show.say("Left leg (s)"), 0.0, most, None, step=0.1, key=_key("functional-left", patient)
    )
    right_s = sides[1].number_input(
        show.say("Right leg (s)"), 0.0, most, None, step=0.1, key=_key("functional-right", patient)
    )
    return {"left_s": left_s, "right_s": right_s, "cap_s": cap_s}
