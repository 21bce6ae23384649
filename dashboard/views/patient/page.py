"""One person: who it is and what holds, and a strip of tabs."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard.address import keep
from dashboard.api.people import Patient, read_patient
from dashboard.client import Failure
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views import files
from dashboard.views.health import tab as health
from dashboard.views.papers import tab as papers
from dashboard.views.patient import adjustments, balance, progress, replay, sessions, whatif
from dashboard.views.patient.header import show_head
from dashboard.views.person import tab as person
from dashboard.views.prescribing import tab as prescribing

TABS: dict[str, Callable[[Screen, Patient], None]] = {
    "Balance": balance.tab,
    "Progress": progress.tab,
    "Adjustments": adjustments.tab,
    "Sessions": sessions.tab,
    "Replay": replay.tab,
    "What-if": whatif.tab,
    "Prescribing": prescribing.tab,
    "Health": health.tab,
    "Notes": papers.tab,
    "Person": person.tab,
    "Files": files.tab,
}
TABS_USUAL = "balance"


def page(screen: Screen) -> None:
    """Show the person named in the URL; only the open tab asks the service."""
    show = screen.show
    chosen = st.query_params.get("patient")
    if not chosen:
        st.title(show.say("Patient"))
        show_empty("No person is chosen.", "Open somebody from the list of patients.", show)
        st.page_link(screen.pages["patients"], label=show.say("Patients"))
        return
    patient = read_patient(screen.client, chosen)
    if isinstance(patient, Failure):
        st.title(show.say("Patient"))
        show_failure(patient, show)
        st.page_link(screen.pages["patients"], label=show.say("Patients"))
        return
    screen = replace(screen, show=show.at_site(patient.zone))
    show_head(screen, patient)
    _tabs(screen, patient)


def _tabs(screen: Screen, patient: Patient) -> None:
    """Open the tab that the URL names; the names differ by language, the URL does not."""
    codes = {screen.show.say(name): name for name in TABS}
    key, usual = f"tab-{screen.show.language}", next(iter(codes))
    wanted = next((word for word, name in codes.items() if name.lower() == st.query_params.get("tab")), usual)
    if key not in st.session_state:
        st.session_state[key] = wanted
    tabs = st.tabs(list(codes), key=key, on_change="rerun")
    for word, tab in zip(codes, tabs, strict=True):
        if tab.open:
            keep("tab", codes[word].lower(), TABS_USUAL)
            with tab:
                TABS[codes[word]](screen, patient)
