"""Standing on one leg and rising from a chair, in the person's own words."""

from typing import Final

import streamlit as st

from dashboard.api.functional import Standing, list_functional_tests
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.screen import Screen, show_failure
from dashboard.views.functional import is_blind

CHANGES: Final = {
    "improved": "That is more than at the start.",
    "worse": "That is less than at the start. That happens; your therapist sees it too.",
    "inside_error": "That is about as at the start, as far as we can measure.",
    "not_enough_data": "That is your start. We measure again after some weeks.",
}
BLIND: Final = "Whether that is more or less than at the start, this test cannot tell."


def tile(screen: Screen, patient: str) -> None:
    """Show how one stands and rises; nothing where nobody has measured it."""
    show = screen.show
    found = list_functional_tests(screen.client, patient)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    if not found.standings:
        return
    st.subheader(show.say("Standing and rising"), anchor=False)
    with st.container(border=True, key="own-functional"):
        for standing in found.standings:
            st.markdown(" ".join(standing_words(standing, show)))
        st.caption(show.say("Practise standing on one leg only where you can hold on to something."))


def standing_words(standing: Standing, show: Formatter) -> list[str]:
    """Say what one managed, whether it is more than at the start, and what others of that age do."""
    change = show.say(BLIND if is_blind(standing) else CHANGES[standing.verdict])
    ended = [show.say("Then the clock ended: it may be more.")] if standing.at_cap else []
    return [f"**{_managed(standing, show)}**", *ended, change, *_others(standing, show)]


def _managed(standing: Standing, show: Formatter) -> str:
    count = f"{standing.value:.0f}"
    if standing.test == "chair_stand" and standing.value == 0:
        return show.say("Without your arms you could not stand up from a chair yet.")
    if standing.test == "chair_stand":
        return show.say("From a chair you stood up {count} times in half a minute.", count=count)
    if standing.side == "left":
        return show.say("On your left leg you stood for {count} seconds.", count=count)
    return show.say("On your right leg you stood for {count} seconds.", count=count)


def _others(standing: Standing, show: Formatter) -> list[str]:
    published = standing.published
    if published is None:
        return []
    count = f"{published.value:.0f}"
    if published.measure == "mean":
        return [show.say("People of your age: about {count} seconds.", count=count)]
    if standing.value >= published.value:
        return [show.say("For your age that is usual or better.")]
    return [show.say("People of your age usually manage {count} or more. It can be trained.", count=count)]
