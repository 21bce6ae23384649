"""Questions about the back: those that are due, one at a time."""

from functools import partial
from typing import Final

import streamlit as st

from dashboard.acting import Deed, deed_button
from dashboard.address import arrive, go, going
from dashboard.api.papers import (
    Form,
    Judged,
    Questionnaires,
    fill_in_questionnaire,
    list_questionnaires,
    read_questionnaire,
)
from dashboard.client import Failure
from dashboard.components.taps import Tap, taps
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.own.around import own

ANSWERS: Final = "questionnaire_answers"  # in the session, by instrument: what is answered so far
YES_OR_NO: Final = 1  # most points of an item that fits or does not
SKIPPED: Final = -1
NAMES: Final = {"odi": "How your back limits you", "roland_morris": "Your day with back pain"}
CHANGES: Final = {
    "improved": "Better than the first time.",
    "worse": "Harder than the first time. Please tell your therapist.",
    "inside_error": "About as the first time.",
    "not_enough_data": "We compare when you have answered twice.",
}
SCALE: Final = ("no trouble", "a little", "some", "a lot", "very much", "not possible")


def page(screen: Screen) -> None:
    """Show what the person who has signed in is asked now."""
    show = screen.show
    patient = own(screen, "questions", "Questions")
    if patient is None:
        return
    found = list_questionnaires(screen.client, patient)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    due = [one.instrument for one in found.due]
    wanted = arrive("form")
    if wanted in due:
        _fill_in(screen, patient, str(wanted))
        return
    if not due:
        show_empty(
            "There is no question for you now.",
            "We ask at the start, after six and after twelve weeks.",
            show,
        )
    for instrument in due:
        _offer(instrument, show)
    _changes(found, show)


def name_of(instrument: str, show: Formatter) -> str:
    """Name a questionnaire in plain words."""
    return show.say(NAMES.get(instrument, "Questions"))


def _offer(instrument: str, show: Formatter) -> None:
    with st.container(border=True, key=f"form-{instrument}"):
        st.markdown(f"**{name_of(instrument, show)}**  \n{show.say('It takes about five minutes.')}")
        label = show.say("Go on") if _answers(instrument) else show.say("Start")
        way = (going(), "form", instrument)
        st.button(label, key=f"start-{instrument}", width="stretch", on_click=go, args=way)


def _changes(found: Questionnaires, show: Formatter) -> None:
    told = [change_words(one, show) for one in found.changes if one.instrument in NAMES]
    if found.items and told:
        st.subheader(show.say("What your answers say"), anchor=False)
        st.markdown("\n".join(f"- {line}" for line in told))


def change_words(one: Judged, show: Formatter) -> str:
    """Say what the change of the answers means."""
    said = show.say(CHANGES.get(one.verdict, CHANGES["not_enough_data"]))
    return f"**{name_of(one.instrument, show)}:** {said}"


def options(form: Form, show: Formatter) -> list[Tap]:
    """Put together the answers of a question."""
    if form.most == YES_OR_NO:
        return [Tap(value="1", words=show.say("Yes, today")), Tap(value="0", words=show.say("No, not today"))]
    taken = [
        Tap(value=str(points), words=f"{points}: {show.say(SCALE[points])}")
        for points in range(form.most + 1)
    ]
    if form.least < len(form.items):
        taken.append(Tap(value=str(SKIPPED), words=show.say("I would rather not say")))
    return taken


def given(form: Form, answers: dict[str, int]) -> dict[str, int]:
    """Keep the answers that count: what was left out is not sent."""
    known = {item.id for item in form.items}
    return {item: points for item, points in answers.items() if item in known and points != SKIPPED}


def _answers(instrument: str) -> dict[str, int]:
    kept: dict[str, dict[str, int]] = st.session_state.setdefault(ANSWERS, {})
    return kept.setdefault(instrument, {})


def _fill_in(screen: Screen, patient: str, instrument: str) -> None:
    show = screen.show
    form = read_questionnaire(screen.client, instrument)
    if isinstance(form, Failure):
        show_failure(form, show)
        return
    answers = _answers(instrument)
    st.subheader(name_of(instrument, show), anchor=False)
    place = min(len(answers), len(form.items))
    st.progress(
        place / len(form.items), text=show.say("{done} of {count}", done=place, count=len(form.items))
    )
    if place < len(form.items):
        _ask(form, answers, place, show)
    else:
        _send(screen, patient, form, answers)
    if answers:
        st.button(
            show.say("Question before"), key="question-back", width="stretch", icon=":material/arrow_back:",
            on_click=_take_back, args=(answers, [*answers][-1]),
        )  # fmt: skip
    way = (going(), "form", None)
    st.button(show.say("Later"), key="question-later", width="stretch", on_click=go, args=way)


def _take_back(answers: dict[str, int], item: str) -> None:
    """Take one answer back, once, however often it is tapped."""
    answers.pop(item, None)


def _ask(form: Form, answers: dict[str, int], place: int, show: Formatter) -> None:
    item = form.items[place]
    words = item.text_en if show.language == "en" else item.text_zh
    st.markdown(f"### {plain(words)}", anchors=False)
    hint = (
        "Does it fit you today?" if form.most == YES_OR_NO else "How much trouble do you have with it today?"
    )
    st.markdown(show.say(hint))
    tapped = taps(
        f"item-{form.instrument}-{item.id}",
        words,
        options(form, show),
        use=lambda value: answers.update({item.id: int(value)}),
    )
    if tapped is not None:
        st.rerun()
    st.caption(show.say("The full sentences are on the form of your studio."))


def _send(screen: Screen, patient: str, form: Form, answers: dict[str, int]) -> None:
    show = screen.show
    counted = given(form, answers)
    if len(counted) < form.least:
        st.warning(show.say("Please answer at least {count} questions.", count=form.least))
        return
    st.markdown(f"**{show.say('That was the last question. Thank you.')}**")

    def send() -> Failure | None:
        answer = fill_in_questionnaire(screen.client, patient, form.instrument, counted)
        if answer is None:
            answers.clear()
        return answer

    deed = Deed(do=send, said="Thank you. Your answers are sent.", then=partial(go, going(), "form", None))
    deed_button(show.say("Send my answers"), deed, screen, key="question-send", width="stretch")
