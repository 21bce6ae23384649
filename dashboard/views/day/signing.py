"""What a clinician signs of a day: exactly what the page shows, or what is ticked, on whatever page of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from dashboard.acting import Deed, deed_button
from dashboard.api.countersign import Change, Changes, countersign_day
from dashboard.client import Client, Failure
from dashboard.format import Formatter, plain
from dashboard.pressing import at_press
from dashboard.screen import Screen

TICKED = "countersign-ticked"  # in the session, by day: what is ticked, and what came of the last signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticks:
    """What is ticked on a day, by decision; callbacks change it, for they run before any page.

    `refused`: what the service did not sign; `swept`: what was signed as all of the day.
    """

    chosen: dict[str, Change]
    refused: set[str]
    swept: set[str]


def ticks_of(day: str) -> Ticks:
    """Look up what is ticked on a day."""
    kept: Ticks = st.session_state.setdefault(f"{TICKED}-{day}", Ticks(chosen={}, refused=set(), swept=set()))
    return kept


def tick_box(change: Change, said: str, ticks: Ticks) -> None:
    """Let a change be ticked; the tick counts from the click on, whatever page is drawn next."""
    key = f"sign-{change.decision}"
    st.checkbox(said, change.decision in ticks.chosen, key=key, on_change=_tick, args=(change, key, ticks))


def _tick(change: Change, key: str, ticks: Ticks) -> None:
    if at_press(key):
        ticks.chosen[change.decision] = change
    else:
        ticks.chosen.pop(change.decision, None)


def gone(found: Changes, ticks: Ticks, *, is_whole: bool) -> list[Change]:
    """List what is ticked and can be signed no more.

    What is not on this page may have left the list (`is_whole`: it has), or stands on another page; where
    the service has refused the ticked ones, those of this page alone are left.
    """
    here = {change.decision for change in found.items}
    return [
        change
        for decision, change in ticks.chosen.items()
        if decision not in here and (is_whole or decision in ticks.refused)
    ]


def take_back(found: Changes, ticks: Ticks, show: Formatter, *, is_whole: bool) -> None:
    """Take back the ticks of what is signed, and, saying so, of what can be signed no more."""
    left = gone(found, ticks, is_whole=is_whole)
    if left:
        why = show.say("Not ticked any more, because it has left this list or stands on another page:")
        st.warning("  \n".join([why, *(brief(change, show) for change in left)]))
    _untick(ticks, [change.decision for change in left])
    _untick(ticks, [change.decision for change in found.items if change.signed])
    ticks.refused.clear()


def brief(change: Change, show: Formatter) -> str:
    """Name a change away from its list: whose, when, at which station."""
    station = show.station(change.kind, change.side)
    return f"**{plain(change.patient.name)}** · {show.clock(change.at)} · {station}"


def sign(found: Changes, ticks: Ticks, screen: Screen) -> None:
    """Offer to sign what this page shows, or what is ticked."""
    show = screen.show
    if ticks.swept:
        st.info(show.say("More has come since you signed all: {count}. Look at it first.", count=found.open))
        ticks.swept.clear()
    shown = sorted(change.decision for change in found.items if not change.signed)
    elsewhere = [change for decision, change in ticks.chosen.items() if decision not in shown]
    if not shown and not elsewhere:
        return  # what is open stands on another page of the day
    _show_elsewhere(elsewhere, ticks, show)
    row = st.container(horizontal=True)
    if shown:
        is_all = len(shown) == found.open
        label = show.say("Sign all {count}" if is_all else "Sign the {count} shown here", count=len(shown))
        act = partial(_sign_shown, screen.client, found.day, shown, ticks, is_all=is_all)
        deed_button(label, Deed(do=act, said="Signed."), screen, key="sign-all", place=row)
    label = show.say("Sign the {count} ticked", count=len(ticks.chosen))
    deed = Deed(do=partial(_sign_ticked, screen.client, found.day, ticks), said="Signed.")
    deed_button(label, deed, screen, key="sign-ticked", place=row, disabled=not ticks.chosen)


def _show_elsewhere(elsewhere: Sequence[Change], ticks: Ticks, show: Formatter) -> None:
    """Name what is ticked on other pages of the day: it is signed with the rest."""
    if not elsewhere:
        return
    st.markdown(f"**{show.say('Also ticked, on other pages of this day:')}**")
    st.markdown("\n".join(f"- {brief(change, show)}" for change in elsewhere))
    decisions = [change.decision for change in elsewhere]
    st.button(show.say("Untick these"), key="sign-untick", on_click=_untick, args=(ticks, decisions))


def _untick(ticks: Ticks, decisions: Collection[str]) -> None:
    for decision in decisions:
        ticks.chosen.pop(decision, None)


def _sign_shown(
    client: Client, day: str, shown: Sequence[str], ticks: Ticks, *, is_all: bool
) -> Failure | None:
    """Sign what stood on the page when its button was drawn; what has come since stays open."""
    answer = countersign_day(client, day, shown)
    if answer is None:
        _untick(ticks, shown)
        ticks.swept.update(shown if is_all else ())
    return answer


def _sign_ticked(client: Client, day: str, ticks: Ticks) -> Failure | None:
    """Sign what is ticked now, and remember what was refused."""
    decisions = sorted(ticks.chosen)
    answer = countersign_day(client, day, decisions)
    if answer is None:
        _untick(ticks, decisions)
    elif answer.reason == "refused":
        ticks.refused.update(decisions)
    return answer
