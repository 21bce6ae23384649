"""Consent: what the person agrees to, in which version of the text."""

import re
from collections.abc import Sequence

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.health import Consent, read_patient_file, state_consent
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import may_act

PURPOSES = {
    "training": "Training, and keeping what is measured",
    "research": "Research with figures that name nobody",
    "reminders": "Reminders",
}
VERSION = "^[A-Za-z0-9._-]{1,32}$"


def part(screen: Screen, patient: Patient) -> None:
    """Show the newest statement of each purpose; keep a new one."""
    show = screen.show
    file = read_patient_file(screen.client, patient.id)
    if isinstance(file, Failure):
        show_failure(file, show)
        return
    if not file.consents:
        show_empty("No consent is kept.", "Nobody trains without: keep what the person has signed.", show)
    for one in file.consents:
        st.markdown(f"- {consent_words(one, show)}")
    if may_act(screen):
        _state(screen, patient, file.consents)


def consent_words(one: Consent, show: Formatter) -> str:
    """Write one statement with its version and day."""
    sentence = "{purpose}: agreed, version {version}, {day}"
    if not one.given:
        sentence = "{purpose}: not agreed, version {version}, {day}"
    purpose = show.say(PURPOSES[one.purpose]) if one.purpose in PURPOSES else show.word(one.purpose)
    return show.say(sentence, purpose=purpose, version=plain(one.version), day=show.day(one.at))


def newest_version(consents: Sequence[Consent]) -> str:
    """Return the version of the text that was signed last, where a form begins."""
    return max(consents, key=lambda one: one.at).version if consents else ""


def _state(screen: Screen, patient: Patient, consents: Sequence[Consent]) -> None:
    show = screen.show
    with st.form("consent", width=560):
        st.markdown(f"**{show.say('Keep a statement')}**")
        purpose = st.selectbox(
            show.say("Purpose"), list(PURPOSES), format_func=lambda one: show.say(PURPOSES[one]),
            key=f"purpose-{patient.id}",
        )  # fmt: skip
        version = st.text_input(
            show.say("Version of the text"),
            newest_version(consents),
            key=f"version-{patient.id}",
            max_chars=32,
        )
        given = st.radio(
            show.say("The person"),
            [True, False],
            format_func=lambda yes: show.say("agrees") if yes else show.say("does not agree"),
            key=f"given-{patient.id}",
            horizontal=True,
        )
        st.caption(show.say("Who no longer agrees to training stops at once and signs in no more."))
        is_sent = st.form_submit_button(show.say("Keep it"))
    if not is_sent:
        return
    if not re.match(VERSION, version or ""):
        st.error(show.say("Write the version as it stands on the text: letters, figures, dots and dashes."))
        return
    answer = state_consent(
        screen.client, patient.id, {"purpose": purpose, "version": version, "given": bool(given)}
    )
    tell_outcome(answer, "The statement is kept.", screen)
