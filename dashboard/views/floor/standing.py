"""What staff have laid down for a person and nobody has taken back, each with a button that does."""

from collections.abc import Callable

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api import orders
from dashboard.api.standing import Standing, list_standing
from dashboard.client import Client, Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_failure
from dashboard.views.floor.deeds import Names


def show_standing(patient: str, names: Names, screen: Screen, leave: Callable[[], None]) -> None:
    """List what holds now; `leave` closes what is open when something was taken back."""
    show = screen.show
    found = list_standing(screen.client, patient)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    if not found.items:
        return
    st.markdown(f"**{show.say('Holds now, by staff')}**")
    for one in found.items:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(standing_line(one, names, show), width="content")
            if st.button(show.say(undo_word(one)), key=f"take-back-{one.id}"):
                answer = take_back(screen.client, one)
                if answer is None:
                    leave()
                tell_outcome(answer, "Taken back.", screen)


def standing_line(one: Standing, names: Names, show: Formatter) -> str:
    """Say what holds, where, since when, by whom and why."""
    where = "" if one.machine is None else f" · {plain(names.get(one.machine, one.machine))}"
    side = "" if one.side in (None, "both") else f", {show.word(one.side).lower()}"
    when = f"{show.clock(one.made_at)} · {plain(one.by)}"
    return f"{show.word(one.kind)}{where}{side} · :gray[{when}]  \n{plain(one.reason)}"


def undo_word(one: Standing) -> str:
    """Name the button that takes something back."""
    return "Give back to the model" if one.kind == "override" else "Take it back"


def take_back(client: Client, one: Standing) -> Failure | None:
    """Take a preset, a dose of staff or a hold back."""
    if one.machine is None:
        return orders.end_preset(client, one.id)
    if one.kind == "override":
        return orders.give_back_session(client, one.session or "", one.side)
    return orders.release_machine(client, one.machine)
