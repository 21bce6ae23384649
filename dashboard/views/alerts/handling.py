"""What staff do with an alert: acknowledge at once, hand on, mute, resolve in a word, and take it back."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.alerts import (
    acknowledge_alert,
    assign_alert,
    list_colleagues,
    mute_alert,
    resolve_alert,
    undo_alert,
)
from dashboard.client import Client, Failure
from dashboard.format import plain
from dashboard.screen import Screen, show_failure
from dashboard.views.alerts.listed import WHYS, Entry, whose
from dashboard.views.asking import CARE
from dashboard.views.patient.table import KEPT as TABLE

LAST = "alerts-last"  # in the session: what one did last, to take it back
UNDO_MINUTES = 10  # afterwards the service refuses: others have acted on it
MUTES: dict[str, timedelta] = {
    "1 hour": timedelta(hours=1),
    "4 hours": timedelta(hours=4),
    "1 day": timedelta(days=1),
    "6 days": timedelta(days=6),
}
OF_ONE = ("refused", "missing")  # failures that say nothing of the next alert
Act = Callable[[Client, str], Failure | None]


def handles(screen: Screen) -> bool:
    """Tell whether the viewer may act on alerts; who only looks sees no buttons."""
    return screen.viewer is not None and screen.viewer.role in CARE


def offer(entry: Entry, screen: Screen) -> None:
    """Offer the buttons that fit how an alert stands."""
    unseen, unresolved = entry.in_state("open"), entry.in_state("open", "acknowledged")
    show, alert = screen.show, entry.newest
    with st.container(horizontal=True, gap="small"):
        if unseen and st.button(show.say("Acknowledge"), key=f"acknowledge-{alert.id}"):
            said = show.say("Acknowledged: {name}", name=whose(alert, show))
            do(unseen, acknowledge_alert, said, screen)
        if unresolved and st.button(show.say("Resolve or hand on"), key=f"handle-{alert.id}"):
            st.dialog(plain(whose(alert, show)))(handle)(entry, screen)


def do(alerts: Sequence[str], act: Act, said: str, screen: Screen) -> None:
    """Do something with alerts and remember it (`said`), so that it can be taken back."""
    st.session_state.pop(TABLE, None)  # it would show how things stood before
    done, refused = each(alerts, act, screen.client)
    if done:
        st.session_state[LAST] = (done, said, datetime.now(UTC))
    if done and refused is not None:
        count, total = len(done), len(alerts)
        st.warning(screen.show.say("Done with {count} of {total}; the others:", count=count, total=total))
    tell_outcome(refused, "Done.", screen)


def each(alerts: Sequence[str], act: Act, client: Client) -> tuple[tuple[str, ...], Failure | None]:
    """Do the same with each alert; tells with which it was done, and the first refusal.

    What would stop every other one as well ends it: a page waits seconds for a service that is away.
    """
    done: list[str] = []
    first: Failure | None = None
    for alert in alerts:
        answer = act(client, alert)
        if answer is None:
            done.append(alert)
            continue
        first = first or answer
        if answer.reason not in OF_ONE:
            break
    return tuple(done), first


def offer_undo(screen: Screen) -> None:
    """Say what one did last here, and offer to take it back while the service lets one."""
    found: tuple[tuple[str, ...], str, datetime] | None = st.session_state.get(LAST)
    if found is None or not is_fresh(found[2], datetime.now(UTC)):
        return
    alerts, said, _ = found
    with st.container(horizontal=True, vertical_alignment="center", key="alerts-undo"):
        st.markdown(f":green[:material/check_circle:] {plain(said)}", width="content")
        if st.button(screen.show.say("Undo"), key="undo", icon=":material/undo:"):
            st.session_state.pop(LAST)
            tell_outcome(each(alerts, undo_alert, screen.client), "Taken back.", screen)


def is_fresh(at: datetime, now: datetime) -> bool:
    """Tell whether an act can still be taken back."""
    return now - at < timedelta(minutes=UNDO_MINUTES)


def handle(entry: Entry, screen: Screen) -> None:
    """Offer what needs a word: resolve, hand on, mute."""
    show, alert = screen.show, entry.newest
    st.markdown(plain(show.reason(alert.reason)))
    unresolved = entry.in_state("open", "acknowledged")
    _resolve(entry, unresolved, screen)
    _assign(entry, unresolved, screen)
    if alert.severity == "red" and entry.in_state("open"):
        st.caption(show.say("A red alert is acknowledged before it is muted."))
    else:
        _mute(entry, unresolved, screen)


def _resolve(entry: Entry, alerts: tuple[str, ...], screen: Screen) -> None:
    show = screen.show
    with st.container(border=True):
        why = st.pills(
            show.say("Resolve: what became of it?"),
            list(WHYS),
            default="settled",
            required=True,
            format_func=lambda code: show.say(WHYS[code]),
            key=f"why-{entry.newest.id}",
        )
        if st.button(show.say("Resolve"), key=f"resolve-{entry.newest.id}"):
            said = show.say("Resolved: {name}", name=whose(entry.newest, show))
            do(alerts, partial(resolve_alert, why=why or "settled"), said, screen)


def _assign(entry: Entry, alerts: tuple[str, ...], screen: Screen) -> None:
    show = screen.show
    found = list_colleagues(screen.client)
    with st.container(border=True):
        if isinstance(found, Failure):
            show_failure(found, show)
            return
        names = {one.id: one.name for one in found.items}
        me = screen.viewer.id if screen.viewer is not None else ""
        taken = st.selectbox(
            show.say("Hand on to"),
            sorted(names, key=lambda one: one != me),
            format_func=lambda one: f"{names[one]} ({show.say('me')})" if one == me else names[one],
            key=f"who-{entry.newest.id}",
        )
        if st.button(show.say("Hand on"), key=f"assign-{entry.newest.id}", disabled=taken is None):
            said = show.say("Handed on: {name}", name=whose(entry.newest, show))
            do(alerts, partial(assign_alert, staff=taken or ""), said, screen)


def _mute(entry: Entry, alerts: tuple[str, ...], screen: Screen) -> None:
    show = screen.show
    with st.container(border=True):
        chosen = st.pills(
            show.say("Mute for"),
            list(MUTES),
            default="1 hour",
            required=True,
            format_func=show.say,
            key=f"until-{entry.newest.id}",
        )
        until = datetime.now(UTC) + MUTES[chosen or "1 hour"]
        st.caption(show.say("Hidden until {moment}", moment=show.moment(until)))
        if st.button(show.say("Mute"), key=f"mute-{entry.newest.id}"):
            said = show.say("Muted: {name}", name=whose(entry.newest, show))
            do(alerts, partial(mute_alert, until=until), said, screen)
