"""Where one stands without a page: not signed in, no service, or a role that has no page here."""

import streamlit as st

from dashboard.client import Failure
from dashboard.components.door import door
from dashboard.screen import Screen, show_empty, show_failure

ARRIVED = "has_been_sent"  # in the session: a viewer is sent to the door once, not in circles


def page(screen: Screen, failure: Failure | None = None) -> None:
    """Send people to the sign-in page, or say plainly why there is nothing to see."""
    show = screen.show
    if failure is None:
        name = screen.viewer.name if screen.viewer else ""
        st.title(show.say("Welcome, {name}", name=name))
        show_empty(
            "Your role shows no patients.",
            "Staff, machines and the audit are run from the command line: ./studio admin --help",
            show,
        )
        return
    st.title("OpenSpine")
    if failure.reason != "signed_out":
        show_failure(failure, show)
        return
    st.markdown(show.say("Sign in to see your studio or your own progress."))
    door(screen.public_url, show, at_once=ARRIVED not in st.session_state)
    st.session_state[ARRIVED] = True
