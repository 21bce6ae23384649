"""The phase: where every station stands, what it takes to go on, and the clinician's word on it."""

from typing import get_args

import streamlit as st

from contract.messages import Phase
from dashboard.acting import tell_outcome
from dashboard.api.people import Patient
from dashboard.api.programmes import (
    PhaseChange,
    PhaseCondition,
    Phases,
    StationPhase,
    change_phase,
    read_phase,
)
from dashboard.client import Failure
from dashboard.format import NOTHING, Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import ask_reason, may_sign
from dashboard.views.proof import proven

PHASES: tuple[str, ...] = get_args(Phase)
REASON_MOST = 500  # characters, as the service keeps them
TO_SIGN = "limits-to-sign"  # in the session: kinds whose limits still say another phase
PERCENT = 100
CONDITIONS = {  # what it takes to leave a phase; {have} and {need} are figures
    "spasm": "{have} of {need} hours without a spasm",
    "pain": "Pain as usual on {have} of {need} visits",
    "visits": "{have} of {need} visits in this phase",
    "range": "Range at {have} of {need} % of its goal",
    "mornings": "{have} of {need} mornings after training settled",
    "dose": "{have} of {need} sets with full repetitions and little effort",
    "release": "A clinician releases",
    "clinician": "A clinician decides",
}


def part(screen: Screen, patient: Patient) -> None:
    """Show the phase of every station, and let a clinician sign another."""
    show = screen.show
    found = read_phase(screen.client, patient.id)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    _say_what_is_left(show)
    if not found.stations:
        show_empty("No phase yet.", "It comes with the first signed limits.", show)
    else:
        _stations(found, show)
    if may_sign(screen) and proven(screen, "phase"):
        _change(screen, patient, found)
    for change in found.history:
        st.markdown(f"- {change_words(change, show)}")


def condition_words(condition: PhaseCondition, show: Formatter) -> str:
    """Write one condition with how much of it there is, and a sign whether it is met."""
    scale = PERCENT if condition.code == "range" else 1
    have, need = (f"{value * scale:g}" for value in (round(condition.have, 2), round(condition.need, 2)))
    sentence = CONDITIONS.get(condition.code)
    words = show.say(sentence, have=have, need=need) if sentence else show.word(condition.code)
    return f":green[:material/check:] {words}" if condition.met else f":gray[:material/pending:] {words}"


def station_lines(station: StationPhase, show: Formatter) -> list[str]:
    """Write where one station stands and what it takes to go on."""
    lines = [f"**{show.station(station.kind, station.side)}** · {show.word(station.phase)}"]
    lines += [condition_words(condition, show) for condition in station.conditions]
    if station.next:
        lines.append(show.say("Ready for: {phase}", phase=show.word(station.next)))
    return lines


def change_words(change: PhaseChange, show: Formatter) -> str:
    """Write one change of phase: when, from where to where, who and why."""
    return show.say(
        "{day}: {before}, then {after}, signed by {who}. {reason}",
        day=show.day(change.at),
        before=show.word(change.left_phase) if change.left_phase else NOTHING,
        after=show.word(change.phase),
        who=plain(change.by),
        reason=plain(change.reason),
    )


def is_met(found: Phases) -> bool:
    """Tell whether every condition but the clinician's own word is met."""
    asked = (one for station in found.stations if station.phase == found.phase for one in station.conditions)
    return all(one.met or one.code in ("release", "clinician") for one in asked)


def _stations(found: Phases, show: Formatter) -> None:
    grid = st.grid("auto", min_column_width=280, border=True, gap="small")
    for station in found.stations:
        grid.markdown("  \n".join(station_lines(station, show)))


def _change(screen: Screen, patient: Patient, found: Phases) -> None:
    show = screen.show
    with st.form("change-phase", width=560):
        st.markdown(f"**{show.say('Sign another phase')}**")
        place = PHASES.index(found.phase) if found.phase in PHASES else 0
        wanted = st.selectbox(
            show.say("Phase"), PHASES, place, format_func=show.word, key=f"phase-wanted-{patient.id}"
        )
        reason = ask_reason(show, f"phase-{patient.id}", REASON_MOST)
        despite = not is_met(found) and st.checkbox(
            show.say("Although conditions are not met"), key=f"despite-{patient.id}"
        )
        if not st.form_submit_button(show.say("Sign"), icon=":material/signature:"):
            return
    if not reason:
        st.error(show.say("Say why."))
        return
    answer = change_phase(screen.client, patient.id, wanted or PHASES[0], reason, despite=despite)
    if not isinstance(answer, Failure):
        st.session_state[TO_SIGN] = answer.limits_to_sign
    tell_outcome(answer, "The phase is signed.", screen)


def _say_what_is_left(show: Formatter) -> None:
    """Say which limits still say another phase, until the next page."""
    kinds = st.session_state.pop(TO_SIGN, ())
    if kinds:
        names = ", ".join(show.station(kind) for kind in kinds)
        sentence = "Limits that still say another phase: {machines}. Sign them under Limits."
        st.warning(show.say(sentence, machines=names), icon=":material/signature:")
