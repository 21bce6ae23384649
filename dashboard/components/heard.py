"""What a component has told, until the page has taken it: no other tap in between can take it back.

Streamlit forgets what was clicked as soon as the page runs once more, also where the run before was ended
before it came to it. A component therefore tells it as a value of its own, with a mark that no other tap has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

TAKEN = "heard-taken"  # in the session: the mark of what was taken last, by component


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What this session has taken so far, by component; a callback is given it, for it must not ask."""

    taken: dict[str, str]

    def untaken(self, key: str, told: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """Return what was told and not taken yet."""
        if not told or self.taken.get(key) == told["mark"]:
            return None
        return told

    def take(self, key: str, told: Mapping[str, Any]) -> None:
        """Take it: from now on it is as if it had not been told."""
        self.taken[key] = told["mark"]


def heard() -> Heard:
    """Look up what this session has taken."""
    return Heard(taken=st.session_state.setdefault(TAKEN, {}))
