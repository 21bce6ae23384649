"""Large buttons for thumbs: the way between a person's own pages, faces for pain, answers to a question."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Literal

import streamlit as st

NAME = "openspine_taps"
Style = Literal["bar", "scale", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """One button: what it tells, its words; `icon` an SVG path (24 x 24), `face` 0 (smiles) to 1 (frowns)."""

    value: str
    words: str
    icon: str | None = None
    face: float | None = None
    spoken: str | None = None  # to a screen reader, where the words alone are not enough


def taps(
    key: str, label: str, options: Sequence[Tap], *, style: Style = "list", chosen: str | None = None
) -> str | None:
    """Show the buttons; returns what was tapped just now."""
    mount = st.components.v2.component(
        NAME, html=_part("taps.html"), css=_part("taps.css"), js=_part("taps.js")
    )
    data = {"style": style, "label": label, "options": [asdict(one) for one in options], "chosen": chosen}
    tapped = mount(key=key, data=data, height="content", on_chosen_change=_nothing).get("chosen")
    return None if tapped is None else str(tapped)


def _nothing() -> None:
    """Run the page: what was tapped is read where the buttons stand."""


def _part(name: str) -> str:
    return files("dashboard").joinpath("components", "taps", name).read_text(encoding="utf-8")
