"""The alert inbox: red first, filters in the URL, a table of exactly what is listed."""

import streamlit as st

from dashboard.address import keep, seed
from dashboard.api.alerts import Inbox, Waiting, export_alerts, list_alerts
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.alerts.handling import handles, offer, offer_undo
from dashboard.views.alerts.listed import (
    SEVERITIES,
    SHOWN,
    STATES,
    Choice,
    Entry,
    course,
    entries,
    unseen_reds,
    when,
    whose,
)
from dashboard.views.patient.table import offer_table
from dashboard.views.tools import UNSEEN, UNSEEN_S

URL = "alerts-url"  # in the session: the choices as they stood in the URL at the end of the last run
CHOICES = {"show": "alerts-show", "severity": "alerts-severity", "mine": "alerts-mine"}
ENTRIES_MOST = 30  # on one screen; what is more is said, and narrowed by the filters
SHOWN_USUAL = "unresolved"


def page(screen: Screen) -> None:
    """Show the alerts that fit the filters; a red one that they leave out is told all the same."""
    show = screen.show
    st.title(show.say("Alerts"))
    choice = _choose(screen)
    inbox = list_alerts(screen.client, choice.filters())
    if isinstance(inbox, Failure):
        show_failure(inbox, show)
        return
    listed = entries(inbox.groups)
    waiting = st.session_state.get(UNSEEN)
    if isinstance(waiting, Waiting):
        _warn_of_hidden(listed, waiting, screen)
        _news(waiting, screen)
    offer_undo(screen)
    if choice.alert or choice.patient:
        st.page_link(
            screen.pages["alerts"], label=show.say("Show all alerts"), icon=":material/filter_alt_off:"
        )
    if not listed and not inbox.held_back:
        _empty(choice, show)
        return
    st.caption(summary(inbox, listed, show))
    for entry in listed[:ENTRIES_MOST]:
        _card(entry, screen)
    if inbox.next or len(listed) > ENTRIES_MOST:
        st.caption(show.say("There are more alerts than fit here. Narrow them by the filters."))
    offer_table(table_name(choice), lambda: export_alerts(screen.client, choice.filters()), screen)


def summary(inbox: Inbox, listed: list[Entry], show: Formatter) -> str:
    """Say how many alerts are listed, and how many wait for their announcement."""
    count = sum(len(entry.alerts) for entry in listed)
    said = show.say("Alerts: {count}", count=count)
    if inbox.held_back:
        said += " · " + show.say(
            "waiting, as at most six are announced an hour: {count}", count=inbox.held_back
        )
    return said


def table_name(choice: Choice) -> str:
    """Name the table of a choice."""
    return "-".join(["alerts", choice.shown, *(value for _, value in sorted(choice.filters().items()))])


def _choose(screen: Screen) -> Choice:
    """Ask what to show; every choice stands in the URL, and a link to this page is followed."""
    show = screen.show
    if st.session_state.get(URL) != _address():
        for key in CHOICES.values():
            st.session_state.pop(key, None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed("show", "alerts-show", list(SHOWN), SHOWN_USUAL)
        shown = st.segmented_control(
            show.say("Show"),
            list(SHOWN),
            format_func=lambda code: show.say(SHOWN[code][0]),
            required=True,
            key="alerts-show",
        )
        keep("show", shown, SHOWN_USUAL)
        seed("severity", "alerts-severity", list(SEVERITIES), None)
        severity = st.segmented_control(
            show.say("Severity"),
            list(SEVERITIES),
            format_func=lambda code: f"{SEVERITIES[code][2]} {show.say(SEVERITIES[code][0])}",
            key="alerts-severity",
        )
        keep("severity", severity, None)
        owner = _mine(screen) if handles(screen) else None
    st.session_state[URL] = _address()
    return Choice(
        shown=shown or SHOWN_USUAL,
        severity=severity,
        owner=owner,
        patient=st.query_params.get("patient"),
        alert=st.query_params.get("alert"),
    )


def _address() -> dict[str, str]:
    return {name: st.query_params.get(name, "") for name in CHOICES}


def _mine(screen: Screen) -> str | None:
    if "alerts-mine" not in st.session_state:
        st.session_state["alerts-mine"] = st.query_params.get("mine") == "1"
    is_mine = st.toggle(screen.show.say("Handed to me"), key="alerts-mine")
    keep("mine", "1" if is_mine else None, None)
    return screen.viewer.id if is_mine and screen.viewer is not None else None


@st.fragment(run_every=UNSEEN_S)
def _news(known: Waiting, screen: Screen) -> None:
    """Say when more has come since the list was made; the list itself stays under the hand."""
    now = st.session_state.get(UNSEEN)
    if not isinstance(now, Waiting) or (now.red <= known.red and now.amber <= known.amber):
        return
    if st.button(screen.show.say("New alerts have come: look again"), key="news", icon=":material/refresh:"):
        st.rerun()


def _warn_of_hidden(listed: list[Entry], waiting: Waiting, screen: Screen) -> None:
    """Never let a filter hide a red alert that nobody has seen."""
    hidden = waiting.red - unseen_reds(listed)
    if hidden > 0:
        show = screen.show
        st.error(
            show.say("Red alerts that nobody has seen and this list leaves out: {count}", count=hidden),
            icon=":material/error:",
        )
        st.page_link(
            screen.pages["alerts"],
            label=show.say("Show the red ones"),
            icon=":material/error:",
            query_params={"show": "open", "severity": "red"},
        )


def _card(entry: Entry, screen: Screen) -> None:
    show, alert = screen.show, entry.newest
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            word, colour, sign = SEVERITIES.get(alert.severity, SEVERITIES["info"])
            st.badge(show.say(word), color=colour, icon=sign)  # type: ignore[arg-type]  # one of Streamlit's
            st.badge(show.say(STATES.get(alert.state, alert.state)), color="gray")
            if alert.sounds:
                st.badge(show.say("Sounds at the station"), color="red", icon=":material/volume_up:")
            st.caption(when(entry, show), width="content")
        _name(entry, screen)
        st.markdown(plain(show.reason(alert.reason)))
        said = course(alert, show)
        if said:
            st.caption(said)
        if handles(screen):
            offer(entry, screen)


def _name(entry: Entry, screen: Screen) -> None:
    alert, name = entry.newest, f"**{plain(whose(entry.newest, screen.show))}**"
    if alert.patient is None:
        st.markdown(f":material/fitness_center: {name}")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            screen.pages["patient"],
            label=name,
            icon=":material/person:",
            query_params={"patient": alert.patient.id},
        )
        if alert.machine_name:
            st.caption(plain(alert.machine_name), width="content")


def _empty(choice: Choice, show: Formatter) -> None:
    if choice == Choice():
        show_empty("Nothing waits.", "When an alert comes, this page says so.", show)
        return
    show_empty("No alert fits.", "Choose another filter, or show all alerts.", show)
