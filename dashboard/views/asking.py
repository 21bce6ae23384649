"""What acting asks for everywhere: a role that may, and a reason."""

import streamlit as st

from dashboard.format import Formatter
from dashboard.screen import Screen, show_empty

CARE = ("therapist", "clinician")
REASON_MOST = 200  # characters, of what is kept with a signature


def may_act(screen: Screen) -> bool:
    """Tell whether the viewer handles patients; says why not."""
    viewer = screen.viewer
    if viewer is None:
        show_empty("Nobody has signed in here.", "Sign in to change anything.", screen.show)
        return False
    return viewer.role in CARE


def may_sign(screen: Screen) -> bool:
    """Tell whether the viewer signs; says who does where the viewer does not."""
    if not may_act(screen):
        return False
    if screen.viewer is not None and screen.viewer.role == "clinician":
        return True
    show_empty("Only clinicians sign this.", "You see what holds; ask a clinician to change it.", screen.show)
    return False


def ask_reason(show: Formatter, key: str, most: int = REASON_MOST) -> str:
    """Ask why; empty until something is written."""
    given = st.text_input(show.say("Reason"), key=f"reason-{key}", max_chars=most)
    return (given or "").strip()


def told(thing: object, show: Formatter) -> str:
    """Take the words of something that the service names in both languages."""
    return str(getattr(thing, "text_en" if show.language == "en" else "text_zh"))
