"""My next visit: what is due today first, then when, what, why, and what to bring."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard.api.adjustments import Adjustment, list_adjustments
from dashboard.api.own import NextVisit, Outlook, Stop, read_outlook
from dashboard.api.papers import list_home_exercises, list_questionnaires
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.own.around import own
from dashboard.views.own.changes import HELD
from dashboard.views.own.doctor import show_waiting
from dashboard.views.own.exercises import open_now

LOOKED_BACK: Final = 100  # settings: the last ones of each station
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BRING: Final = (
    "Comfortable clothes and flat shoes.",
    "Your card, or your code and PIN.",
    "A bottle of water.",
    "Your glasses, if you read with them.",
)


def page(screen: Screen) -> None:
    """Show what comes next for the person who has signed in."""
    show = screen.show
    patient = own(screen, "next", "My next visit")
    if patient is None:
        return
    outlook = read_outlook(screen.client, patient)
    if isinstance(outlook, Failure):
        show_failure(outlook, show)
        return
    show_waiting(outlook.waiting, show)
    _due(screen, patient, outlook)
    if outlook.visit is None:
        show_empty(
            "No visit is booked.", "Ring the studio, or ask at the desk: they book your next one.", show
        )
        return
    _visit(outlook.visit, show)
    adjustments = list_adjustments(screen.client, patient, LOOKED_BACK, show.unit)
    _stations(outlook.visit, None if isinstance(adjustments, Failure) else newest(adjustments.items), show)
    _bring(show)


def due_lines(is_morning_open: bool, questionnaires: int, exercises: int, show: Formatter) -> dict[str, str]:  # noqa: FBT001 (three facts, read side by side)
    """Say what is to be done now, by the page on which it is done."""
    found = {}
    if is_morning_open:
        found["mypain"] = show.say("How was your back the morning after?")
    if questionnaires:
        found["questions"] = show.say("Answer a few questions about your back")
    if exercises:
        found["exercises"] = show.say("Exercises for today: {count}", count=exercises)
    return found


def _due(screen: Screen, patient: str, outlook: Outlook) -> None:
    """List what is due, each a way to its page; what cannot be asked now says so on its own page."""
    asked = list_questionnaires(screen.client, patient)
    at_home = list_home_exercises(screen.client, patient)
    is_urgent = any(one.emergency for one in outlook.waiting)  # nobody trains then
    lines = due_lines(
        outlook.morning is not None and outlook.morning.open,
        0 if isinstance(asked, Failure) else len(asked.due),
        0
        if is_urgent or isinstance(at_home, Failure)
        else sum(not one.done_today for one in open_now(at_home)),
        screen.show,
    )
    if not lines:
        return
    with st.container(border=True, key="due"):
        st.markdown(f"**{screen.show.say('To do today')}**")
        for name, words in lines.items():
            st.page_link(screen.pages[name], label=words, icon=":material/arrow_forward:", width="stretch")


def when_words(visit: NextVisit, show: Formatter) -> str:
    """Say day and time: Monday, 23 Nov 2026, 10:00."""
    day = show.say(WEEKDAYS[show.local(visit.starts_at).weekday()])
    return show.say(
        "{weekday}, {day}, {time}",
        weekday=day,
        day=show.day(visit.starts_at),
        time=show.clock(visit.starts_at),
    )


def _visit(visit: NextVisit, show: Formatter) -> None:
    with st.container(border=True, key="visit"):
        st.markdown(f"### {when_words(visit, show)}", anchors=False)
        st.markdown(show.say("About {count} minutes, at {site}", count=visit.minutes, site=plain(visit.site)))
        st.caption(show.say("You cannot come? Please ring the studio."))


def stop_name(stop: Stop, show: Formatter) -> str:
    """Name a station: a machine by its kind, a guided one by its text."""
    text = stop.text_en if show.language == "en" else stop.text_zh
    return plain(text) if text else show.word(stop.station)


def newest(adjustments: Sequence[Adjustment]) -> dict[str, Adjustment]:
    """Find the last setting of each kind of machine that holds or held; `adjustments` come newest first."""
    found: dict[str, Adjustment] = {}
    for one in adjustments:
        if one.state in HELD:
            found.setdefault(one.kind, one)
    return found


def why_words(stop: Stop, last: dict[str, Adjustment] | None, show: Formatter) -> str:
    """Say in one sentence what changed at a station, and why; nothing where it is not known (`last` None)."""
    if stop.guided:
        return show.say("Staff show you how.")
    if last is None:
        return ""
    found = last.get(stop.station)
    if found is None or not found.why:
        return show.say("New for you: it starts light.")
    return plain(show.reason(found.why[0]))


def _stations(visit: NextVisit, last: dict[str, Adjustment] | None, show: Formatter) -> None:
    if not visit.stations:
        return
    st.subheader(show.say("What you will do"), anchor=False)
    rows = [
        "  \n   ".join(filter(None, (f"{number}. **{stop_name(stop, show)}**", why_words(stop, last, show))))
        for number, stop in enumerate(visit.stations, start=1)
    ]
    st.markdown("\n".join(rows))


def _bring(show: Formatter) -> None:
    st.subheader(show.say("What to bring"), anchor=False)
    st.markdown("\n".join(f"- {show.say(thing)}" for thing in BRING))
