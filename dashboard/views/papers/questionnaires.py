"""Questionnaires: what is due, how the scores went against the minimal important change, filling one in."""

from collections.abc import Sequence

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.papers import (
    Due,
    Form,
    Judged,
    Questionnaires,
    Scored,
    fill_in_questionnaire,
    list_questionnaires,
    read_questionnaire,
)
from dashboard.api.people import Patient
from dashboard.charts.scores import score_chart
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.asking import may_act, told

NAMES = {
    "odi": "Disability by back pain (ODI)",
    "roland_morris": "Daily life with back pain (Roland-Morris)",
    "nrs": "Pain now (0 to 10)",
}
MOST = {"odi": 100.0, "roland_morris": 24.0, "nrs": 10.0}  # per cent, points, NRS
VERDICTS = {  # colour, sign and words of what a change says
    "improved": ("green", ":material/trending_down:", "Better by more than the error"),
    "worse": ("red", ":material/trending_up:", "Worse by more than the error"),
    "inside_error": ("gray", ":material/remove:", "Inside the error"),
    "not_enough_data": ("gray", ":material/hourglass_empty:", "Too little data"),
}
YES_OR_NO = 1  # most points of an item that is ticked or not


def part(screen: Screen, patient: Patient) -> None:
    """Show what is due and how the scores went; fill one in with the patient."""
    show = screen.show
    found = list_questionnaires(screen.client, patient.id)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    for due in found.due:
        st.markdown(f":orange[:material/assignment:] {due_words(due, show)}")
    if not found.items:
        show_empty("No questionnaire was answered yet.", "Fill one in with the patient.", show)
    for judged in found.changes:
        scores = [one for one in found.items if one.instrument == judged.instrument]
        if scores:
            _history(judged, scores, show)
    if may_act(screen):
        _fill_in(screen, patient, found)


def due_words(due: Due, show: Formatter) -> str:
    """Say which questionnaire is asked for, and since when."""
    sentence = "Due: {name}, of week {week}, since {day}"
    return show.say(sentence, name=show.say(NAMES[due.instrument]), week=due.week, day=show.day(due.since))


def change_words(judged: Judged, show: Formatter) -> str:
    """Say by how much the score changed, against what counts as a change."""
    if judged.by is None or judged.needed is None:
        return show.say("It takes two answers to tell a change.")
    sentence = "Lower by {by}; a change of {needed} counts."
    if judged.by < 0:
        sentence = "Higher by {by}; a change of {needed} counts."
    return show.say(sentence, by=f"{abs(judged.by):g}", needed=f"{judged.needed:g}")


def _history(judged: Judged, scores: Sequence[Scored], show: Formatter) -> None:
    colour, sign, verdict = VERDICTS.get(judged.verdict, VERDICTS["not_enough_data"])
    st.markdown(f"**{show.say(NAMES[judged.instrument])}**")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(show.say(verdict), color=colour, icon=sign)  # type: ignore[arg-type]  # a Streamlit colour
        st.markdown(change_words(judged, show), width="content")
    words = ", ".join(f"{show.day(one.at)}: {one.score:g}" for one in scores)
    st.altair_chart(score_chart(scores, judged.needed, MOST[judged.instrument], show), alt=words)


def _fill_in(screen: Screen, patient: Patient, found: Questionnaires) -> None:
    show = screen.show
    due = [one.instrument for one in found.due]
    names = [*due, *(name for name in NAMES if name not in due)]
    with st.expander(show.say("Fill one in with the patient"), key="fill-in", icon=":material/edit:"):
        chosen = st.segmented_control(
            show.say("Questionnaire"), names, default=names[0], required=True,
            format_func=lambda name: show.say(NAMES[name]), key=f"instrument-{patient.id}",
        )  # fmt: skip
        form = read_questionnaire(screen.client, chosen or names[0])
        if isinstance(form, Failure):
            show_failure(form, show)
            return
        _form(screen, patient, form)


def _form(screen: Screen, patient: Patient, form: Form) -> None:
    """Ask every item; the wording is on the studio's own form."""
    show = screen.show
    with st.form(f"form-{form.instrument}"):
        st.caption(show.say("Read the wording from the studio's form; here stand its short names."))
        key = f"{patient.id}-{form.instrument}"
        asked = {item.id: _item(told(item, show), form.most, f"{key}-{item.id}", show) for item in form.items}
        is_sent = st.form_submit_button(show.say("Save the answers"))
    if not is_sent:
        return
    answers = {name: value for name, value in asked.items() if value is not None}
    if len(answers) < form.least:
        st.error(show.say("At least {count} answers are needed.", count=form.least))
        return
    answer = fill_in_questionnaire(screen.client, patient.id, form.instrument, answers)
    tell_outcome(answer, "The answers are saved.", screen)


def _item(label: str, most: int, key: str, show: Formatter) -> int | None:
    if most == YES_OR_NO:
        return int(st.checkbox(label, key=key, help=show.say("Tick what applies today.")))
    return st.segmented_control(label, list(range(most + 1)), key=key)
