"""Capacity: what the model believes on each kind of machine, and what a clinician countersigns."""

import streamlit as st

from contract.machines import LOAD_STEP_G, G, catalogue
from dashboard.acting import tell_outcome
from dashboard.api.people import Patient
from dashboard.api.programmes import Capacity, countersign_capacity, list_capacity
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import ask_reason, may_sign
from dashboard.views.prescribing.drafting import grams, shown_load
from dashboard.views.prescribing.form import caps_words
from dashboard.views.proof import proven

REASON_MOST = 500  # characters, as the service keeps them


def part(screen: Screen, patient: Patient) -> None:
    """Show belief beside signature, and let a clinician sign."""
    show = screen.show
    found = list_capacity(screen.client, patient.id)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    st.caption(
        show.say(
            "The load for one full repetition. The model proposes a careful figure; caps of the phases are "
            "shares of what a clinician signs, or of the proposal while nothing is signed."
        )
    )
    if not found.items:
        show_empty("No capacity yet.", "It appears with the first station of the circuit.", show)
        return
    for row in found.items:
        st.markdown("  \n".join(capacity_lines(row, show)))
    if may_sign(screen) and proven(screen, "capacity"):
        _sign(screen, patient, {row.kind: row for row in found.items})


def capacity_lines(row: Capacity, show: Formatter) -> list[str]:
    """Write what the model proposes, what is signed by whom, and the caps."""
    proposed = show.say("proposed by the model: {load}", load=show.load(row.proposed_kg))
    lines = [f"**{show.station(row.kind)}** · {proposed}"]
    if row.signed_kg is None:
        lines.append(show.say("Nothing is signed: the proposal counts."))
    else:
        signed = "Signed: {load} by {who} on {day}. {reason}"
        reason, who = plain(row.reason or ""), plain(row.signed_by or "")
        load, day = show.load(row.signed_kg), show.day(row.signed_at)
        lines.append(show.say(signed, load=load, who=who, day=day, reason=reason))
    return [*lines, f":gray[{caps_words(row.caps_kg, show)}]"]


def _sign(screen: Screen, patient: Patient, rows: dict[str, Capacity]) -> None:
    show = screen.show
    with st.container(border=True, key="capacity-form", width=560):
        st.markdown(f"**{show.say('Countersign a capacity')}**")
        kind = st.selectbox(
            show.say("Machine"), list(rows), format_func=show.station, key=f"capacity-kind-{patient.id}"
        )
        largest_g = catalogue()[kind].max_load_g
        held_g = min(round((rows[kind].signed_kg or rows[kind].proposed_kg) * G), largest_g)
        key = f"{patient.id}-{kind}-{show.unit}"
        entered = st.number_input(
            show.say("Own estimate ({unit})", unit=show.unit),
            shown_load(LOAD_STEP_G, show),
            shown_load(largest_g, show),
            shown_load(max(held_g, LOAD_STEP_G), show),
            step=0.5,
            format="%.1f",
            key=f"capacity-{key}",
        )
        st.caption(against_belief(grams(entered, held_g, show), rows[kind], show))
        reason = ask_reason(show, f"capacity-{key}", REASON_MOST)
        is_sent = st.button(
            show.say("Sign"), key="sign-capacity", disabled=not reason,
            icon=":material/signature:",
        )  # fmt: skip
    if is_sent and reason:
        capacity_kg = _in_steps(grams(entered, held_g, show)) / G
        answer = countersign_capacity(screen.client, patient.id, kind, capacity_kg, reason)
        tell_outcome(answer, "The capacity is signed. Limits signed from now on keep inside it.", screen)


def against_belief(capacity_g: int, row: Capacity, show: Formatter) -> str:
    """Say how an estimate stands beside what the model proposes."""
    proposed_g = round(row.proposed_kg * G)
    if proposed_g == 0:
        return show.say("The model proposes nothing yet.")
    share = round(100 * capacity_g / proposed_g)
    load = show.load(row.proposed_kg)
    return show.say("{share} % of what the model proposes ({load})", share=share, load=load)


def _in_steps(capacity_g: int) -> int:
    return max(capacity_g // LOAD_STEP_G, 1) * LOAD_STEP_G
