"""Exercises for home: what was given and ticked off, what is open for the person, and giving another."""

from collections.abc import Sequence

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.health import read_patient_file
from dashboard.api.papers import (
    Exercise,
    HomeExercise,
    end_exercise,
    list_exercises,
    list_home_exercises,
    prescribe_exercise,
    tick_neutral_spine,
)
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.format import Formatter, whole
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import may_act, told

CLOSED = {  # why a person may not be given an exercise
    "condition": "closed by a health condition",
    "phase": "opens in phase {phase}",
    "age": "not at this age",
    "height": "not at this height",
    "neutral_spine": "opens when the person finds a neutral spine",
    "place": "not for home",
}
TIMES_MOST, SETS_MOST, REPS_MOST, HOLD_MOST_S = 14, 6, 30, 60
DAILY = 7


def part(screen: Screen, patient: Patient) -> None:
    """Show what was given, and give more."""
    show = screen.show
    given = list_home_exercises(screen.client, patient.id)
    if isinstance(given, Failure):
        show_failure(given, show)
        return
    is_care = may_act(screen)
    if not given.items:
        show_empty("No exercise for home yet.", "Choose one from the catalogue below.", show)
    for each in given.items:
        _given(screen, each, is_care=is_care)
    if not is_care:
        return
    _neutral_spine(screen, patient)
    catalogue = list_exercises(screen.client, patient.id)
    if isinstance(catalogue, Failure):
        show_failure(catalogue, show)
        return
    taken = {each.exercise.exercise for each in given.items}
    _give(screen, patient, [one for one in catalogue.items if one.exercise not in taken])


def dose_words(each: HomeExercise, show: Formatter) -> str:
    """Write the dose of an exercise: 2 x 10, hold 5 s; or 5 minutes."""
    if each.exercise.minutes:
        return show.say("{count} minutes", count=each.exercise.minutes)
    dose = show.say("{sets} x {reps}", sets=each.sets, reps=each.reps)
    return dose if each.hold_s == 0 else dose + show.say(", hold {seconds} s", seconds=whole(each.hold_s))


def kept_words(each: HomeExercise, show: Formatter) -> str:
    """Write how an exercise was kept in the last fourteen days."""
    kept = show.say(
        "ticked off on {done} of {expected} days of the last two weeks",
        done=each.days_done,
        expected=each.days_expected,
    )
    return f"{kept} · {show.say('done today')}" if each.done_today else kept


def closed_words(one: Exercise, show: Formatter) -> str:
    """Say why an exercise is closed; empty for an open one."""
    if one.closed is None:
        return ""
    return show.say(CLOSED.get(one.closed, CLOSED["condition"]), phase=show.word(one.opens))


def _given(screen: Screen, each: HomeExercise, *, is_care: bool) -> None:
    show = screen.show
    dose = dose_words(each, show)
    often = show.say("{count} times a week, since {day}", count=each.times_a_week, day=show.day(each.since))
    closed = closed_words(each.exercise, show)
    shut = f"  \n:orange[:material/block: {closed}]" if closed else ""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"given-{each.id}"):
        st.markdown(
            f"**{told(each.exercise, show)}** · {dose} · {often}  \n:gray[{kept_words(each, show)}]{shut}",
            width="stretch",
        )
        if is_care and st.button(show.say("End"), key=f"end-{each.id}", icon=":material/close:"):
            tell_outcome(end_exercise(screen.client, each.id), "The exercise has ended.", screen)


def _neutral_spine(screen: Screen, patient: Patient) -> None:
    show = screen.show
    file = read_patient_file(screen.client, patient.id)
    if isinstance(file, Failure):
        show_failure(file, show)
        return
    finds = file.finds_neutral
    state, label = show.say("Does not find a neutral spine yet"), show.say("Finds neutral spine")
    if finds:
        state, label = show.say("Finds neutral spine: stabilisation is open"), show.say("Take the tick back")
    sign = ":material/check_box:" if finds else ":material/check_box_outline_blank:"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{sign} {state}", width="content")
        if st.button(label, key="neutral-spine"):
            answer = tick_neutral_spine(screen.client, patient.id, finds=not finds)
            tell_outcome(answer, "It is noted.", screen)


def _give(screen: Screen, patient: Patient, catalogue: Sequence[Exercise]) -> None:
    """Offer what is open; what is closed is listed with the reason."""
    show = screen.show
    opened = {one.exercise: one for one in catalogue if one.closed is None}
    if opened:
        with st.container(border=True, key="give-exercise", width=560):
            st.markdown(f"**{show.say('Give an exercise')}**")
            _choose(screen, patient, opened)
    shut = [f"- {told(one, show)}: {closed_words(one, show)}" for one in catalogue if one.closed is not None]
    if shut:
        st.caption("\n".join([show.say("Not open for this person:"), "", *shut]))


def _choose(screen: Screen, patient: Patient, opened: dict[str, Exercise]) -> None:
    show = screen.show
    names = list(opened)
    chosen = st.selectbox(
        show.say("Exercise"),
        names,
        format_func=lambda name: told(opened[name], show),
        key=f"give-{patient.id}",
    )
    one, key = opened[chosen or names[0]], f"{patient.id}-{chosen}"
    steps = one.steps_en if show.language == "en" else one.steps_zh
    st.caption("  \n".join(steps))
    columns = st.columns(4)
    asked = (
        ("Times a week", 1, TIMES_MOST, DAILY, "times_a_week"),
        ("Sets", 1, SETS_MOST, one.sets, "sets"),
        ("Reps", 1, REPS_MOST, max(one.reps, 1), "reps"),
        ("Hold in s", 0, HOLD_MOST_S, int(one.hold_s), "hold_s"),
    )
    wish: dict[str, object] = {"exercise": one.exercise}
    for column, (label, least, most, usual, name) in zip(columns, asked, strict=True):
        with column:
            wish[name] = st.number_input(show.say(label), least, most, usual, key=f"{name}-{key}")
    if st.button(show.say("Give"), key="give", icon=":material/add:"):
        answer = prescribe_exercise(screen.client, patient.id, wish)
        tell_outcome(answer, "The exercise is on the person's list.", screen)
