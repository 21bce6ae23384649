"""The page of the floor: one component for what moves and what refreshes, dialogs for what staff do.

The component asks the service itself. The page runs for what is clicked, and where the component says that
the page has something else to show: a failure, an empty studio, a setting that waits.
"""

from typing import Any
from urllib.parse import urlencode

import msgspec
import streamlit as st

from dashboard.address import keep
from dashboard.api.floor import FLOOR, Floor, read_floor
from dashboard.client import Failure, in_unit
from dashboard.components.heard import heard
from dashboard.components.live import KEY, Asked, live_floor
from dashboard.format import UNITS
from dashboard.language import LANGUAGES
from dashboard.screen import LIGHTS, Screen, show_empty, show_failure
from dashboard.views.asking import CARE
from dashboard.views.floor import acting, beside
from dashboard.views.floor.pressed import pressed
from dashboard.views.floor.words import said, words
from dashboard.wall import is_wall

LOOK_S = 30  # should the browser not reach the service; else it says when to look
SEEN = "floor-seen"  # in the session: the last floor that was read, for when the service does not answer
ENDED = ("signed_out", "forbidden")  # who was refused like this sees nobody any more
KEPT = {"unit": UNITS, "language": tuple(LANGUAGES)}  # of the URL, in links to people


def page(screen: Screen) -> None:
    """Show every machine of the studio, refreshed every few seconds, moving in between."""
    show = screen.show
    if is_wall():
        _board(screen)
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(show.say("Studio floor"), width="content")
        st.link_button(  # without the page's own head, in a window of its own
            show.say("Wall display"),
            f"?{urlencode({'wall': '1', 'embed': 'true', **kept()})}",
            icon=":material/tv:",
            type="tertiary",
            width="content",
        )
    _board(screen)
    if may_act(screen):
        acting.open_dialog(screen)


def may_act(screen: Screen) -> bool:
    """Tell whether the viewer acts on machines; others see the floor without a button."""
    return screen.viewer is not None and screen.viewer.role in CARE


@st.fragment(run_every=LOOK_S)
def _board(screen: Screen) -> None:
    """Show what waits and the tiles; where nothing can be read, the last ones, greyed, with their time."""
    above = st.container()  # always there: what stands below keeps its place, and its stream
    answer = read_floor(screen.client, screen.show.unit)
    if isinstance(answer, Failure) and answer.reason in ENDED and st.session_state.pop(SEEN, None):
        st.rerun()  # the whole page: it leads to the door
    with above:
        if may_act(screen) and not is_wall():
            beside.waiting(screen)
        if isinstance(answer, Failure):
            show_failure(answer, screen.show)
        elif not answer.items:
            show_empty(
                "No machine has reported yet.",
                "Switch a machine on, or start six emulated ones with ./studio demo.",
                screen.show,
            )
    if isinstance(answer, Failure) and answer.reason in ENDED:
        return
    floor = st.session_state.get(SEEN) if isinstance(answer, Failure) else answer
    st.session_state[SEEN] = floor
    asked = live_floor(data_of(floor, screen, is_old=isinstance(answer, Failure)))
    _follow(asked, floor, screen)


def data_of(floor: Floor | None, screen: Screen, *, is_old: bool) -> dict[str, Any]:
    """Put together what the browser's side needs: where to ask, what was chosen in the URL, how to say it."""
    show, base = screen.show, screen.public_url.rstrip("/")
    light, unit = st.query_params.get("light", ""), in_unit(screen.show.unit)
    return {
        "ask": f"{base}{FLOOR}" + (f"?{urlencode(unit)}" if unit else ""),
        "url": f"{base}{FLOOR}/live",
        "viewer": screen.viewer.mark if screen.viewer else "",
        "light": light if light in LIGHTS else "",
        "machine": st.query_params.get("machine", ""),
        "wall": is_wall(),
        "acts": may_act(screen),
        "keep": kept(),
        "unit": show.unit,
        "zone": show.zone.key,
        "language": show.language,
        "words": words(show),
        "said": said(show),
        "old": is_old,
        "floor": None if floor is None else msgspec.to_builtins(floor),
    }


def kept() -> dict[str, str]:
    """Take from the URL what links to elsewhere keep: the viewer's unit and language."""
    return {name: value for name in KEPT if (value := st.query_params.get(name, "")) in KEPT[name]}


def _follow(asked: Asked, floor: Floor | None, screen: Screen) -> None:
    """Do what was clicked: keep choices in the URL, open a person, or ask what staff want."""
    if asked.light is not None:
        keep("light", asked.light or None, None)
    if asked.trace is not None:
        keep("machine", asked.trace or None, None)
    if asked.person is not None:
        st.switch_page(screen.pages["patient"], query_params={"patient": asked.person})
    if asked.act is not None and may_act(screen):
        names = {each.machine: each.name for each in floor.items} if floor is not None else {}
        acting.ask(pressed(floor, asked.act), asked.act["act"], names)
        heard().take(KEY, asked.act)
        st.rerun()
