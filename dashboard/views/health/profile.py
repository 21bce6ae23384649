"""Profile: in rehabilitation, or a healthy member whom staff have released."""

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.health import set_profile
from dashboard.api.people import Patient
from dashboard.screen import Screen
from dashboard.views.asking import ask_reason, may_act

PROFILES = {
    "rehab": "Rehabilitation: careful steps, pain and mornings decide",
    "studio": "Studio: a healthy member, released by staff",
}
REASON_MOST = 500  # characters, as the service keeps them


def part(screen: Screen, patient: Patient) -> None:
    """Show the profile and change it."""
    show = screen.show
    st.markdown(f"**{show.say(PROFILES.get(patient.profile, PROFILES['rehab']))}**")
    other = "studio" if patient.profile == "rehab" else "rehab"
    if not may_act(screen):
        return
    with st.form("profile", width=560):
        st.markdown(show.say("Change to: {profile}", profile=show.say(PROFILES[other])))
        reason = ask_reason(show, f"profile-{patient.id}", REASON_MOST)
        is_sent = st.form_submit_button(show.say("Change the profile"))
    if is_sent and reason:
        answer = set_profile(screen.client, patient.id, other, reason)
        tell_outcome(answer, "The profile is changed.", screen)
    elif is_sent:
        st.error(show.say("Say why."))
