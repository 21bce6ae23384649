"""The live floor: tiles asked from the service, pictures from its event stream; no page run for either."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st

from dashboard.components.heard import heard

KEY = "live-floor"
NAME = "openspine_live_floor"
PARTS = (  # of one script, in this order
    "stream", "asking", "pictures", "faces", "tiles", "trace", "focus", "ending", "live",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the viewer has just clicked or has chosen; "" = taken back, None = nothing.

    Just clicked, `act`: machine and act, until it is taken (`heard`); `person`: to open. Chosen, `light`: the
    filter; `trace`: the machine that is shown large. `look` is neither: what the page itself shows of the
    floor has changed.
    """

    act: Mapping[str, str] | None = None
    light: str | None = None
    trace: str | None = None
    person: str | None = None


def live_floor(data: Mapping[str, Any], key: str = KEY) -> Asked:
    """Show the floor as `data` says it; returns what was clicked since, and what is chosen."""
    mount = st.components.v2.component(NAME, html=_part("live.html"), css=_part("live.css"), js=script())
    listening = heard()
    answer = mount(
        key=key,
        data={**data, "session": listening.session},
        on_act_change=_heard,
        on_light_change=_heard,
        on_trace_change=_heard,
        on_person_change=_heard,
        on_look_change=_heard,
    )
    return Asked(
        act=listening.untaken(key, answer.act), light=answer.light, trace=answer.trace, person=answer.person
    )


@cache
def script() -> str:
    """Put the browser's side together: its parts are one module, without a request for each."""
    return "\n".join(_part(f"{name}.js") for name in PARTS)


def _heard() -> None:
    """Have the click told: without it the answer has no such name."""


@cache
def _part(name: str) -> str:
    return files("dashboard").joinpath("components", "live", name).read_text(encoding="utf-8")
