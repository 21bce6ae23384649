"""A dose of staff's own for the next sets: load, range and repetitions, inside the signed limits."""

from collections.abc import Callable
from dataclasses import dataclass
from math import copysign, floor
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
WIDEST_DEG = 130.0  # of the service, of travel either way


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What staff have entered: load in the viewer's unit, clinical angles in the order of the movement."""

    load: float
    reps: int
    start_deg: float
    end_deg: float


def own_dose(tile: Tile, show: Formatter, send: Callable[[dict[str, Any]], None]) -> None:
    """Offer a form for the dose; `send` takes the wish when it is complete."""
    now = now_at(tile, show)
    if now is None:
        return
    with st.expander(show.say("A dose of your own")), st.form("floor-dose", border=False):
        st.caption(
            show.say("It holds from the next set on, inside the signed limits, until you give it back.")
        )
        side = st.segmented_control(
            show.say("Side"), sides_of(tile), format_func=show.word, default=tile.side, required=True,
            key="dose-side",
        )  # fmt: skip
        entered = _figures(now, show)
        because = st.selectbox(
            show.say("Because"), BECAUSE, format_func=show.word, index=1, key="dose-because"
        )
        reason = st.text_input(show.say("Reason"), key="dose-reason", max_chars=REASON_MOST)
        if st.form_submit_button(show.say("Send this dose"), key="dose-send"):
            why = {"because": because, "reason": reason.strip() or show.word(because)}
            order = wish_of if side == tile.side else whole_wish
            send({"side": side, **why, **order(tile, now, entered, show)})
            st.rerun()


def _figures(now: Entered, show: Formatter) -> Entered:
    """Ask for the figures; they begin as they are now."""
    left, right = st.columns(2)
    with left:
        most = show.load_value(LOAD_MOST_KG)
        load = st.number_input(
            show.say("Load in {unit}", unit=show.unit), 0.0, most, now.load, 0.1, "%.1f", key="dose-load"
        )
        start_deg = st.number_input(
            show.say("Range from, in degrees"),
            -WIDEST_DEG,
            WIDEST_DEG,
            now.start_deg,
            1.0,
            "%.0f",
            key="dose-from",
        )
    with right:
        reps = st.number_input(show.say("Repetitions"), 1, REPS_MOST, now.reps, key="dose-reps")
        end_deg = st.number_input(
            show.say("Range to, in degrees"), -WIDEST_DEG, WIDEST_DEG, now.end_deg, 1.0, "%.0f", key="dose-to"
        )
    return Entered(
        load=round(load, 1), reps=int(reps), start_deg=as_shown(start_deg), end_deg=as_shown(end_deg)
    )


def as_shown(entered_deg: float) -> float:
    """Round an angle as the field shows it, halves away from zero: 12.5 is shown, and sent, as 13."""
    return copysign(floor(abs(entered_deg) + 0.5), entered_deg) + 0.0  # never "minus 0"


def now_at(tile: Tile, show: Formatter) -> Entered | None:
    """Take the dose of now as it would be entered; None where there is none."""
    angles = (tile.clinical_start_deg, tile.clinical_end_deg)
    if tile.load_kg is None or tile.reps_planned is None or tile.side is None or None in angles:
        return None
    start_deg, end_deg = (float(round(deg or 0.0)) for deg in angles)
    return Entered(
        load=round(show.load_value(tile.load_kg), 1),
        reps=min(REPS_MOST, max(1, tile.reps_planned)),
        start_deg=start_deg,
        end_deg=end_deg,
    )


def sides_of(tile: Tile) -> list[str]:
    """List the sides of the machine's kind; one that is not known has the side that it shows."""
    machine = catalogue().get(tile.kind or "")
    return list(machine.sides) if machine else [tile.side or "both"]


def wish_of(tile: Tile, now: Entered, entered: Entered, show: Formatter) -> dict[str, Any]:
    """Say what differs from now: kilograms rounded down to the machine's step, degrees of travel.

    Where nothing differs, the load of now is kept as staff's.
    """
    wish: dict[str, Any] = {}
    if entered.load != now.load:
        wish["load_kg"] = stepped(entered.load if show.unit == "kg" else entered.load * KG_PER_LB)
    if entered.reps != now.reps:
        wish["reps"] = entered.reps
    if entered.start_deg != now.start_deg:
        wish["start_deg"] = travel_deg(tile.kind, entered.start_deg)
    if entered.end_deg != now.end_deg:
        wish["end_deg"] = travel_deg(tile.kind, entered.end_deg)
    return wish or {"load_kg": stepped(tile.load_kg or 0.0)}


def whole_wish(tile: Tile, now: Entered, entered: Entered, show: Formatter) -> dict[str, Any]:
    """Say every figure: the other side, whose dose is not known here, gets what the form shows.

    Angles that nobody touched go as they are, not as they are rounded: rounded, they may be beyond a limit.
    """
    untouched = {
        "load_kg": stepped(tile.load_kg or 0.0),
        "reps": now.reps,
        "start_deg": round(travel_deg(tile.kind, tile.clinical_start_deg or 0.0), 2),
        "end_deg": round(travel_deg(tile.kind, tile.clinical_end_deg or 0.0), 2),
    }
    return untouched | wish_of(tile, now, entered, show)


def travel_deg(kind: str | None, clinical_deg: float) -> float:
    """Turn a clinical angle into travel of the machine; an unknown kind has no other angle."""
    machine = catalogue().get(kind or "")
    return (clinical_deg - machine.screen_zero_deg) * machine.screen_sign if machine else clinical_deg
