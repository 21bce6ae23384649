"""Parts of a tab: one is open at a time, named in the URL, and only it asks the service."""

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.address import keep, seed
from dashboard.api.people import Patient
from dashboard.screen import Screen

Part = Callable[[Screen, Patient], None]


def open_part(name: str, parts: Mapping[str, Part], screen: Screen, patient: Patient) -> None:
    """Show a strip of the parts (by their titles) and the one that is chosen; the first is usual."""
    titles = {code(title): title for title in parts}
    usual, key = next(iter(titles)), f"part-{name}"
    seed("part", key, list(titles), usual)
    chosen = st.segmented_control(
        screen.show.say("Part"),
        list(titles),
        format_func=lambda each: screen.show.say(titles[each]),
        required=True,
        key=key,
        label_visibility="collapsed",
    )
    keep("part", chosen, usual)
    parts[titles[chosen or usual]](screen, patient)


def code(title: str) -> str:
    """Write a title as it stands in the URL: "Home exercises" is home-exercises."""
    return title.lower().replace(" ", "-")
