"""Language and unit: kept as the person's own, also for machine screens and reports."""

from functools import partial
from typing import Final

import streamlit as st

from dashboard.components.taps import Tap, taps
from dashboard.format import UNITS
from dashboard.language import LANGUAGES
from dashboard.screen import Screen
from dashboard.views.frame import TOUCHED, WISHED
from dashboard.views.own.around import own

UNIT_WORDS: Final = {"kg": "Kilograms (kg)", "lb": "Pounds (lb)"}


def page(screen: Screen) -> None:
    """Let the person who has signed in choose."""
    show = screen.show
    patient = own(screen, "language", "Language")
    if patient is None:
        return
    st.markdown(show.say("The machines and your report use it too."))
    options = [Tap(value=code, words=name) for code, name in LANGUAGES.items()]
    tapped = taps(
        "own-language", show.say("Language"), options, chosen=show.language, use=partial(_wish, "language")
    )
    st.subheader(show.say("Unit of weight"), anchor=False)
    units = [Tap(value=unit, words=show.say(UNIT_WORDS[unit])) for unit in UNITS]
    weight = taps("own-unit", show.say("Unit of weight"), units, chosen=show.unit, use=partial(_wish, "unit"))
    if tapped is not None or weight is not None:
        st.rerun()


def _wish(name: str, chosen: str) -> None:
    """Choose for the next run of the page; the frame keeps it."""
    if chosen in (*LANGUAGES, *UNITS):
        st.session_state[WISHED] = {**st.session_state.get(WISHED, {}), name: chosen}
        st.session_state[TOUCHED] = True
