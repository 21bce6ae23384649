"""Choices that live in the URL by their code, so that a link works in every language.

Streamlit's own binding writes the label that is shown, and loses the choice when the language changes.
"""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

GOING = "going"  # in the session: where a button leads within its page, by the name in the URL
Choice = TypeVar("Choice", bound=str)


def seed(name: str, key: str, options: Sequence[Choice], default: Choice | None) -> None:
    """Give the widget `key` the value that the URL names, unless the viewer has already chosen."""
    if key in st.session_state and (st.session_state[key] in options or st.session_state[key] is None):
        return
    wanted = st.query_params.get(name)
    st.session_state[key] = wanted if wanted in options else default


def keep(name: str, chosen: str | None, default: str | None) -> None:
    """Write the choice into the URL; a usual choice leaves the URL short."""
    if chosen is None or chosen == default:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != chosen:
        st.query_params[name] = chosen


def going() -> dict[str, str | None]:
    """Look up where buttons lead: a page gives it to their callbacks, which must not ask the session."""
    way: dict[str, str | None] = st.session_state.setdefault(GOING, {})
    return way


def go(way: dict[str, str | None], name: str, wanted: str | None) -> None:
    """Lead to a part of the page, None back to all of it, by the next run; no later tap can end this."""
    way[name] = wanted


def arrive(name: str) -> str | None:
    """Write into the URL where a button led, and return what the URL names."""
    way = going()
    if name in way:
        keep(name, way[name], None)
        del way[name]  # not before: a tap that waits may end this run first
    return st.query_params.get(name)
