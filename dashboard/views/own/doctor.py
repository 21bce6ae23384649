"""What needs help at once, and what a clinician must look at before somebody trains on."""

from typing import Final

import streamlit as st

from dashboard.api.own import Waiting
from dashboard.format import Formatter, plain

SIGNS: Final = (  # of the red flags that machines ask for; each needs a doctor on the same day
    "You cannot hold or pass water or stool as usual, or you are numb between the legs.",
    "An arm or a leg is newly weak or numb.",
    "You have chest pain, or you are dizzy or short of breath.",
    "You had a fall, or you have fever with the back pain.",
)


def show_waiting(waiting: tuple[Waiting, ...], show: Formatter) -> None:
    """Say first what needs a doctor now, then what a clinician must look at."""
    for one in sorted(waiting, key=lambda each: not each.emergency):
        if one.emergency:
            st.error("  \n".join(emergency_lines(one, show)), icon=":material/emergency:")
        else:
            st.warning("  \n".join(waiting_lines(one, show)), icon=":material/pan_tool:")


def emergency_lines(one: Waiting, show: Formatter) -> list[str]:
    """Say what needs a doctor now, and what to do."""
    return [
        f"**{show.say('This needs a doctor now.')}**",
        told(one, show),
        show.say("If it is strong or gets worse, call 999 or go to an emergency department."),
        show.say("You do not train until a clinician has seen you."),
    ]


def waiting_lines(one: Waiting, show: Formatter) -> list[str]:
    """Say what a clinician must look at first, and which machines wait for it."""
    if one.closes:
        kinds = show.say(", ").join(show.word(kind) for kind in one.closes)
        wait = show.say("These machines wait until then: {kinds}.", kinds=kinds)
    else:
        wait = show.say("You do not train on machines until then.")
    return [f"**{show.say('A clinician must look at this first.')}**", told(one, show), wait]


def told(one: Waiting, show: Formatter) -> str:
    """Repeat what the person has told."""
    words = one.text_en if show.language == "en" else one.text_zh
    return show.say("You told us: {words}", words=plain(words))


def show_signs(show: Formatter) -> None:
    """Say, folded, when to get help at once."""
    with st.expander(show.say("When to get help at once"), key="help-at-once", icon=":material/emergency:"):
        st.markdown("\n".join(f"- {show.say(sign)}" for sign in SIGNS))
        st.markdown(f"**{show.say('Call 999 or go to an emergency department.')}**")
        st.markdown(show.say("For everything else, ring the studio."))
