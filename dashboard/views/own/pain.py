"""My pain: the morning's question, what is settled, and the answers so far."""

from typing import Final

import streamlit as st

from dashboard.acting import Deed, deed_button
from dashboard.api.own import Morning, answer_morning, read_outlook
from dashboard.api.progress import Pain, PainChange, read_progress
from dashboard.charts.own import own_pain_chart
from dashboard.client import Failure
from dashboard.components.taps import Tap, listener, taps
from dashboard.format import Formatter
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.own.around import own
from dashboard.views.own.doctor import show_signs, show_waiting

WORST: Final = 10  # of the scale
CHOSEN = "morning_nrs"  # in the session, by visit: the face that was tapped last
SAYS: Final = (  # the highest number, and its words
    (0, "no pain"),
    (2, "a little pain"),
    (4, "some pain"),
    (6, "quite some pain"),
    (8, "strong pain"),
    (WORST, "the worst pain"),
)
CHANGES: Final = {
    "improved": "Your pain before training is less than it was at the start.",
    "worse": "Your pain before training is more than it was at the start. Please tell your therapist.",
    "inside_error": "Your pain before training is about as it was at the start. Ups and downs are usual.",
    "not_enough_data": "After a few more visits we can say how your pain changes.",
}


def page(screen: Screen) -> None:
    """Show question, answer and curve of the person who has signed in."""
    show = screen.show
    patient = own(screen, "mypain", "My pain")
    if patient is None:
        return
    outlook = read_outlook(screen.client, patient)
    if isinstance(outlook, Failure):
        show_failure(outlook, show)
        return
    show_waiting(outlook.waiting, show)
    if outlook.morning is not None:
        _morning(screen, patient, outlook.morning)
    _curve(screen, patient)
    show_signs(show)


def pain_words(nrs: int, show: Formatter) -> str:
    """Say a number of the scale in words."""
    return show.say(next(words for most, words in SAYS if nrs <= most))


def scale(show: Formatter) -> list[Tap]:
    """Put together the faces from 0 to 10."""
    return [
        Tap(value=str(nrs), words=str(nrs), face=nrs / WORST, spoken=f"{nrs}: {pain_words(nrs, show)}")
        for nrs in range(WORST + 1)
    ]


def settled_words(morning: Morning, show: Formatter) -> str:
    """Say what the morning's answer means; nothing while there is none."""
    if morning.settled is None:
        return ""
    if morning.settled:
        return show.say("That is no more than usual for you: your back has settled.")
    return show.say("That is more than usual for you. Your next visit takes it into account.")


def _morning(screen: Screen, patient: str, morning: Morning) -> None:
    show = screen.show
    if morning.open:
        _ask(screen, patient, morning)
    elif morning.nrs is not None:
        with st.container(border=True, key="answered"):
            said = show.say(
                "The morning after your visit on {day}: {words}.",
                day=show.day(morning.visit_at),
                words=pain_words(morning.nrs, show),
            )
            st.markdown(f"**{said}**  \n{settled_words(morning, show)}")
            if not morning.settled:
                st.markdown(show.say("If it gets worse rather than better, ring the studio."))


def _ask(screen: Screen, patient: str, morning: Morning) -> None:
    show = screen.show
    with st.container(border=True, key="ask"):
        question = show.say(
            "How was your back on the morning after your visit on {day}?", day=show.day(morning.visit_at)
        )
        st.markdown(f"**{question}**")
        kept: dict[str, str] = st.session_state.setdefault(CHOSEN, {})
        visit = morning.visit_at.isoformat()
        chosen = kept.get(visit)

        def use(value: str) -> None:
            kept[visit] = value

        key = f"morning-{visit}"  # a face belongs to its visit
        tapped = taps(key, question, scale(show), style="scale", chosen=chosen, use=use)
        if tapped is not None:
            st.rerun()
        st.caption(show.say("0 is no pain, 10 is the worst pain."))
        if chosen is None:
            return
        st.markdown(
            show.say("You chose {number}: {words}.", number=chosen, words=pain_words(int(chosen), show))
        )

        hear = listener(key, use)

        def send() -> Failure | None:
            hear()  # one may have thought again since the button was drawn
            return answer_morning(screen.client, patient, int(kept[visit]))

        deed = Deed(do=send, said="Thank you. Your answer is sent.")
        deed_button(show.say("Send my answer"), deed, screen, key="send-morning", width="stretch")


def change_words(change: PainChange, show: Formatter) -> str:
    """Say how the pain before training has changed."""
    return show.say(CHANGES.get(change.verdict, CHANGES["not_enough_data"]))


def shown_pain(pain: tuple[Pain, ...]) -> list[Pain]:
    """Keep what was answered before training and on the mornings after."""
    return [one for one in pain if one.question in ("pain_before", "pain_next_morning")]


def _curve(screen: Screen, patient: str) -> None:
    show = screen.show
    st.subheader(show.say("My answers so far"), anchor=False)
    progress = read_progress(screen.client, patient)
    if isinstance(progress, Failure):
        show_failure(progress, show)
        return
    pain = shown_pain(progress.pain)
    if not pain:
        show_empty("You have not told us about pain yet.", "The machine asks you before you train.", show)
        return
    st.markdown(change_words(progress.pain_change, show))
    st.altair_chart(own_pain_chart(pain, show), alt=show.say("Your answers about pain over time"))
    st.caption(show.say("Pain goes up and down. The line shows the way over weeks."))
