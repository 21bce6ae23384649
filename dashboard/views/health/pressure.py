"""Blood pressure: the newest counts from the next sign-in on."""

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.health import Pressure, enter_blood_pressure, read_patient_file
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import may_act

SYSTOLIC_MMHG, DIASTOLIC_MMHG = (50, 300, 130), (20, 200, 80)  # least, most, where the field begins
NO_SESSION_MMHG, NO_TEST_MMHG = (180, 110), (160, 100)  # clinical page: at or above


def part(screen: Screen, patient: Patient) -> None:
    """Show what was measured, and enter a new value."""
    show = screen.show
    file = read_patient_file(screen.client, patient.id)
    if isinstance(file, Failure):
        show_failure(file, show)
        return
    if not file.pressures:
        show_empty("No blood pressure yet.", "Measure it before the first training and enter it here.", show)
    for measured in file.pressures:
        st.markdown(f"- {pressure_words(measured, show)}")
    if may_act(screen):
        _enter(screen, patient)


def pressure_words(measured: Pressure, show: Formatter) -> str:
    """Write one blood pressure and what it means for training."""
    systolic, diastolic = measured.systolic_mmhg, measured.diastolic_mmhg
    line = show.say(
        "{day}: {systolic}/{diastolic} mmHg",
        day=show.moment(measured.at),
        systolic=systolic,
        diastolic=diastolic,
    )
    meaning = meaning_of(systolic, diastolic)
    return f"{line} · :orange[{show.say(meaning)}]" if meaning else line


def meaning_of(systolic: int, diastolic: int) -> str:
    """Say what a blood pressure keeps a person from; empty for nothing."""
    if systolic >= NO_SESSION_MMHG[0] or diastolic >= NO_SESSION_MMHG[1]:
        return "no session"
    if systolic >= NO_TEST_MMHG[0] or diastolic >= NO_TEST_MMHG[1]:
        return "no test, little effort"
    return ""


def _enter(screen: Screen, patient: Patient) -> None:
    show = screen.show
    with st.form("blood-pressure", width=420):
        st.markdown(f"**{show.say('Enter a blood pressure')}**")
        systolic = st.number_input(show.say("Systolic (mmHg)"), *SYSTOLIC_MMHG, key=f"systolic-{patient.id}")
        diastolic = st.number_input(
            show.say("Diastolic (mmHg)"), *DIASTOLIC_MMHG, key=f"diastolic-{patient.id}"
        )
        is_sent = st.form_submit_button(show.say("Enter it"))
    if is_sent:
        answer = enter_blood_pressure(screen.client, patient.id, int(systolic), int(diastolic))
        tell_outcome(answer, "It is entered and counts from the next sign-in on.", screen)
