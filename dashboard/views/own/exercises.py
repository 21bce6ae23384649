"""Home exercises: the list, and one of them with its picture, steps, timer and a tick for today."""

from functools import partial
from importlib.resources import files
from typing import Final

import streamlit as st

from dashboard.acting import Deed, deed_button
from dashboard.address import arrive, go, going
from dashboard.api.own import read_outlook, tick_off
from dashboard.api.papers import Exercise, HomeExercise, HomeExercises, list_exercises, list_home_exercises
from dashboard.client import Failure
from dashboard.components.timer import timer
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.own.around import own
from dashboard.views.own.doctor import show_waiting
from dashboard.views.own.timing import dose_words, steps

SMALL_PX: Final = 160
LARGE_PX: Final = 640  # at most; on a phone as wide as the page
DAILY: Final = 7  # times a week
LATER: Final = {  # why an exercise is not open yet; what is never open is not shown
    "phase": "It comes later, when your back is stronger.",
    "neutral_spine": "It comes when your therapist has seen that you find the middle position of your back.",
}


def page(screen: Screen) -> None:
    """Show the exercise that the URL names, or all of them."""
    show = screen.show
    patient = own(screen, "exercises", "Home exercises")
    if patient is None:
        return
    found = list_home_exercises(screen.client, patient)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    if _must_see_a_doctor(screen, patient):
        return
    wanted = arrive("exercise")
    chosen = next((one for one in open_now(found) if one.exercise.exercise == wanted), None)
    if chosen is not None:
        _one(screen, patient, chosen)
        return
    _all(screen, found)
    _later(screen, patient, found)


def _must_see_a_doctor(screen: Screen, patient: str) -> bool:
    """Say what needs a doctor now, or that it is not known; nobody trains at home either until then."""
    outlook = read_outlook(screen.client, patient)
    if isinstance(outlook, Failure):
        show_failure(outlook, screen.show)
        return True  # not known: nothing is offered until it is
    urgent = tuple(one for one in outlook.waiting if one.emergency)
    show_waiting(urgent, screen.show)
    return bool(urgent)


def picture(name: str) -> str | None:
    """Read the picture of an exercise (SVG); None where there is none."""
    file = files("dashboard").joinpath("pictures", f"{name}.svg")
    return file.read_text(encoding="utf-8") if file.is_file() else None


def name_of(exercise: Exercise, show: Formatter) -> str:
    """Name an exercise in the viewer's language."""
    return plain(exercise.text_en if show.language == "en" else exercise.text_zh)


def often_words(home: HomeExercise, show: Formatter) -> str:
    """Say how often an exercise is to be done."""
    if home.times_a_week >= DAILY:
        return show.say("every day")
    return show.say("on {count} days a week", count=home.times_a_week)


def kept_words(home: HomeExercise, show: Formatter) -> str:
    """Say on how many days of the last two weeks it was done."""
    if home.days_done == 0:
        return show.say("Not done in the last two weeks yet")
    return show.say("Done on {count} days of the last two weeks", count=home.days_done)


def open_now(found: HomeExercises) -> list[HomeExercise]:
    """List what was given and is still open: a condition that came later closes it."""
    return [one for one in found.items if one.exercise.closed is None]


def _all(screen: Screen, found: HomeExercises) -> None:
    show = screen.show
    if not found.items:
        show_empty("No exercises for home yet.", "Your therapist gives you the first ones.", show)
        return
    offered = open_now(found)
    left = sum(not one.done_today for one in offered)
    if left:
        st.markdown(show.say("Still to do today: {count}", count=left))
    elif offered:
        st.markdown(show.say("All done for today. Well done."))
    for home in offered:
        _row(screen, home)
    for home in found.items:
        if home not in offered:
            st.warning(
                f"**{name_of(home.exercise, show)}**  \n{show.say('Not now: ask your therapist.')}",
                icon=":material/pan_tool:",
            )


def _row(screen: Screen, home: HomeExercise) -> None:
    show, name = screen.show, home.exercise.exercise
    with st.container(border=True, key=f"exercise-{name}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            drawn = picture(name)
            if drawn is not None:
                st.image(drawn, width=SMALL_PX, alt=name_of(home.exercise, show))
            with st.container(width="stretch", gap="xxsmall"):
                st.markdown(f"**{name_of(home.exercise, show)}**")
                st.markdown(f"{dose_words(home, show)}  \n{often_words(home, show)}")
                if home.done_today:
                    st.badge(show.say("Done today"), color="green", icon=":material/check_circle:")
        st.button(
            show.say("Show me how"), key=f"open-{name}", width="stretch", icon=":material/play_arrow:",
            on_click=go, args=(going(), "exercise", name),
        )  # fmt: skip


def _one(screen: Screen, patient: str, home: HomeExercise) -> None:
    show, name = screen.show, home.exercise.exercise
    st.subheader(name_of(home.exercise, show), anchor=False)
    drawn = picture(name)
    if drawn is not None:
        st.image(drawn, width=LARGE_PX, alt=name_of(home.exercise, show))
    st.markdown(f"**{dose_words(home, show)}** · {often_words(home, show)}")
    lines = home.exercise.steps_en if show.language == "en" else home.exercise.steps_zh
    st.markdown("\n".join(f"{number}. {plain(line)}" for number, line in enumerate(lines, start=1)))
    st.caption(show.say("It may pull a little. Stop if it hurts."))
    timer(name, steps(home, show), show)
    if home.done_today:
        st.success(show.say("Done today"), icon=":material/check_circle:")
    else:
        deed = Deed(do=partial(tick_off, screen.client, patient, name), said="Well done. It is ticked off.")
        label, key = show.say("I have done it"), f"tick-{name}"
        deed_button(label, deed, screen, key=key, width="stretch", icon=":material/check:")
    st.caption(kept_words(home, show))
    st.button(
        show.say("All exercises"), key="all-exercises", width="stretch", icon=":material/arrow_back:",
        on_click=go, args=(going(), "exercise", None),
    )  # fmt: skip


def later(catalogue: tuple[Exercise, ...], found: HomeExercises) -> list[Exercise]:
    """List what is not open yet and will be."""
    mine = {one.exercise.exercise for one in found.items}
    return [one for one in catalogue if one.closed in LATER and one.exercise not in mine]


def _later(screen: Screen, patient: str, found: HomeExercises) -> None:
    show = screen.show
    catalogue = list_exercises(screen.client, patient)
    if isinstance(catalogue, Failure):
        return
    waiting = later(catalogue.items, found)
    if not waiting:
        return
    with st.expander(show.say("Later"), key="later", icon=":material/schedule:"):
        for one in waiting:
            st.markdown(f"**{name_of(one, show)}**  \n{show.say(LATER[str(one.closed)])}")
