"""What stands around every page: the DEMO ribbon and the viewer's choice of unit and language."""

from zoneinfo import ZoneInfo

import streamlit as st

from dashboard.answers import About
from dashboard.format import UNITS, Formatter
from dashboard.language import LANGUAGES

STUDIO_ZONE = "Asia/Hong_Kong"  # shown until the service says its own


def choose_formatter(about: About | None) -> Formatter:
    """Show ribbon and choices, and build the formatter from them; both choices stay in the URL."""
    zone = ZoneInfo(about.zone if about else STUDIO_ZONE)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        ribbon = st.empty()
        with st.container(horizontal=True, width="content", gap="small"):
            unit = st.segmented_control(
                "Unit", UNITS, default="kg", required=True, key="unit", bind="query-params",
                label_visibility="collapsed", persist_state="session",
            )  # fmt: skip
            language = st.segmented_control(
                "Language", list(LANGUAGES), format_func=lambda code: LANGUAGES[code], default="en",
                required=True, key="language", bind="query-params", label_visibility="collapsed",
                persist_state="session",
            )  # fmt: skip
    show = Formatter(unit=unit or "kg", zone=zone, language=language or "en")
    if about and about.demo:
        ribbon.badge(
            show.say("DEMO: people and machines are made up"), color="orange", icon=":material/science:"
        )
    return show
