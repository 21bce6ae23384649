"""What a component has told, until the page has taken it: no other tap in between can take it back.

Streamlit forgets what was clicked as soon as the page runs once more, also where the run before was ended
before it came to it. A component therefore tells it as a value of its own, with a mark that no other tap has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import streamlit as st

HEARD = "heard"  # in the session: what it has taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What this session has taken so far, by component; a callback is given it, for it must not ask.

    `session` begins each mark: a browser keeps what it told for longer than a session lasts, and tells it to
    the next one, as after the computer has slept. Nobody has just done that.
    """

    session: str
    taken: dict[str, str]

    def untaken(self, key: str, told: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """Return what was told in this session and not taken yet."""
        if not told or told["mark"].split(" ")[0] != self.session or self.taken.get(key) == told["mark"]:
            return None
        return told

    def take(self, key: str, told: Mapping[str, Any]) -> None:
        """Take it: from now on it is as if it had not been told."""
        self.taken[key] = told["mark"]


def heard() -> Heard:
    """Look up what this session has taken."""
    kept: Heard = st.session_state.setdefault(HEARD, Heard(session=uuid4().hex, taken={}))
    return kept
