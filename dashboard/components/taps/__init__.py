"""Large buttons for thumbs: the way between a person's own pages, faces for pain, answers to a question."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib.resources import files
from typing import Any, Literal

import streamlit as st

from dashboard.components.heard import Heard, heard
from dashboard.pressing import at_press

NAME = "openspine_taps"
Style = Literal["bar", "scale", "list"]
Use = Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """One button: what it tells, its words; `icon` an SVG path (24 x 24), `face` 0 (smiles) to 1 (frowns)."""

    value: str
    words: str
    icon: str | None = None
    face: float | None = None
    spoken: str | None = None  # to a screen reader, where the words alone are not enough


def taps(
    key: str,
    label: str,
    options: Sequence[Tap],
    *,
    style: Style = "list",
    chosen: str | None = None,
    use: Use | None = None,
) -> str | None:
    """Show the buttons; returns what was tapped, once, however many runs of the page were ended before.

    `use` is given it before anything else of the page runs; it is returned only where that was not to be.
    """
    mount = st.components.v2.component(
        NAME, html=_part("taps.html"), css=_part("taps.css"), js=_part("taps.js")
    )
    listening = heard()
    data = {
        "style": style,
        "label": label,
        "options": [asdict(one) for one in options],
        "chosen": chosen,
        "session": listening.session,
    }
    on_tapped = partial(_hear, key, use, listening)
    answer = mount(key=key, data=data, height="content", on_tapped_change=on_tapped)
    return _used(key, answer.get("tapped"), use, listening)


def listener(key: str, use: Use) -> Callable[[], None]:
    """Return what uses a tap now, for a press that came with it: Streamlit calls back for the press first."""
    return partial(_hear, key, use, heard())


def _hear(key: str, use: Use | None, listening: Heard) -> None:
    """Use what was tapped at once; without a use, it is read where the buttons stand."""
    if use is not None:
        _used(key, (at_press(key) or {}).get("tapped"), use, listening)


def _used(key: str, told: Any, use: Use | None, listening: Heard) -> str | None:
    found = listening.untaken(key, told)
    if found is None:
        return None
    value = str(found["value"])
    if use is not None:
        use(value)
    listening.take(key, found)
    return value


def _part(name: str) -> str:
    return files("dashboard").joinpath("components", "taps", name).read_text(encoding="utf-8")
