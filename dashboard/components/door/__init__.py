"""The door: sends a viewer to the service's sign-in page and back to where they wanted to go."""

from importlib.resources import files

import streamlit as st

from dashboard.format import Formatter

NAME = "openspine_door"


def door(public_url: str, show: Formatter, *, at_once: bool) -> None:
    """Offer the way to the sign-in page; `at_once` goes there without a click."""
    mount = st.components.v2.component(
        NAME, html=_part("door.html"), css=_part("door.css"), js=_part("door.js")
    )
    data = {
        "url": f"{public_url.rstrip('/')}/sign-in",
        "word": show.say("Sign in"),
        "language": show.language,
        "at_once": at_once,
    }
    mount(key="door", data=data, height="content")


def _part(name: str) -> str:
    return files("dashboard").joinpath("components", "door", name).read_text(encoding="utf-8")
