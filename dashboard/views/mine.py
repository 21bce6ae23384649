"""One's own page: progress and balance of the patient who has signed in."""

from collections.abc import Callable

import streamlit as st

from dashboard.api.people import Patient, read_patient
from dashboard.client import Failure
from dashboard.screen import Screen, show_failure
from dashboard.views.patient import balance, progress

PARTS: dict[str, Callable[[Screen, Patient], None]] = {
    "My progress": progress.tab,
    "My balance": balance.tab,
}


def page(screen: Screen) -> None:
    """Show what the service lets this person see of themselves."""
    show = screen.show
    own = screen.viewer.patient if screen.viewer else None
    patient = read_patient(screen.client, own or "")
    if isinstance(patient, Failure):
        st.title(show.say("My progress"))
        show_failure(patient, show)
        return
    st.title(show.say("Welcome, {name}", name=patient.name), anchor=False)
    for tab, part in zip(st.tabs([show.say(name) for name in PARTS]), PARTS.values(), strict=True):
        with tab:
            part(screen, patient)
