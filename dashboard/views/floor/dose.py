"""A dose of staff's own for the next sets: load and repetitions, inside the signed limits."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from contract.machines import catalogue
from dashboard.api.floor import Tile
from dashboard.format import KG_PER_LB, Formatter
from dashboard.views.floor.deeds import stepped

BECAUSE = ("too_easy", "too_hard", "technique", "pain", "other")
REASON_MOST = 200  # characters, of the service
REPS_MOST = 30  # of the service
LOAD_MOST_KG = 200.0  # of the service


def own_dose(tile: Tile, show: Formatter, send: Callable[[dict[str, Any]], None]) -> None:
    """Offer a form for the dose; `send` takes the wish when it is complete."""
    if tile.load_kg is None or tile.reps_planned is None or tile.side is None:
        return
    with st.expander(show.say("A dose of your own")), st.form("floor-dose", border=False):
        st.caption(
            show.say("It holds from the next set on, inside the signed limits, until you give it back.")
        )
        sides = sides_of(tile)
        side = st.segmented_control(
            show.say("Side"), sides, format_func=show.word, default=tile.side, required=True, key="dose-side"
        )
        load = st.number_input(
            show.say("Load in {unit}", unit=show.unit),
            min_value=0.0,
            max_value=show.load_value(LOAD_MOST_KG),
            value=round(show.load_value(tile.load_kg), 1),
            step=0.1,
            format="%.1f",
            key="dose-load",
        )
        reps = st.number_input(
            show.say("Repetitions"),
            min_value=1,
            max_value=REPS_MOST,
            value=min(REPS_MOST, max(1, tile.reps_planned)),
            key="dose-reps",
        )
        because = st.selectbox(
            show.say("Because"), BECAUSE, format_func=show.word, index=1, key="dose-because"
        )
        reason = st.text_input(show.say("Reason"), key="dose-reason", max_chars=REASON_MOST)
        if st.form_submit_button(show.say("Send this dose"), type="primary", key="dose-send"):
            entered = (float(load), int(reps))
            wish = wish_of(tile, entered, show)
            send({"side": side, "because": because, "reason": reason.strip() or show.word(because)} | wish)
            st.rerun()


def sides_of(tile: Tile) -> list[str]:
    """List the sides of the machine's kind; one that is not known has the side that it shows."""
    machine = catalogue().get(tile.kind or "")
    return list(machine.sides) if machine else [tile.side or "both"]


def wish_of(tile: Tile, entered: tuple[float, int], show: Formatter) -> dict[str, Any]:
    """Say what differs from now, in kilograms rounded down to the machine's step; `entered`: load and reps.

    Where nothing differs, the load of now is kept as staff's.
    """
    load, reps = entered
    now_kg = tile.load_kg or 0.0
    load_kg = load if show.unit == "kg" else load * KG_PER_LB
    is_untouched = load == round(show.load_value(now_kg), 1)
    wish: dict[str, Any] = {} if is_untouched else {"load_kg": stepped(load_kg)}
    if reps != tile.reps_planned:
        wish["reps"] = reps
    return wish or {"load_kg": stepped(now_kg)}
