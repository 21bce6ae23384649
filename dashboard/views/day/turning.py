"""A long day in pages: the later ones, and the way back to the first."""

import streamlit as st

from dashboard.client import Failure
from dashboard.format import Formatter

PLACES = "day-places"  # in the session: which page of a long list one is on, by the name of the list


def places() -> dict[str, str | None]:
    """Look up on which pages one is."""
    kept: dict[str, str | None] = st.session_state.setdefault(PLACES, {})
    return kept


def forget_refused(failure: Failure, place: str) -> None:
    """Leave a place that the service does not know: it would shut the day."""
    if failure.reason == "refused":
        places().pop(place, None)


def turn(name: str, place: str, following: str | None, show: Formatter) -> None:
    """Offer the later ones of a long day, and the way back; `place`: the name of the list."""
    kept = places()
    with st.container(horizontal=True):
        if kept.get(place) is not None:
            st.button(show.say("First ones"), key=f"{name}-first", on_click=_go, args=(kept, place, None))
        if following is not None:
            st.button(
                show.say("Later ones"), key=f"{name}-later", on_click=_go, args=(kept, place, following)
            )


def _go(kept: dict[str, str | None], place: str, cursor: str | None) -> None:
    """Turn the page without asking the session: that would end this for a tap that waits."""
    kept[place] = cursor
