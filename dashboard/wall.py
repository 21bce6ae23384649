"""A display on a wall: a page that nobody touches shows nothing that needs a hand."""

import streamlit as st


def is_wall() -> bool:
    """Tell whether the address asks for a page without head, menu and buttons."""
    return st.query_params.get("wall") == "1"
