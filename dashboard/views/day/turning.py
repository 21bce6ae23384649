"""A long day in pages: the later ones, and the way back to the first."""

import streamlit as st

from dashboard.client import Failure
from dashboard.format import Formatter


def forget_refused(failure: Failure, place: str) -> None:
    """Leave a place that the service does not know: it would shut the day."""
    if failure.reason == "refused":
        st.session_state.pop(place, None)


def turn(name: str, place: str, following: str | None, show: Formatter) -> None:
    """Offer the later ones of a long day, and the way back; `place`: where in the state the page is kept."""
    with st.container(horizontal=True):
        if st.session_state.get(place) is not None:
            st.button(show.say("First ones"), key=f"{name}-first", on_click=_go, args=(place, None))
        if following is not None:
            st.button(show.say("Later ones"), key=f"{name}-later", on_click=_go, args=(place, following))


def _go(place: str, cursor: str | None) -> None:
    st.session_state[place] = cursor
