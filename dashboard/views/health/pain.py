"""Signed pain: that doses may rise with the pain that this person has."""

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.health import PatientFile, read_patient_file, sign_pain, take_back_pain_signature
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.screen import Screen, show_failure
from dashboard.views.asking import may_act

WHAT = {
    "settled": "Pain of 4 to 5 that is usual for this person and settles by the next morning",
    "baseline": "A usual pain that is high or has risen, for 28 days",
}


def part(screen: Screen, patient: Patient) -> None:
    """Show what is signed; sign it, or take it back."""
    show = screen.show
    file = read_patient_file(screen.client, patient.id)
    if isinstance(file, Failure):
        show_failure(file, show)
        return
    st.caption(
        show.say(
            "Nothing rises while pain is above green, or while the usual pain is above 5 or has risen by 2 "
            "in four weeks. Staff who know the person may sign that it does."
        )
    )
    st.markdown(show.say("Usual pain: {pain} of 10", pain=file.baseline_nrs))
    is_care = may_act(screen)
    for what, words in signed_words(file, show).items():
        with st.container(border=True, key=f"pain-{what}", width=720):
            st.markdown(f"**{show.say(WHAT[what])}**  \n{words}")
            if is_care:
                _act(screen, patient, what, is_signed=is_signed(file, what))


def is_signed(file: PatientFile, what: str) -> bool:
    """Tell whether a signature holds."""
    return file.pain_signed if what == "settled" else file.baseline_signed_nrs is not None


def signed_words(file: PatientFile, show: Formatter) -> dict[str, str]:
    """Say, for both signatures, what holds."""
    settled = show.say("Signed.") if file.pain_signed else show.say("Not signed.")
    if file.baseline_signed_nrs is None:
        return {"settled": settled, "baseline": show.say("Not signed.")}
    until = show.day(file.baseline_signed_until)
    held = show.say("Signed at pain {pain}, until {day}.", pain=file.baseline_signed_nrs, day=until)
    return {"settled": settled, "baseline": held}


def _act(screen: Screen, patient: Patient, what: str, *, is_signed: bool) -> None:
    show = screen.show
    if is_signed:
        if st.button(show.say("Take the signature back"), key=f"unsign-{what}", icon=":material/undo:"):
            answer = take_back_pain_signature(screen.client, patient.id, what)
            tell_outcome(answer, "The signature is taken back.", screen)
    elif st.button(show.say("Sign"), key=f"sign-{what}", icon=":material/signature:"):
        answer = sign_pain(screen.client, patient.id, what)
        tell_outcome(answer, "It is signed and counts from the next sign-in on.", screen)
