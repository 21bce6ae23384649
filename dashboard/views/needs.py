"""Who needs me: people ranked, why and since when, and what helps at once."""

from datetime import UTC, datetime

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.alerts import acknowledge_alert
from dashboard.api.health import clear_symptoms
from dashboard.api.needs import Cause, Need, list_needs
from dashboard.api.papers import order_test, write_note
from dashboard.api.people import read_patient
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, light_badge, show_empty, show_failure
from dashboard.views.alerts.handling import do, offer_undo
from dashboard.views.asking import ask_reason
from dashboard.views.proof import just_proven, proven

CALL = frozenset(
    ("missed_visits", "missed_visit", "away", "days_away", "morning_long", "morning_worse_twice")
)
BOOK = frozenset(("missed_visits", "missed_visit", "away", "days_away"))
TEST = frozenset(("asymmetry", "plateau", "screen_again", "range_lost_twice"))
SYMPTOMS = frozenset(("symptoms", "unwell"))
HEALTH = frozenset(("waiting_clearance", "clear_first", "blood_pressure", "screen_again"))
TESTS = {"strength": "Strength", "mobility": "Mobility"}
OUTCOMES = ("Reached", "No answer", "Will come", "Will not come for now")
URGENT = ("red", "amber")
PEOPLE_MOST = 40  # on one screen
NOTE_MOST = 1_000  # characters


def page(screen: Screen) -> None:
    """Show everybody who needs somebody, the most urgent first."""
    show = screen.show
    st.title(show.say("Who needs me"))
    found = list_needs(screen.client)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    offer_undo(screen)
    if not found.items:
        show_empty("Nobody needs anybody now.", "Look at the floor, or at the visits of the day.", show)
        return
    st.caption(show.say("The most urgent first: {count}", count=len(found.items)))
    for need in found.items[:PEOPLE_MOST]:
        _card(need, screen)
    if len(found.items) > PEOPLE_MOST:
        st.caption(show.say("There are more people than fit here. Help these first."))


def since(cause: Cause, now: datetime, show: Formatter) -> str:
    """Say one reason and since when; of today, the time alone."""
    is_today = show.local(cause.since).date() == show.local(now).date()
    moment = show.clock(cause.since) if is_today else show.moment(cause.since)
    return f"{plain(show.reason(cause))} :gray[{show.say('since {moment}', moment=moment)}]"


def helps(need: Need, role: str) -> tuple[str, ...]:
    """Choose what fits the reasons, in the order of the buttons."""
    codes = {cause.code for cause in need.reasons}
    fits = {
        "acknowledge": any(cause.alerts for cause in need.reasons),
        "clear": bool(codes & SYMPTOMS) and role == "clinician",
        "health": bool(codes & HEALTH),
        "call": bool(codes & CALL),
        "book": bool(codes & BOOK),
        "test": bool(codes & TEST),
        "note": not codes & CALL,
    }
    return tuple(name for name, is_fitting in fits.items() if is_fitting)


def _card(need: Need, screen: Screen) -> None:
    show, now = screen.show, datetime.now(UTC)
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if need.light in URGENT:
                light_badge(need.light, show)
            else:
                st.badge(show.say("Can wait"), color="gray", icon=":material/schedule:")
            st.page_link(
                screen.pages["patient"],
                label=f"**{plain(need.patient.name)}**",
                icon=":material/person:",
                query_params={"patient": need.patient.id},
            )
        st.markdown("\n".join(f"- {since(cause, now, show)}" for cause in need.reasons))
        role = screen.viewer.role if screen.viewer is not None else ""
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            for name in helps(need, role):
                _offer(name, need, screen)


def _offer(name: str, need: Need, screen: Screen) -> None:
    show, patient = screen.show, need.patient
    if name == "acknowledge" and st.button(show.say("Acknowledge"), key=f"acknowledge-{patient.id}"):
        unseen = [alert for cause in need.reasons for alert in cause.alerts]
        do(unseen, acknowledge_alert, show.say("Acknowledged: {name}", name=patient.name), screen)
    if name == "clear" and _wants_to_clear(patient.id, show):
        st.dialog(show.say("Clear symptoms"))(clear)(need, screen)
    if name == "health":
        where = {"patient": patient.id, "tab": "health"}
        st.page_link(screen.pages["patient"], label=show.say("Clearances"), query_params=where)
    if name == "call" and st.button(show.say("Note a call"), key=f"call-{patient.id}"):
        st.dialog(show.say("Note a call"))(call)(need, screen)
    if name == "note" and st.button(show.say("Write a note"), key=f"note-{patient.id}"):
        st.dialog(show.say("Write a note"))(note)(need, screen)
    if name == "book":
        st.page_link(screen.pages["day"], label=show.say("Book a visit"), query_params={"book": patient.id})
    if name == "test" and st.button(show.say("Order a test"), key=f"test-{patient.id}"):
        st.dialog(show.say("Order a test"))(order)(need, screen)


def _wants_to_clear(patient: str, show: Formatter) -> bool:
    """Tell whether the dialog is to be open: by its button, or because it asked for a proof and got it."""
    is_pressed = st.button(show.say("Clear symptoms"), key=f"clear-{patient}")
    return just_proven(f"clear-{patient}") or is_pressed


def clear(need: Need, screen: Screen) -> None:
    """Clear new symptoms: who has seen the person signs for it."""
    show, patient = screen.show, need.patient
    st.markdown(f"**{plain(patient.name)}**")
    st.caption(
        show.say("You have seen the person. Today's visit stays ended; from the next one on, loads count.")
    )
    if not proven(screen, f"clear-{patient.id}"):
        return
    reason = ask_reason(show, f"clear-{patient.id}")
    if st.button(show.say("Clear"), key=f"cleared-{patient.id}", disabled=not reason):
        tell_outcome(clear_symptoms(screen.client, patient.id, reason), "Symptoms are cleared.", screen)


def call(need: Need, screen: Screen) -> None:
    """Note what came of a call."""
    show, patient = screen.show, need.patient
    st.markdown(f"**{plain(patient.name)}**")
    outcome = st.pills(
        show.say("How did it go?"),
        OUTCOMES,
        default=OUTCOMES[0],
        required=True,
        format_func=show.say,
        key=f"outcome-{patient.id}",
    )
    words = st.text_input(show.say("What was said"), key=f"said-{patient.id}", max_chars=NOTE_MOST)
    if st.button(show.say("Keep"), key=f"called-{patient.id}"):
        body = call_note(outcome or OUTCOMES[0], words or "", show)
        tell_outcome(write_note(screen.client, patient.id, "note", body), "The call is noted.", screen)


def call_note(outcome: str, words: str, show: Formatter) -> str:
    """Write what came of a call as a note."""
    called = show.say("Called: {outcome}.", outcome=show.say(outcome).lower())
    return f"{called} {words.strip()}".strip()


def note(need: Need, screen: Screen) -> None:
    """Write a note."""
    show, patient = screen.show, need.patient
    st.markdown(f"**{plain(patient.name)}**")
    words = st.text_area(show.say("Note"), key=f"words-{patient.id}", max_chars=NOTE_MOST)
    if st.button(show.say("Keep"), key=f"kept-{patient.id}", disabled=not (words or "").strip()):
        tell_outcome(
            write_note(screen.client, patient.id, "note", words.strip()), "The note is kept.", screen
        )


def order(need: Need, screen: Screen) -> None:
    """Ask for a test on one of the person's machines."""
    show, patient = screen.show, need.patient
    st.markdown(f"**{plain(patient.name)}**")
    found = read_patient(screen.client, patient.id)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    if not found.stations:
        show_empty("No station is prescribed.", "Sign limits for a first station.", show)
        return
    kinds = [station.kind for station in found.stations]
    kind = st.selectbox(show.say("Station"), kinds, format_func=show.word, key=f"kind-{patient.id}")
    test = st.segmented_control(
        show.say("Which test"),
        list(TESTS),
        default="mobility",
        required=True,
        format_func=lambda code: show.say(TESTS[code]),
        key=f"which-{patient.id}",
    )
    if st.button(show.say("Order"), key=f"ordered-{patient.id}"):
        answer = order_test(screen.client, patient.id, kind or kinds[0], test or "mobility")
        tell_outcome(answer, "The test is asked for in the next session there.", screen)
