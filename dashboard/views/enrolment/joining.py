"""Step 3: what the person agrees to, and what opens the machines."""

from typing import Any

import streamlit as st

from dashboard.format import Formatter
from dashboard.views.health.consents import PURPOSES


def ask_consent(show: Formatter) -> dict[str, Any]:
    """Ask for consent, in which version of the text, and for code, badge and PIN."""
    st.markdown(f"**{show.say('The person agrees to')}**")
    agreed = {
        purpose: st.checkbox(show.say(words), key=f"enrol-agrees-{purpose}")
        for purpose, words in PURPOSES.items()
    }
    version = st.text_input(
        show.say("Version of the text that was signed"),
        key="enrol-version",
        max_chars=32,
        placeholder="2026-10",
    )
    st.markdown(f"**{show.say('Badge and PIN')}**")
    left, right = st.columns(2)
    with left:
        code = st.text_input(show.say("Code (empty: one is made)"), key="enrol-code", max_chars=32)
    with right:
        badge = st.text_input(show.say("Badge (empty: none)"), key="enrol-badge", max_chars=64)
    with_pin = st.checkbox(show.say("Make a PIN; it is shown once, at the end"), value=True, key="enrol-pin")
    consents = [
        {"purpose": purpose, "version": (version or "").strip(), "given": given}
        for purpose, given in agreed.items()
    ]
    given = {"code": (code or "").strip(), "badge": (badge or "").strip()}
    return {"consents": consents, "with_pin": with_pin} | {
        name: value for name, value in given.items() if value
    }
