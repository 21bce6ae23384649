"""A PIN is shown once: it stays on the screen until the viewer has put it away, and nowhere else."""

import streamlit as st

from dashboard.format import Formatter, plain

PIN = "pin-shown-once"  # in the session: for whom, the code to type, the PIN


def keep_pin(patient: str, code: str, pin: str) -> None:
    """Keep a PIN for the next runs of this person's page."""
    st.session_state[PIN] = (patient, code, pin)


def show_pin(patient: str, show: Formatter) -> None:
    """Show the PIN that was just made for this person; one for somebody else is forgotten."""
    whose, code, pin = st.session_state.get(PIN, ("", "", ""))
    if whose != patient:
        st.session_state.pop(PIN, None)
        return
    with st.container(border=True, key="pin-once", width=420):
        st.markdown(f"**{show.say('PIN for code {code}', code=plain(code))}**")
        st.code(pin, language=None)
        st.caption(show.say("It is shown this once. Hand it over, then put it away."))
        if st.button(show.say("Put it away"), key="pin-put-away", icon=":material/visibility_off:"):
            del st.session_state[PIN]
            st.rerun()
