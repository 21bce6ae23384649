"""Tests: what waits for its session, asking for another, and what was measured."""

import streamlit as st

from contract.machines import catalogue
from dashboard.acting import tell_outcome
from dashboard.api.papers import AskedTest, Try, cancel_test, list_tests, order_test
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.format import Formatter, whole
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import may_act
from dashboard.views.prescribing import functional

TESTS = {"mobility": "Mobility test", "strength": "Strength test"}


def part(screen: Screen, patient: Patient) -> None:
    """Show tests that wait and tries that were made; ask for another."""
    show = screen.show
    found = list_tests(screen.client, patient.id)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    is_care = may_act(screen)
    if not found.waiting and not found.tries:
        show_empty("No test yet.", "Ask for one; it is made in the next session on that machine.", show)
    for asked in found.waiting:
        _waiting(screen, asked, is_care=is_care)
    if is_care:
        _order(screen, patient)
    if found.tries:
        st.subheader(show.say("What was measured"), anchor=False)
        st.markdown("\n".join(f"- {try_words(one, show)}" for one in found.tries))
    functional.part(screen, patient, is_care=is_care)


def waiting_words(asked: AskedTest, show: Formatter) -> str:
    """Write which test waits, on which machine, since when."""
    return show.say(
        "{test}, {station}: asked for on {day}, waits for the next session there",
        test=show.say(TESTS.get(asked.test, TESTS["mobility"])),
        station=show.station(asked.kind),
        day=show.day(asked.ordered_at),
    )


def try_words(one: Try, show: Formatter) -> str:
    """Write one try: when, where, and what was measured, in clinical angles."""
    test, station = show.say(TESTS.get(one.test, TESTS["mobility"])), show.station(one.kind, one.side)
    head = show.say(
        "{day}: {test}, {station}, try {number}",
        day=show.day(one.at),
        test=test,
        station=station,
        number=one.attempt,
    )
    if one.test != "strength":
        return f"{head} · " + show.say("range {range}°", range=whole(one.range_deg))
    known = catalogue().get(one.kind)
    angle_deg = known.clinical_deg(one.angle_deg) if known else one.angle_deg
    figures = show.say(
        "at {angle}°: peak {peak} Nm, mean of 3 s {mean} Nm",
        angle=whole(angle_deg), peak=whole(one.peak_nm), mean=whole(one.mean_3s_nm),
    )  # fmt: skip
    return f"{head} · {figures}"


def _waiting(screen: Screen, asked: AskedTest, *, is_care: bool) -> None:
    show = screen.show
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"test-{asked.id}"):
        st.markdown(waiting_words(asked, show), width="stretch")
        if is_care and st.button(show.say("Take back"), key=f"cancel-{asked.id}", icon=":material/undo:"):
            tell_outcome(cancel_test(screen.client, asked.id), "The test is taken back.", screen)


def _order(screen: Screen, patient: Patient) -> None:
    show = screen.show
    own = [station.kind for station in patient.stations] or list(catalogue())
    with st.form("order-test", width=560):
        st.markdown(f"**{show.say('Ask for a test')}**")
        kind = st.selectbox(show.say("Machine"), own, format_func=show.station, key=f"test-kind-{patient.id}")
        test = st.radio(
            show.say("Test"),
            list(TESTS),
            format_func=lambda each: show.say(TESTS[each]),
            key=f"test-{patient.id}",
            horizontal=True,
        )
        st.caption(show.say("Whether a maximal effort is allowed is judged on the day, by pain and health."))
        is_sent = st.form_submit_button(show.say("Ask for it"))
    if is_sent:
        answer = order_test(screen.client, patient.id, kind or own[0], test or "mobility")
        tell_outcome(answer, "The test is asked for.", screen)
