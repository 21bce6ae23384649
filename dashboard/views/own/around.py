"""What stands around each of a person's own pages: its title, and the bar that a thumb reaches."""

import streamlit as st

from dashboard.components.taps import Tap, taps
from dashboard.format import Formatter
from dashboard.screen import Screen, show_empty

MORE = "more"
BAR: dict[str, tuple[str, str]] = {  # page: its word in the bar, its picture
    "next": ("Visit", "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"),
    "mypain": (
        "My pain",
        "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M9 9.5v.5M15 9.5v.5M8.5 15.5h7",
    ),
    "exercises": ("Exercises", "M12 3.5a1.8 1.8 0 1 0 .1 0M5 9h14M12 9v6M12 15l-4 6M12 15l4 6"),
    "mine": ("Progress", "M4 4v16h16M7 15l4-4 3 3 5-6"),
    MORE: ("More", "M4 7h16M4 12h16M4 17h16"),
}


def own(screen: Screen, name: str, title: str) -> str | None:
    """Show title and bar of a page; returns whose it is, None where nobody has signed in."""
    show = screen.show
    with st.bottom:
        gone_to = taps("bar", show.say("My pages"), bar(show), style="bar", chosen=place(name))
    if gone_to in screen.pages:  # also the page one is on: from one exercise back to all of them
        st.switch_page(screen.pages[gone_to])
    st.title(show.say(title), anchor=False)
    patient = screen.viewer.patient if screen.viewer else None
    if patient is None:
        show_empty("Nobody has signed in here.", "Sign in to see your studio or your own progress.", show)
    return patient


def bar(show: Formatter) -> list[Tap]:
    """Put the bar together."""
    return [Tap(value=name, words=show.say(word), icon=icon) for name, (word, icon) in BAR.items()]


def place(name: str) -> str:
    """Tell under which button of the bar a page is found."""
    return name if name in BAR else MORE
