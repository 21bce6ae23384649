"""What came of a deed, and taking it back."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api import orders
from dashboard.api.floor import Tile
from dashboard.api.orders import Given, LaidDown
from dashboard.client import Client, Failure
from dashboard.format import plain
from dashboard.screen import Screen, show_failure
from dashboard.views.floor.deeds import HEARD, Names, override_line, preset_lines

WAIT_S = 0.5  # between two looks whether the machine has heard
LOOKS = 5  # the service calls it not delivered after 2 s
OVERRIDE = "override"
Undo = Callable[[], Failure | None]
Leave = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was done at a tile, and its answer; `names` of the machines."""

    tile: Tile
    names: Names
    answer: Given | LaidDown


def show_outcome(done: Done, screen: Screen, leave: Leave) -> None:
    """Say what came of it, and offer to take it back; `leave` closes the dialog."""
    show = screen.show
    answer = done.answer
    undo: Undo
    if isinstance(answer, LaidDown):
        is_everywhere = all(one.refusal is None for one in answer.sent)
        _say_done("  \n".join(preset_lines(answer, done.names, show)), screen, everywhere=is_everywhere)
        undo = partial(orders.end_preset, screen.client, answer.id)
    elif answer.kind == OVERRIDE:
        _say_done(override_line(answer, show), screen, everywhere=True)
        undo = partial(orders.give_back_session, screen.client, answer.session or "", answer.side)
    else:
        _say_heard(answer, screen)
        undo = partial(orders.release_machine, screen.client, done.tile.machine)
    with st.container(horizontal=True):
        if st.button(show.say("Take it back"), key="floor-undo", icon=":material/undo:"):
            tell_back(undo(), screen, leave)
        if st.button(show.say("Close"), key="floor-close"):
            leave()
            st.rerun()


def _say_done(words: str, screen: Screen, *, everywhere: bool) -> None:
    show = screen.show
    if everywhere:
        st.success(f"{show.say('Done.')}  \n{words}", icon=":material/check_circle:")
    else:
        st.warning(
            f"{show.say('Not done everywhere: see to what is left.')}  \n{words}", icon=":material/warning:"
        )


def _say_heard(given: Given, screen: Screen) -> None:
    show = screen.show
    with st.spinner(show.say("Waiting for the machine")):
        heard = wait_for_machine(screen.client, given)
    if heard == "applied":
        st.success(show.say(HEARD[heard]), icon=":material/check_circle:")
    else:
        st.warning(show.say(HEARD[heard]), icon=":material/directions_run:")


def wait_for_machine(client: Client, given: Given, wait_s: float = WAIT_S) -> str:
    """Look a few times whether a machine has heard a hold; returns the delivery."""
    delivery = given.delivery
    for look in range(LOOKS):
        if delivery != "sent":
            break
        if look:
            time.sleep(wait_s)
        found = orders.read_hold(client, given.machine)
        if isinstance(found, Failure):
            break
        delivery = next((one.delivery for one in found.items if one.id == given.id), delivery)
    return delivery


def show_release(tile: Tile, screen: Screen, leave: Leave) -> None:
    """Say who holds the machine and why, and offer to take it back."""
    show = screen.show
    found = orders.read_hold(screen.client, tile.machine)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    for one in found.items:
        line = f"**{show.word(one.kind)}** · {show.clock(one.made_at)} · {plain(one.by)}"
        st.markdown(f"{line}  \n{plain(one.reason)}")
    st.markdown(
        show.say("The hold is taken back. A machine that stands still goes on when staff clear it there.")
    )
    if st.button(show.say("Release"), key="floor-release"):
        tell_back(orders.release_machine(screen.client, tile.machine), screen, leave)


def tell_back(answer: Failure | None, screen: Screen, leave: Leave) -> None:
    """Say that it was taken back, or why not."""
    if answer is None:
        leave()
    tell_outcome(answer, "Taken back.", screen)
