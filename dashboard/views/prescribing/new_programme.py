"""A new programme: when it starts, how long, which stations in which phase, and what is to be reached."""

from datetime import date
from typing import get_args

import streamlit as st

from contract.machines import catalogue
from contract.messages import Phase
from dashboard.acting import tell_outcome
from dashboard.api.people import Patient
from dashboard.api.programmes import NewGoal, NewProgramme, start_programme
from dashboard.format import KG_PER_LB, Formatter
from dashboard.screen import Screen

PHASES: tuple[str, ...] = get_args(Phase)
WEEKS, WEEKS_MOST = 12, 104
VISITS, VISITS_MOST = 2, 7
STATIONS_MOST, GOALS_MOST = 6, 5
TARGET_MOST = 1_000.0
GOALS = {
    "load": "Load on a machine",
    "range": "Range on a machine",
    "pain": "Usual pain",
    "function": "Questionnaire",
}
INSTRUMENTS = {"odi": "ODI", "roland_morris": "Roland-Morris"}  # names of their own


def show_new(screen: Screen, patient: Patient, today: date) -> None:
    """Offer to start a programme; the one that runs is replaced."""
    show = screen.show
    with st.expander(show.say("Start a programme"), key="new-programme", icon=":material/add:"):
        st.caption(show.say("The programme that runs is replaced by the new one."))
        starts, weeks, visits = _frame(patient, today, show)
        stations = _stations(patient, show)
        goals = _goals(patient, weeks, show)
        if st.button(show.say("Start it"), key="start-programme"):
            new = NewProgramme(
                starts_day=starts, weeks=weeks, visits_a_week=visits, stations=stations, goals=goals
            )
            answer = start_programme(screen.client, patient.id, new)
            tell_outcome(answer, "The programme has started.", screen)


def _frame(patient: Patient, today: date, show: Formatter) -> tuple[date, int, int]:
    first, second, third = st.columns(3)
    with first:
        starts = st.date_input(show.say("First day"), today, key=f"starts-{patient.id}")
    with second:
        weeks = st.number_input(show.say("Weeks"), 1, WEEKS_MOST, WEEKS, key=f"weeks-{patient.id}")
    with third:
        visits = st.number_input(
            show.say("Visits a week"), 1, VISITS_MOST, VISITS, key=f"visits-{patient.id}"
        )
    return starts, int(weeks), int(visits)


def _stations(patient: Patient, show: Formatter) -> dict[str, list[str]]:
    """Ask for the stations of every phase, in the order of the circuit; a phase without any is left out."""
    own = [station.kind for station in patient.stations]
    kinds = [*own, *(kind for kind in catalogue() if kind not in own)]
    chosen = {
        phase: st.multiselect(
            show.say("Stations in phase {phase}, in their order", phase=show.word(phase)),
            kinds,
            own[:STATIONS_MOST] if phase == patient.phase else [],
            format_func=show.station,
            max_selections=STATIONS_MOST,
            placeholder=show.say("Choose"),
            key=f"stations-{phase}-{patient.id}",
        )
        for phase in PHASES
    }
    return {phase: list(kinds) for phase, kinds in chosen.items() if kinds}


def _goals(patient: Patient, weeks: int, show: Formatter) -> tuple[NewGoal, ...]:
    count = st.number_input(
        show.say("Number of goals"), 0, GOALS_MOST, 0, key=f"goals-{patient.id}", width=200
    )
    return tuple(_goal(patient, place, weeks, show) for place in range(int(count)))


def _goal(patient: Patient, place: int, weeks: int, show: Formatter) -> NewGoal:
    key = f"{place}-{patient.id}"
    columns = st.columns(4)
    with columns[0]:
        what = st.selectbox(
            show.say("Goal {number}", number=place + 1),
            list(GOALS),
            format_func=lambda each: show.say(GOALS[each]),
            key=f"goal-{key}",
        )
    with columns[1]:
        of = _of(what, key, show)
    with columns[2]:
        label = show.say("Target ({unit})", unit=unit_of(what, show))
        target = st.number_input(
            label, 0.0, TARGET_MOST, 0.0, step=1.0, format="%.1f", key=f"target-{what}-{key}"
        )
    with columns[3]:
        week = st.number_input(show.say("By week"), 1, weeks, weeks, key=f"week-{weeks}-{key}")
    return NewGoal(what=what, of=of, target=target_of(what, target, show), week=int(week))


def unit_of(what: str, show: Formatter) -> str:
    """Say in what a goal is entered."""
    units = {"load": show.unit, "range": "°", "pain": "0-10"}
    return units.get(what) or show.say("points or %")


def target_of(what: str, entered: float, show: Formatter) -> float:
    """Turn what was entered into the service's unit: kilograms for a load."""
    in_pounds = what == "load" and show.unit == "lb"
    return round(entered * KG_PER_LB, 1) if in_pounds else entered


def _of(what: str, key: str, show: Formatter) -> str | None:
    if what == "pain":
        return None
    if what == "function":
        return st.selectbox(
            show.say("Of"),
            list(INSTRUMENTS),
            format_func=lambda each: INSTRUMENTS[each],
            key=f"of-form-{key}",
        )
    return st.selectbox(show.say("Of"), list(catalogue()), format_func=show.station, key=f"of-{key}")
