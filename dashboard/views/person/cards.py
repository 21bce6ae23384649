"""Badge and PIN: give, lock, take away."""

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.cards import IssuedCard, issue_badge, issue_pin, lock_card, take_card_away
from dashboard.api.health import Card, read_patient_file
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import may_act
from dashboard.views.person.once import keep_pin, show_pin

NAMES = {"badge": "Badge", "pin": "PIN and code"}
BADGE_LEAST, BADGE_MOST = 4, 64  # characters
RENEW = "limits-to-renew"  # in the session: kinds whose limits do not know the new card


def part(screen: Screen, patient: Patient) -> None:
    """Show badge and PIN, not what they say; give, lock, take away."""
    show = screen.show
    file = read_patient_file(screen.client, patient.id)
    if isinstance(file, Failure):
        show_failure(file, show)
        return
    show_pin(patient.id, show)
    _say_what_to_renew(screen)
    if not file.cards:
        show_empty("No badge and no PIN.", "Give one, so that the person can sign in at machines.", show)
    is_care = may_act(screen)
    for card in file.cards:
        _card(screen, patient, card, is_care=is_care)
    if is_care:
        _give(screen, patient)


def _card(screen: Screen, patient: Patient, card: Card, *, is_care: bool) -> None:
    show = screen.show
    state = show.say("locked") if card.locked else show.say("opens the machines")
    sign = ":material/lock:" if card.locked else ":material/lock_open:"
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"card-{card.kind}"):
        st.markdown(f"{sign} **{show.say(NAMES[card.kind])}** · {state}", width="stretch")
        if not is_care:
            return
        label = show.say("Unlock") if card.locked else show.say("Lock")
        if st.button(label, key=f"{'unlock' if card.locked else 'lock'}-{card.kind}"):
            answer = lock_card(screen.client, patient.id, card.kind, locked=not card.locked)
            tell_outcome(answer, "It is unlocked." if card.locked else "It is locked.", screen)
        with st.popover(show.say("Take away"), icon=":material/delete:", key=f"take-away-{card.kind}"):
            if st.button(show.say("Take it away for good"), key=f"take-{card.kind}"):
                answer = take_card_away(screen.client, patient.id, card.kind)
                tell_outcome(answer, "It opens nothing any more.", screen)


def _give(screen: Screen, patient: Patient) -> None:
    show = screen.show
    with st.form("badge", width=560):
        badge = st.text_input(
            show.say("New badge: hold it to a reader, or type its number"),
            key=f"badge-{patient.id}",
            max_chars=BADGE_MOST,
        )
        is_sent = st.form_submit_button(show.say("Give this badge"), icon=":material/badge:")
    if is_sent and len(badge or "") < BADGE_LEAST:
        st.error(show.say("A badge has at least {count} characters.", count=BADGE_LEAST))
    elif is_sent:
        _issued(screen, patient, issue_badge(screen.client, patient.id, badge or ""))
    if st.button(show.say("Make a new PIN"), key="new-pin", icon=":material/pin:"):
        _issued(screen, patient, issue_pin(screen.client, patient.id))
    st.caption(show.say("The badge or PIN before opens nothing any more."))


def _issued(screen: Screen, patient: Patient, answer: IssuedCard | Failure) -> None:
    if isinstance(answer, IssuedCard):
        st.session_state[RENEW] = answer.limits_to_renew
        if answer.pin:
            keep_pin(patient.id, patient.code, answer.pin)
    tell_outcome(answer, "It is given.", screen)


def _say_what_to_renew(screen: Screen) -> None:
    """Say, once, which limits must be renewed before the new card opens those machines."""
    kinds = st.session_state.pop(RENEW, ())
    if kinds:
        show = screen.show
        names = ", ".join(show.station(kind) for kind in kinds)
        sentence = "Before it opens these machines, a clinician renews their limits: {machines}"
        st.warning(show.say(sentence, machines=names), icon=":material/signature:")
