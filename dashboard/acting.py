"""What a viewer does: how it went is said once, also over the next run of the page."""

import streamlit as st

from dashboard.client import Failure
from dashboard.screen import Screen, show_failure

SAID = "said"  # in the session: what the next run of a page says about what was just done


def tell_outcome(answer: object, said: str, screen: Screen) -> None:
    """Say that it is done (`said`: a screen sentence) on a fresh run of the page.

    A `Failure` is shown in place instead, and the page stays as it was filled in.
    """
    if isinstance(answer, Failure):
        show_failure(answer, screen.show)
        return
    st.session_state[SAID] = screen.show.say(said)
    st.rerun()


def say_what_was_done() -> None:
    """Say, once, what the run before has done."""
    said = st.session_state.pop(SAID, "")
    if said:
        st.toast(said, icon=":material/check_circle:")
