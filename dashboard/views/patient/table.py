"""A table of what a tab shows, to be kept as a file: who takes it proves again who they are."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from dashboard.client import Failure, File
from dashboard.format import Formatter
from dashboard.screen import Screen, show_failure
from dashboard.views.proof import proven

KEPT = "table"  # in the session: the one table that was made last, with what it was made of and when
KILOBYTE = 1024  # bytes


def offer_table(name: str, fetch: Callable[[], File | Failure], screen: Screen) -> None:
    """Offer the table called `name` (of whom, how narrowed); made once each time it is asked for."""
    show = screen.show
    kept: tuple[str, File, datetime] | None = st.session_state.get(KEPT)
    if not st.toggle(show.say("As a table (CSV)"), key=f"table-{name}"):
        if kept is not None and kept[0] == name:
            del st.session_state[KEPT]
        return
    if screen.viewer is not None and not proven(screen, f"table-{name}"):
        return
    made, at = kept[1:] if kept is not None and kept[0] == name else (fetch(), datetime.now(UTC))
    if isinstance(made, Failure):
        show_failure(made, show)
        return
    st.session_state[KEPT] = (name, made, at)
    st.download_button(
        show.say("Save the table"),
        made.content,
        file_name=made.name,
        mime=made.media_type,
        key=f"save-{name}",
        icon=":material/download:",
    )
    st.caption(table_words(made, at, show))


def table_words(made: File, at: datetime, show: Formatter) -> str:
    """Say how large a table is, when it was made, and in which zone and units it is written."""
    return show.say(
        "{name} · {kilobytes} KB · made at {clock} · times of {zone}, weights in kg",
        name=made.name,
        kilobytes=max(1, round(len(made.content) / KILOBYTE)),
        clock=show.clock(at),
        zone=made.zone,
    )
