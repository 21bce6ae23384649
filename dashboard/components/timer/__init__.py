"""The timer of an exercise: runs in the browser alone, with start, pause, next and, if wanted, a sound."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any

import streamlit as st

from dashboard.format import Formatter

NAME = "openspine_timer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: what to do, where in the exercise one is, how long (0 = until Next is pressed)."""

    words: str
    where: str
    seconds: int


def timer(name: str, steps: Sequence[Step], show: Formatter) -> None:
    """Show the timer of an exercise."""
    mount = st.components.v2.component(
        NAME, html=_part("timer.html"), css=_part("timer.css"), js=_part("timer.js")
    )
    mount(key=f"timer-{name}", data=timer_data(name, steps, show), height="content")


def timer_data(name: str, steps: Sequence[Step], show: Formatter) -> dict[str, Any]:
    """Put together what the browser's side needs."""
    return {
        "id": f"{name}-{show.language}",
        "steps": [asdict(step) for step in steps],
        "words": {
            "start": show.say("Start"),
            "pause": show.say("Pause"),
            "next": show.say("Next step"),
            "again": show.say("Once more"),
            "done": show.say("Well done. That is all."),
            "sound": show.say("Sound at each step"),
            "progress": show.say("How far you are"),
        },
    }


def _part(name: str) -> str:
    return files("dashboard").joinpath("components", "timer", name).read_text(encoding="utf-8")
