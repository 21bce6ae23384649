"""More: every page that has no place in the bar."""

from typing import Final

import streamlit as st

from dashboard.screen import Screen
from dashboard.views.own.around import own

PAGES: Final = {
    "mybalance": ":material/balance:",
    "changes": ":material/tune:",
    "questions": ":material/quiz:",
    "myreport": ":material/description:",
    "language": ":material/translate:",
}


def page(screen: Screen) -> None:
    """Offer the other pages of the person who has signed in."""
    if own(screen, "more", "More") is None:
        return
    for name, icon in PAGES.items():
        with st.container(border=True, key=f"more-{name}"):
            st.page_link(screen.pages[name], icon=icon, width="stretch")
