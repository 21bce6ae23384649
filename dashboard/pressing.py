"""What stands on the page at the moment of a press; a callback reads it here, not from the session."""

from typing import Any

import streamlit as st


def at_press(key: str) -> Any:
    """Return the value of a widget as it is now; None where it has none.

    Asking the session for one value ends a callback where another tap waits; taking all of them does not.
    """
    return st.session_state.to_dict().get(key)
