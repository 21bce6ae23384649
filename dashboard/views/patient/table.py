"""A table of what a tab shows, to be kept as a file: who takes it proves again who they are."""

from collections.abc import Callable

import streamlit as st

from dashboard.client import Failure, File
from dashboard.format import Formatter
from dashboard.screen import Screen, show_failure
from dashboard.views.proof import proven

KEPT = "table"  # in the session: the one table that was made last, with what it was made of
KILOBYTE = 1024  # bytes


def offer_table(name: str, fetch: Callable[[], File | Failure], screen: Screen) -> None:
    """Offer the table called `name` (it says of whom and how narrowed); made once, when it is asked for."""
    show = screen.show
    if not st.toggle(show.say("As a table (CSV)"), key=f"table-{name}"):
        return
    if screen.viewer is not None and not proven(screen, f"table-{name}"):
        return
    kept: tuple[str, File] | None = st.session_state.get(KEPT)
    made = kept[1] if kept is not None and kept[0] == name else fetch()
    if isinstance(made, Failure):
        show_failure(made, show)
        return
    st.session_state[KEPT] = (name, made)
    st.download_button(
        show.say("Save the table"),
        made.content,
        file_name=made.name,
        mime=made.media_type,
        key=f"save-{name}",
        icon=":material/download:",
    )
    st.caption(table_words(made, show))


def table_words(made: File, show: Formatter) -> str:
    """Say how large a table is, and in which zone and units it is written."""
    return show.say(
        "{name} · {kilobytes} KB · times of {zone}, weights in kg",
        name=made.name,
        kilobytes=max(1, round(len(made.content) / KILOBYTE)),
        zone=str(show.zone),
    )
