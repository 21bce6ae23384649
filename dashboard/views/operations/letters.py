"""Messages that could not be read or stored: nothing is lost, somebody decides."""

from collections.abc import Sequence

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.letters import DeadLetter, list_dead_letters, requeue_dead_letter
from dashboard.client import Failure
from dashboard.format import NOTHING, Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure

ROWS = 50
STATES = {  # colour, sign, words
    "kept": ("orange", ":material/inbox:", "Waits for somebody"),
    "asked": ("blue", ":material/hourglass_top:", "Will be tried again"),
    "taken": ("green", ":material/check_circle:", "Taken"),
    "failed": ("red", ":material/error:", "Tried again, in vain"),
}
TRIABLE = ("kept", "failed")


def page(screen: Screen) -> None:
    """Show the newest messages that were put aside; each can be tried once more."""
    show = screen.show
    st.title(show.say("Messages put aside"))
    st.caption(
        show.say(
            "A message that cannot be read or stored stops no other. Its content is not shown here; "
            "after the cause is mended it can be tried once more."
        )
    )
    answer = list_dead_letters(screen.client, ROWS)
    if isinstance(answer, Failure):
        show_failure(answer, show)
        return
    if not answer.items:
        show_empty("Every message was read and stored.", "There is nothing to do here.", show)
        return
    st.markdown(counts(answer.items, show))
    for letter in answer.items:
        with st.container(border=True, gap="xsmall"):
            _letter(letter, screen)


def counts(letters: Sequence[DeadLetter], show: Formatter) -> str:
    """Say how many of the shown ones wait for somebody."""
    waiting = sum(letter.state in TRIABLE for letter in letters)
    return show.say(
        "**{waiting}** of the newest {count} wait for somebody.", waiting=waiting, count=len(letters)
    )


def _letter(letter: DeadLetter, screen: Screen) -> None:
    show = screen.show
    colour, sign, words = STATES.get(letter.state, STATES["kept"])
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(
            f"**{plain(letter.machine or NOTHING)}** · :gray[{show.moment(letter.at)}]", width="content"
        )
        st.badge(show.say(words), color=colour, icon=sign)  # type: ignore[arg-type]  # a Streamlit colour
    st.markdown(plain(letter.detail))
    place = f"{show.word(letter.reason)} · {plain(letter.topic)}"
    st.caption(f"{place} · {show.say('{count} bytes', count=letter.size_bytes)}")
    if letter.state in TRIABLE and st.button(show.say("Try once more"), key=f"requeue-{letter.id}"):
        answer = requeue_dead_letter(screen.client, letter.id)
        tell_outcome(answer, "It is tried once more.", screen)
