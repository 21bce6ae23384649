"""A session as it happened, to be played, paused and sought through; decisions and pain on its timeline."""

import streamlit as st

from dashboard.api.adjustments import AdjustmentPage, list_adjustments
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.components.replay import replay
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.patient.sessions import choose_session

DECISIONS_MOST = 50  # of one session: a plan, and one a set and side


def tab(screen: Screen, patient: Patient) -> None:
    """Replay one session of one person; the choice is that of the sessions' tab, and stays in the URL."""
    show = screen.show
    detail = choose_session(screen, patient)
    if detail is None:
        return
    if not detail.sets:
        show_empty("No set was started.", "Sets appear here as they are done.", show)
        return
    decisions = list_adjustments(screen.client, patient.id, DECISIONS_MOST, show.unit, session=detail.session)
    if isinstance(decisions, Failure):
        show_failure(decisions, show)
    st.caption(
        show.say(
            "Each rep is drawn from the curve that was kept of it (32 points). "
            "◆ decision · ● answer about pain · ○ other answer"
        )
    )
    replay(detail, decisions.items if isinstance(decisions, AdjustmentPage) else (), show)
