"""Why it changed: the last changes at each machine, in the sentence that the machine has told."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import streamlit as st

from dashboard.api.adjustments import Adjustment, list_adjustments
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.own.around import own

LOOKED_BACK: Final = 100
DAYS: Final = 5  # with training, the newest first
HELD: Final = ("applied", "planned", "pending")  # not refused, not replaced before it came to pass
NOTICED_KG: Final = 0.05  # half of the smallest step of a machine
SIGNS: Final = {  # which way, as sign and word
    "more": (":green[:material/trending_up:]", "A little more"),
    "less": (":blue[:material/trending_down:]", "A little less"),
    "same": (":gray[:material/trending_flat:]", "The same"),
}


def page(screen: Screen) -> None:
    """Show the last changes of the person who has signed in."""
    show = screen.show
    patient = own(screen, "changes", "Why it changed")
    if patient is None:
        return
    found = list_adjustments(screen.client, patient, LOOKED_BACK, show.unit)
    if isinstance(found, Failure):
        show_failure(found, show)
        return
    used = [one for one in found.items if one.state in HELD and one.why]
    if not used:
        show_empty("Nothing has changed yet.", "The first change comes with your first visit.", show)
        return
    st.markdown(
        show.say("After each set the machine decides what comes next, inside what was signed for you.")
    )
    for day, rows in list(by_day(used, show).items())[:DAYS]:
        _day(day, rows, show)


def by_day(adjustments: Sequence[Adjustment], show: Formatter) -> dict[str, list[Adjustment]]:
    """Keep the last change of each station and side on each day; `adjustments` come newest first."""
    found: dict[str, list[Adjustment]] = {}
    for day, rows in groupby(adjustments, key=lambda one: show.day(one.at)):
        last: dict[tuple[str, str], Adjustment] = {}
        for row in rows:
            last.setdefault((row.kind, row.side), row)
        found[day] = list(last.values())
    return found


def direction(one: Adjustment) -> str:
    """Tell whether there is more to do, less, or the same."""
    if one.raised:
        return "more"
    before, after = one.before, one.after
    if before is None or abs(after.load_kg - before.load_kg) < NOTICED_KG:
        return "same"
    return "more" if after.load_kg > before.load_kg else "less"


def change_words(one: Adjustment, show: Formatter) -> str:
    """Say what changed at a station, and why, as the machine said it."""
    sign, word = SIGNS[direction(one)]
    name = show.station(one.kind, one.side)
    return f"{sign} **{name}** · {show.say(word)}  \n{plain(show.reason(one.why[0]))}"


def _day(day: str, rows: Sequence[Adjustment], show: Formatter) -> None:
    st.subheader(day, anchor=False)
    with st.container(border=True):
        for row in rows:
            st.markdown(change_words(row, show))
