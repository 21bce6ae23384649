"""What stands around every page: the DEMO ribbon, alerts of the studio, the choice of unit and language."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard.address import Choice, keep, seed
from dashboard.api.door import About, Viewer, sign_out
from dashboard.api.own import set_language
from dashboard.client import Client
from dashboard.format import UNITS, Formatter, plain
from dashboard.language import LANGUAGES
from dashboard.views.entrance import ARRIVED
from dashboard.wall import is_wall

STUDIO_ZONE = "Asia/Hong_Kong"  # shown until the service says its own
WISHED = "wished"  # in the session: choices that a page has made, for its next run, by name
TOUCHED = "touched"  # in the session: the viewer has just made a choice


def choose_formatter(about: About | None, viewer: Viewer | None = None) -> Formatter:
    """Show ribbon and choices, and build the formatter from them; both choices stay in the URL.

    A patient reads the own language unless the URL names another, and chooses the unit on a page.
    """
    is_patient = viewer is not None and viewer.role == "patient"
    own_language = viewer.language if viewer and viewer.language in LANGUAGES else None
    st.session_state.update(st.session_state.pop(WISHED, {}))
    own_zone = viewer.zone if viewer else None
    zone = ZoneInfo(own_zone or (about.zone if about else STUDIO_ZONE))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        ribbon = st.empty()
        with st.container(horizontal=True, width="content", gap="small"):
            is_unit_kept = is_patient or is_wall()
            unit = (
                _kept("unit", UNITS)
                if is_unit_kept
                else _choice("Unit", "unit", {unit: unit for unit in UNITS})
            )
            language = (
                _kept("language", tuple(LANGUAGES))
                if is_wall()
                else _choice("Language", "language", LANGUAGES, own_language)
            )
    show = Formatter(unit=unit, zone=zone, language=language)
    if about and about.demo:
        ribbon.badge(
            show.say("DEMO: people and machines are made up"), color="orange", icon=":material/science:"
        )
    for reason in about.attention if about else ():
        st.warning(show.reason(reason), icon=":material/warning:")
    return show


def show_viewer(client: Client, viewer: Viewer, show: Formatter) -> None:
    """Say who has signed in, and let them out; a patient's choice of language is kept as the own."""
    if st.session_state.pop(TOUCHED, False) and viewer.patient and show.language != viewer.language:
        set_language(client, viewer.patient, show.language)
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"
    ):
        st.caption(plain(viewer_words(viewer, show)), width="content")
        if st.button(show.say("Sign out"), key="sign-out", icon=":material/logout:", type="tertiary"):
            sign_out(client)
            st.session_state[ARRIVED] = True  # who leaves is not sent back to the door
            st.rerun()


def viewer_words(viewer: Viewer, show: Formatter) -> str:
    """Say who has signed in; who sees several sites is told by which clock the lists of all of them go."""
    said = f"{viewer.name} · {show.word(viewer.role)}"
    has_one_clock = viewer.role == "patient" or (viewer.sites is not None and len(viewer.sites) == 1)
    return said if has_one_clock else f"{said} · {show.say('times in {place}', place=show.place())}"


def _touched() -> None:
    st.session_state[TOUCHED] = True


def _kept(name: str, options: Sequence[Choice]) -> Choice:
    """Take a choice from the URL or from before, without showing it."""
    seed(name, name, options, options[0])
    kept: Choice = st.session_state[name]
    keep(name, kept, options[0])
    return kept


def _choice(label: str, name: str, options: Mapping[Choice, str], own: str | None = None) -> Choice:
    """Show a choice by its words and keep its code in the URL; the own or else the first one is usual."""
    usual = next((option for option in options if option == own), next(iter(options)))
    seed(name, name, list(options), usual)
    chosen = st.segmented_control(
        label,
        list(options),
        format_func=lambda option: options[option],
        required=True,
        key=name,
        on_change=_touched,
        label_visibility="collapsed",
    )
    keep(name, chosen, usual)
    return chosen or usual
