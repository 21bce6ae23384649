"""The door: sends a viewer to the service's sign-in page and back to where they were or wanted to go."""

from importlib.resources import files
from typing import Any

import streamlit as st

from dashboard.format import Formatter

NAME = "openspine_door"


def door(public_url: str, show: Formatter, *, at_once: bool) -> None:
    """Offer the way to the sign-in page; `at_once` goes there without a click."""
    _mount("door", public_url, show, {"word": show.say("Sign in"), "at_once": at_once, "again": False})


def provider_door(public_url: str, provider: str, show: Formatter, key: str) -> None:
    """Offer the way to the identity provider, to prove there again who one is."""
    word = show.say("Prove it with {provider}", provider=provider)
    _mount(f"door-{key}", public_url, show, {"word": word, "at_once": False, "again": True})


def _mount(key: str, public_url: str, show: Formatter, data: dict[str, Any]) -> None:
    mount = st.components.v2.component(
        NAME, html=_part("door.html"), css=_part("door.css"), js=_part("door.js")
    )
    where = {"url": f"{public_url.rstrip('/')}/sign-in", "language": show.language}
    mount(key=key, data=where | data, height="content")


def _part(name: str) -> str:
    return files("dashboard").joinpath("components", "door", name).read_text(encoding="utf-8")
