"""The live trace: one component that opens the API's event stream in the browser; no page run per frame."""

from importlib.resources import files
from typing import Any

import streamlit as st

from dashboard.format import Formatter

NAME = "openspine_live_trace"


def live_trace(stream_url: str, name: str, show: Formatter) -> None:
    """Show the angle of one machine as it moves, with its target, from the stream at `stream_url`."""
    mount = st.components.v2.component(
        NAME, html=_part("live.html"), css=_part("live.css"), js=_part("live.js")
    )
    mount(key=f"live-{stream_url}", data=live_data(stream_url, name, show), height=300)


def live_data(stream_url: str, name: str, show: Formatter) -> dict[str, Any]:
    """Put together what the browser's side needs: where to listen and the words to show."""
    return {
        "url": stream_url,
        "words": {
            "title": show.say("Angle of {name}", name=name),
            "connecting": show.say("Connecting"),
            "live": show.say("Live"),
            "resting": show.say("Connected, nothing moves"),
            "lost": show.say("Reconnecting: this is the last picture"),
            "set": show.say("Set"),
            "rep": show.say("Rep"),
            "angle": show.say("Angle"),
            "target": show.say("Target"),
            "torque": show.say("Torque"),
        },
    }


def _part(name: str) -> str:
    return files("dashboard").joinpath("components", "live", name).read_text(encoding="utf-8")
