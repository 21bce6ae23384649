"""Acting from the floor: a dialog says what will happen, and a click on a reason does it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import streamlit as st

from contract.machines import catalogue
from dashboard.api import orders
from dashboard.api.floor import FreeMachines, Tile, list_free_machines
from dashboard.api.orders import Given, LaidDown
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.pressing import at_press
from dashboard.screen import Screen, is_still_theirs, show_failure
from dashboard.views.floor.deeds import OF_MACHINE, TITLES, Deed, Names, deeds_of, lighter_kg, what_happens
from dashboard.views.floor.dose import own_dose
from dashboard.views.floor.outcome import Done, show_outcome, show_release
from dashboard.views.floor.pressed import Pressed
from dashboard.views.floor.standing import show_standing

ASKED = "floor-asked"  # in the session: what the viewer is about to do, and at which machine
DONE = "floor-done"  # in the session: what came of it, or why nothing did
TYPED = "floor-reason"
INTO = "floor-into"  # of the widget that asks for the station to go to
CHANGED = "This machine has changed since you looked. Nothing was done: close this, and look again."
REASON_MOST = 200  # characters, of the service


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Which button of which tile was pressed; `key` makes a repeated click do nothing twice.

    `is_same`: the tile is still of the person whom the viewer saw; if not, it names the machine alone.
    """

    tile: Tile
    names: Names
    act: str
    key: str
    is_same: bool = True


def ask(found: Pressed, act: str, names: Names) -> None:
    """Remember what the viewer is about to do: the next run of the page opens the dialog.

    `names`: of the machines.
    """
    forget()
    st.session_state[ASKED] = Asking(
        tile=found.tile, names=names, act=act, key=uuid4().hex, is_same=found.is_same
    )


def forget() -> None:
    """Leave the dialog."""
    for name in (ASKED, DONE, TYPED):
        st.session_state.pop(name, None)


def open_dialog(screen: Screen) -> None:
    """Open the dialog where the viewer is about to do something."""
    asking = st.session_state.get(ASKED)
    if asking is None:
        return
    tile = asking.tile
    who = f" · {plain(tile.patient.name)}" if tile.patient else ""
    title = f"{screen.show.say(TITLES[asking.act])} · {plain(tile.name)}{who}"
    st.dialog(title, width="medium", on_dismiss=forget)(_dialog)(screen, asking)


def _dialog(screen: Screen, asking: Asking) -> None:
    done = st.session_state.get(DONE)
    if isinstance(done, Failure):
        show_failure(done, screen.show)
        st.button(screen.show.say("Back"), key="floor-back", on_click=st.session_state.pop, args=(DONE, None))
    elif done is not None:
        show_outcome(done, screen, forget)
    elif not asking.is_same and asking.act not in OF_MACHINE:
        st.warning(screen.show.say(CHANGED))
    elif asking.act == "release":
        show_release(asking.tile, screen, forget)
    else:
        _choices(asking, screen)


def _choices(asking: Asking, screen: Screen) -> None:
    show, tile = screen.show, asking.tile
    if not asking.is_same:
        st.caption(show.say("Whoever is at this machine now: it holds for the machine."))
    st.caption(show.say("Click on the reason: that does it."))
    for deed in deeds_of(asking.act, tile):
        with st.container(gap="xsmall"):
            st.markdown(f"**{show.say(deed.title)}**  \n{what_happens(deed, tile, show)}")
            if deed.how == "swap":
                _ask_into(tile, screen)
            with st.container(horizontal=True, gap="small"):
                _reasons(deed, partial(_do, screen, asking, deed), show)
    st.text_input(
        show.say("Another reason, in your words, then click on it above"), key=TYPED, max_chars=REASON_MOST
    )
    if asking.act == "more" and tile.patient is not None:
        own_dose(tile, show, partial(_override, screen, asking))
        show_standing(tile.patient.id, asking.names, screen, forget)


def _reasons(deed: Deed, do: Callable[[str, str], None], show: Formatter) -> None:
    """Offer each reason as the button that does it; `do` takes the reason and what the model learns of it."""
    because = deed.because or ("other",) * len(deed.reasons)
    usual = [(str(place), show.say(reason), because[place]) for place, reason in enumerate(deed.reasons)]
    typed = str(st.session_state.get(TYPED) or "").strip()
    for place, reason, learned in [*([("typed", typed, "other")] if typed else []), *usual]:
        st.button(plain(reason), key=f"do-{deed.name}-{place}", on_click=do, args=(reason, learned))


def _ask_into(tile: Tile, screen: Screen) -> None:
    """Ask for the station to go to instead; those with a free machine come first."""
    found, show = list_free_machines(screen.client), screen.show
    free = {each.kind for each in found.items} if isinstance(found, FreeMachines) else set()
    kinds = sorted((kind for kind in catalogue() if kind != tile.kind), key=lambda kind: kind not in free)
    st.selectbox(
        show.say("Go to"),
        kinds,
        format_func=lambda kind: show.word(kind) + (f" · {show.say('free now')}" if kind in free else ""),
        key=INTO,
    )


def _do(screen: Screen, asking: Asking, deed: Deed, reason: str, because: str) -> None:
    """Do a deed for a reason and keep its answer; a swap goes to the station that is chosen by now."""
    if not is_still_theirs(screen):
        _keep(Failure(reason="another"), asking)
        return
    tile, client = asking.tile, screen.client
    into = at_press(INTO) if deed.how == "swap" else None
    key = _key(asking, deed.name, reason, into)
    answer: Given | LaidDown | Failure
    if deed.how == "machine":
        answer = orders.hold_machine(client, tile.machine, deed.name, reason, key)
    elif deed.how == "dose":
        wish = {"side": tile.side, "because": because, "reason": reason}
        lighter = {"load_kg": lighter_kg(tile.load_kg or 0.0)}
        answer = orders.override_session(client, tile.session or "", wish | lighter, key)
    else:
        swap = {"station": tile.kind or "", "into": into} if into else {}
        who = tile.patient.id if tile.patient else ""
        answer = orders.lay_down_preset(client, who, {"kind": deed.name, "reason": reason, **swap}, key)
    _keep(answer, asking)


def _override(screen: Screen, asking: Asking, wish: dict[str, Any]) -> None:
    """Send a dose of staff and keep the answer."""
    if not is_still_theirs(screen):
        _keep(Failure(reason="another"), asking)
        return
    key = _key(asking, *sorted(wish.items()))
    _keep(orders.override_session(screen.client, asking.tile.session or "", wish, key), asking)


def _key(asking: Asking, *what: object) -> str:
    return uuid5(NAMESPACE_URL, f"{asking.key} {what}").hex


def _keep(answer: Given | LaidDown | Failure, asking: Asking) -> None:
    st.session_state[DONE] = (
        answer if isinstance(answer, Failure) else Done(tile=asking.tile, names=asking.names, answer=answer)
    )
