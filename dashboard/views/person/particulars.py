"""Particulars: what was asked at enrolment and may change, and the language."""

from typing import Any

import streamlit as st

from contract.machines import catalogue
from dashboard.acting import tell_outcome
from dashboard.api.cards import change_patient, set_language
from dashboard.api.health import PatientFile, read_patient_file
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.format import KG_PER_LB, Formatter
from dashboard.language import LANGUAGES
from dashboard.screen import Screen, show_failure
from dashboard.views.asking import may_act

NAME_MOST = 120  # characters
HEIGHT_M = (0.90, 2.50)
MASS_KG = (20.0, 300.0)
NRS_MOST = 10
STATIONS_MOST = 6
NAMES = {str(code): name for code, name in LANGUAGES.items()}


def part(screen: Screen, patient: Patient) -> None:
    """Change what was asked at enrolment; only what differs is sent."""
    show = screen.show
    file = read_patient_file(screen.client, patient.id)
    if isinstance(file, Failure):
        show_failure(file, show)
        return
    st.markdown(facts_words(patient, file, show))
    if not may_act(screen):
        return
    _language(screen, patient)
    with st.form("particulars", width=720):
        changes = _changes(patient, file, show)
        is_sent = st.form_submit_button(show.say("Save"))
    if is_sent and len(changes.get("stations", ())) > STATIONS_MOST:
        st.error(too_many_words(show), icon=":material/error:")
    elif is_sent and changes:
        tell_outcome(change_patient(screen.client, patient.id, changes), "It is saved.", screen)
    elif is_sent:
        st.info(show.say("Nothing is changed yet."), icon=":material/info:")


def facts_words(patient: Patient, file: PatientFile, show: Formatter) -> str:
    """Write weight, height and language."""
    language = NAMES.get(patient.language, patient.language)
    height = show.say("{height} m", height=f"{file.height_m:.2f}")
    return f"{show.load(patient.mass_kg)} · {height} · {language}"


def too_many_words(show: Formatter) -> str:
    """Say what to do about a circuit from before it had a most."""
    return show.say("At most {count} stations: take some out before the order is saved.", count=STATIONS_MOST)


def _language(screen: Screen, patient: Patient) -> None:
    show = screen.show
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            show.say("Language of the machine screen and of the person's own pages"),
            list(LANGUAGES),
            default=patient.language if patient.language in LANGUAGES else None,
            required=True,
            format_func=lambda each: LANGUAGES[each],
            key=f"language-{patient.id}",
        )
        is_new = chosen is not None and chosen != patient.language
        if st.button(show.say("Set the language"), key="set-language", disabled=not is_new) and chosen:
            answer = set_language(screen.client, patient.id, chosen)
            tell_outcome(answer, "The language is set.", screen)


def _changes(patient: Patient, file: PatientFile, show: Formatter) -> dict[str, Any]:
    """Ask for everything, filled in as it is; answer what differs."""
    held_circuit = [station.kind for station in patient.stations]
    name = st.text_input(show.say("Full name"), patient.name, key=f"name-{patient.id}", max_chars=NAME_MOST)
    height_m = st.number_input(
        show.say("Height (m)"), *HEIGHT_M, file.height_m, step=0.01, format="%.2f", key=f"height-{patient.id}"
    )
    least, most, shown = (round(show.load_value(each), 1) for each in (*MASS_KG, patient.mass_kg))
    weighs = st.number_input(
        show.say("Body weight ({unit})", unit=show.unit),
        least,
        most,
        shown,
        step=0.5,
        format="%.1f",
        key=f"mass-{patient.id}-{show.unit}",
    )
    circuit = st.multiselect(
        show.say("Stations, in the order of the circuit"),
        list(catalogue()),
        held_circuit,
        format_func=show.station,
        max_selections=max(STATIONS_MOST, len(held_circuit)),
        placeholder=show.say("Choose"),
        key=f"circuit-{patient.id}",
    )
    if len(held_circuit) > STATIONS_MOST:
        st.caption(too_many_words(show))
    found: dict[str, Any] = {}
    if name and name.strip() != patient.name:
        found["name"] = name.strip()
    if height_m != file.height_m:
        found["height_m"] = height_m
    if weighs != shown:
        found["mass_kg"] = mass_kg(weighs, show)
    return found | ({"stations": circuit} if circuit != held_circuit else {})


def mass_kg(entered: float, show: Formatter) -> float:
    """Read a body weight in the viewer's unit as kilograms."""
    return entered if show.unit == "kg" else round(entered * KG_PER_LB, 1)
