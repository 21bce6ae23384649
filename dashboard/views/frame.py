"""What stands around every page: the DEMO ribbon, alerts of the studio, the choice of unit and language."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard.address import Choice, keep, seed
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
            unit = _choice("Unit", "unit", {unit: unit for unit in UNITS})
            language = _choice("Language", "language", LANGUAGES)
    show = Formatter(unit=unit, zone=zone, language=language)
    if about and about.demo:
        ribbon.badge(
            show.say("DEMO: people and machines are made up"), color="orange", icon=":material/science:"
        )
    for reason in about.attention if about else ():
        st.warning(show.reason(reason), icon=":material/warning:")
    return show


def _choice(label: str, name: str, options: Mapping[Choice, str]) -> Choice:
    """Show a choice by its words and keep its code in the URL; the first one is usual."""
    usual = next(iter(options))
    seed(name, name, list(options), usual)
    chosen = st.segmented_control(
        label,
        list(options),
        format_func=lambda option: options[option],
        required=True,
        key=name,
        label_visibility="collapsed",
    )
    keep(name, chosen, usual)
    return chosen or usual
