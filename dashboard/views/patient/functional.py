"""Standing on one leg and rising from a chair, in a tile apart from the balance of muscles."""

from typing import Final

import streamlit as st

from dashboard.api.functional import Published, Standing, list_functional_tests
from dashboard.api.people import Patient
from dashboard.client import Failure
from dashboard.format import Formatter, signed
from dashboard.screen import Screen, show_failure
from dashboard.views.functional import TESTS, due_lines, is_blind

VERDICTS: Final = {  # colour and words of the badge; what is inside the error is grey
    "improved": ("green", "Better by more than the error"),
    "worse": ("orange", "Worse by more than the error"),
    "inside_error": ("gray", "Inside the error"),
    "not_enough_data": ("gray", "Too little data"),
}
BLIND: Final = ("gray", "The figures are smaller than the error")
SHORT_S: Final = 5.0  # on one leg; less: more falls with injury at 60 and above (Vellas 1997, JAGS 45:735)
SOURCES: Final = {"cdc_steadi_2017": "CDC STEADI 2017", "bohannon_2006": "Bohannon 2006"}
ERRORS: Final = (
    "What counts as a change: 24.1 s on one leg (Goldberg 2011: 25 people of 60 to 89 years), 2.5 stands "
    "from a chair (Gill 2022: 93 people with mild arthrosis of the knee)."
)


def tile(screen: Screen, patient: Patient) -> None:
    """Show each test with its change against the own past and a published figure."""
    show = screen.show
    found = list_functional_tests(screen.client, patient.id)
    with st.container(border=True, key="functional"):
        st.subheader(show.say("Standing and rising"), anchor=False)
        if isinstance(found, Failure):
            show_failure(found, show)
            return
        st.caption(
            show.say(
                "Apart from the balance of muscles: legs, feet and the sense of balance count here as much "
                "as the trunk."
            )
        )
        if not found.standings:
            st.markdown(show.say("Nothing was measured yet. Staff enter it under Prescribing, Tests."))
        for standing in found.standings:
            _line(standing, patient.sex, show)
        for line in due_lines(found, show):
            st.markdown(f":orange[:material/assignment:] {line}")
        if found.standings:
            st.caption(show.say(ERRORS))


def name_of(test: str, side: str, show: Formatter) -> str:
    """Name a test and, where there are two, its side: Standing on one leg, left."""
    name = show.say(TESTS[test])
    if side == "both":
        return name
    return show.say("{station}, {side}", station=name, side=show.word(side).lower())


def figure(standing: Standing, show: Formatter) -> str:
    """Write what was measured, with its unit."""
    if standing.test == "chair_stand":
        return show.say("{count} stands in 30 s", count=f"{standing.value:.0f}")
    seconds = show.say("{count} s", count=f"{standing.value:.1f}")
    return show.say("{seconds} (end of the clock)", seconds=seconds) if standing.at_cap else seconds


def change_words(standing: Standing, show: Formatter) -> str:
    """Say by how much a figure has changed since the first time, and what it takes to count."""
    if standing.change is None or standing.needed is None:
        return show.say("It takes two measurements to tell a change.")
    return show.say(
        "{change} since {day}; less than {needed} may be chance",
        change=signed(standing.change, 0 if standing.test == "chair_stand" else 1),
        day=show.day(standing.first_at),
        needed=f"{standing.needed:g}",
    )


def published_words(published: Published | None, sex: str, show: Formatter) -> str:
    """Write the published figure of that age, with its source; say so where none is known."""
    if published is None:
        return show.say("No published figure is known for this age.")
    values = {"first": published.from_years, "last": published.to_years, "count": f"{published.value:g}"}
    source = SOURCES[published.source]
    if published.measure == "mean":
        return show.say(
            "People of {first} to {last} years: {count} s on average ({source})", source=source, **values
        )
    sentence = "Men of {first} to {last} years: fewer than {count} is below average ({source})"
    if sex == "female":
        sentence = "Women of {first} to {last} years: fewer than {count} is below average ({source})"
    return show.say(sentence, source=source, **values)


def badges(standing: Standing) -> list[tuple[str, str]]:
    """Choose colour and words: the change, and a stand on one leg that is short in an older person."""
    found = [BLIND if is_blind(standing) else VERDICTS[standing.verdict]]
    is_old = standing.published is not None  # figures are published from 60 years on
    if standing.test == "single_leg_stand" and is_old and standing.value < SHORT_S:
        found.append(("orange", "Shorter than 5 s: a sign of falls with injury (Vellas 1997)"))
    return found


def _line(standing: Standing, sex: str, show: Formatter) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for colour, words in badges(standing):
            st.badge(show.say(words), color=colour)  # type: ignore[arg-type]  # one of Streamlit's colours
        told = f"**{name_of(standing.test, standing.side, show)}** · {figure(standing, show)}"
        beside = f"{change_words(standing, show)} · {published_words(standing.published, sex, show)}"
        st.markdown(f"{told}  \n:gray[{beside}]", width="content")
