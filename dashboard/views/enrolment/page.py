"""The page on which a person is enrolled, a tab a step; nothing is written before the last one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboard.api.cards import EnrolledPatient, enrol_patient
from dashboard.api.health import Condition, list_conditions
from dashboard.api.sites import Site, list_sites
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import may_act
from dashboard.views.enrolment.joining import ask_consent
from dashboard.views.enrolment.person import ask_person
from dashboard.views.enrolment.questions import EMERGENCY, ask_health, told_of
from dashboard.views.enrolment.review import by_machine, missing
from dashboard.views.person.once import keep_pin, show_pin

STEPS = ("1 Who", "2 Health", "3 Consent and card", "4 Look it over")
DONE = "enrolled"  # in the session: who has just joined


def page(screen: Screen) -> None:
    """Enrol a person, or show who has just joined."""
    show = screen.show
    st.title(show.say("Enrol a person"))
    conditions = list_conditions(screen.client)
    if isinstance(conditions, Failure):
        show_failure(conditions, show)
        return
    if not may_act(screen):
        return
    sites = list_sites(screen.client)
    if isinstance(sites, Failure):
        show_failure(sites, show)
        return
    opened = [site for site in sites.items if site.closed_at is None]
    if DONE in st.session_state:
        _joined(screen, st.session_state[DONE])
    elif not opened:
        show_empty("No site takes people.", "An admin adds or opens a site first.", show)
    else:
        _steps(screen, opened, conditions.items)


def _steps(screen: Screen, sites: Sequence[Site], conditions: Sequence[Condition]) -> None:
    """Show every step as a tab; what is filled in stays while one goes to and fro."""
    show = screen.show
    words, key = [show.say(step) for step in STEPS], f"enrol-step-{screen.show.language}"
    today = datetime.now(UTC).astimezone(show.zone).date()
    who, health, consent, last = st.tabs(words, key=key, on_change="rerun")
    with who:
        site, body = ask_person(sites, today, show)
        _next(key, words[1], show)
    with health:
        body |= ask_health(conditions, show)
        _next(key, words[2], show)
    with consent:
        body |= ask_consent(show)
        _next(key, words[3], show)
    with last:
        st.markdown(f"**{show.say('Machines')}**")
        st.markdown("  \n".join(by_machine(told_of(body, conditions), today, show)))
        _save(screen, site, body)


def _next(key: str, step: str, show: Formatter) -> None:
    st.button(
        show.say("Next: {step}", step=step), key=f"next-{step}", on_click=_open_step, args=(key, step),
        icon=":material/arrow_forward:",
    )  # fmt: skip


def _open_step(key: str, step: str) -> None:
    st.session_state[key] = step


def _save(screen: Screen, site: str, body: dict[str, Any]) -> None:
    """Say what is missing, or enrol."""
    show = screen.show
    lacking = missing(body)
    if lacking:
        lines = "\n".join(f"- {show.say(sentence)}" for sentence in lacking)
        st.info(f"**{show.say('Still missing:')}**\n\n{lines}", icon=":material/info:")
    is_sent = st.button(show.say("Enrol"), key="enrol", disabled=bool(lacking))
    if not is_sent or lacking:
        return
    answer = enrol_patient(screen.client, site, body)
    if isinstance(answer, Failure):
        show_failure(answer, show)
        return
    if answer.pin:  # first: a second click may end this run at any line, and DONE hides the button
        keep_pin(answer.id, answer.code, answer.pin)
    st.session_state[DONE] = answer
    st.rerun()


def _joined(screen: Screen, joined: EnrolledPatient) -> None:
    """Say who has joined, show the PIN once, and name the next step."""
    show = screen.show
    if joined.emergency:
        st.error(show.say(EMERGENCY), icon=":material/emergency:")
    st.success(
        show.say("Enrolled with code {code}.", code=plain(joined.code)), icon=":material/check_circle:"
    )
    show_pin(joined.id, show)
    if joined.closed_kinds:
        names = ", ".join(show.station(kind) for kind in joined.closed_kinds)
        st.warning(show.say("Closed now: {machines}", machines=names), icon=":material/block:")
    st.markdown(show.say("Next: a clinician signs the first limits; until then every load is 0."))
    st.page_link(
        screen.pages["patient"],
        label=show.say("To the person's limits"),
        icon=":material/signature:",
        query_params={"patient": joined.id, "tab": "prescribing"},
    )
    if st.button(show.say("Enrol another person"), key="enrol-another", icon=":material/person_add:"):
        del st.session_state[DONE]
        st.rerun()
