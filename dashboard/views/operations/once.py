"""What is shown once and never again: a code to be typed in somewhere else."""

from datetime import datetime

import streamlit as st

from dashboard.format import Formatter, plain

CODE = "code-shown-once"  # in the session: name, code, what to do with it, until when


def keep_code(name: str, code: str, advice: str, until: datetime) -> None:
    """Keep a code for the next runs of the page, until the viewer has put it away."""
    st.session_state[CODE] = (name, code, advice, until)


def show_code(show: Formatter) -> None:
    """Show the code that was just made, with what to do with it."""
    if CODE not in st.session_state:
        return
    name, code, advice, until = st.session_state[CODE]
    with st.container(border=True):
        st.markdown(f"**{show.say('One-time code for {name}', name=plain(name))}**")
        st.code(code, language=None)
        st.caption(
            f"{advice} {show.say('Holds until {time}; it is shown this once.', time=show.moment(until))}"
        )
        if st.button(show.say("I have it"), key="code-put-away"):
            del st.session_state[CODE]
            st.rerun()
