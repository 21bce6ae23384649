"""The studio day: visits by time, or the evening's signature; the day and the part are in the URL."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.address import keep, seed
from dashboard.api.floor import list_free_machines
from dashboard.api.visits import Visit, Visits, list_visits, tick_off
from dashboard.client import Failure
from dashboard.format import plain
from dashboard.screen import Screen, show_empty, show_failure
from dashboard.views.day import booking, circuit, countersign
from dashboard.views.day.stages import STAGES, facts, span, stage, strip
from dashboard.views.day.stages import circuit as circuit_words
from dashboard.views.day.turning import forget_refused, places, turn

PARTS = {"visits": "Visits", "signature": "Evening signature"}
CARD_PX = 420
DAY_KEY = "chosen-day"


def page(screen: Screen) -> None:
    """Show one day."""
    show = screen.show
    st.title(show.say("The day"))
    today = datetime.now(show.zone).date()
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        day = _choose_day(today, screen)
        part = _choose_part(screen)
    if part == "signature":
        countersign.part(day.isoformat(), screen)
        return
    _visits(day, today, screen)


def asked_day(given: str | None, today: date) -> date:
    """Read the day of the URL; today when it names none."""
    try:
        return date.fromisoformat(given or "")
    except ValueError:
        return today


def _choose_day(today: date, screen: Screen) -> date:
    show, asked = screen.show, asked_day(st.query_params.get("day"), today)
    if st.session_state.get(DAY_KEY) is None:
        st.session_state[DAY_KEY] = asked
    with st.container(horizontal=True, vertical_alignment="bottom", width="content", gap="xsmall"):
        st.button(show.say("Day before"), key="day-earlier", on_click=_step, args=(-1,))
        chosen = st.date_input(show.say("Day"), key=DAY_KEY, format="YYYY-MM-DD", width=150)
        st.button(show.say("Day after"), key="day-later", on_click=_step, args=(1,))
        if chosen != today:
            st.button(show.say("Today"), key="day-today", on_click=_jump, args=(today,))
    day = chosen if isinstance(chosen, date) else today
    keep("day", day.isoformat(), today.isoformat())
    return day


def _step(days: int) -> None:
    st.session_state[DAY_KEY] += timedelta(days=days)


def _jump(day: date) -> None:
    st.session_state[DAY_KEY] = day


def _choose_part(screen: Screen) -> str:
    seed("part", "day-part", list(PARTS), "visits")
    part = st.segmented_control(
        screen.show.say("Part"),
        list(PARTS),
        format_func=lambda code: screen.show.say(PARTS[code]),
        required=True,
        key="day-part",
        label_visibility="collapsed",
    )
    keep("part", part, "visits")
    return part or "visits"


def _visits(day: date, today: date, screen: Screen) -> None:
    show, place = screen.show, f"visits-from-{day.isoformat()}"
    found = list_visits(screen.client, day.isoformat(), places().get(place))
    if isinstance(found, Failure):
        forget_refused(found, place)
        show_failure(found, show)
        return
    _book(day, screen)
    if not found.count:
        show_empty("Nobody is booked on this day.", "Book a visit, or choose another day.", show)
    else:
        _cards(found, screen, is_today=day == today)
        turn("visits", place, found.next, show)
    if day == today:
        _free(screen)


def _cards(found: Visits, screen: Screen, *, is_today: bool) -> None:
    """Show a page of a day; of a long one say how many it has in all, for the strip counts what is shown."""
    show, now = screen.show, datetime.now(UTC)
    if len(found.items) < found.count:
        st.caption(
            show.say("{shown} of the {count} visits of this day", shown=len(found.items), count=found.count)
        )
    st.markdown(strip(found.items, now, show))
    grid = st.grid("auto", min_column_width=CARD_PX, border=True, gap="small")
    for visit in found.items:
        with grid.cell(), st.container(gap="xsmall"):
            _card(visit, now, screen, is_today=is_today)


def _book(day: date, screen: Screen) -> None:
    """Offer to book; a link with somebody's id opens it for that person, once."""
    show = screen.show
    patient = st.query_params.pop("book", "")
    if st.button(show.say("Book a visit"), key="book", icon=":material/event:") or patient:
        st.dialog(show.say("Book a visit"))(booking.book)(day, patient, screen)


def _free(screen: Screen) -> None:
    show = screen.show
    found = list_free_machines(screen.client)
    if isinstance(found, Failure):
        return
    names = ", ".join(plain(place.name) for place in found.items) or show.say("none")
    st.caption(show.say("Free machines now: {names}", names=names))


def _card(visit: Visit, now: datetime, screen: Screen, *, is_today: bool) -> None:
    screen = replace(screen, show=screen.show.at_site(visit.zone))
    show = screen.show
    where = stage(visit, now)
    word, colour, sign = STAGES[where]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{span(visit, show)}**", width="content")
        st.badge(show.say(word), color=colour, icon=sign)  # type: ignore[arg-type]  # one of Streamlit's colours
    st.page_link(
        screen.pages["patient"],
        label=f"**{plain(visit.patient.name)}**",
        icon=":material/person:",
        query_params={"patient": visit.patient.id},
    )
    said = facts(visit, show)
    if said:
        st.caption(said)
    if visit.trains_at is not None:
        st.markdown(show.say("At {machine} now", machine=f"**{plain(visit.trains_at.name)}**"))
    if visit.stations and where != "cancelled":
        st.markdown(circuit_words(visit, show))
    if where in ("arrived", "training") and is_today:
        _ticks(visit, screen)
    if where in ("expected", "late"):
        _change(visit, screen)


def _ticks(visit: Visit, screen: Screen) -> None:
    show = screen.show
    with st.container(horizontal=True, gap="small"):
        for station in visit.stations:
            if not station.guided or station.done:
                continue
            said = show.say("Tick off: {station}", station=show.word(station.station))
            if st.button(said, key=f"tick-{visit.booking}-{station.station}", icon=":material/check:"):
                answer = tick_off(screen.client, visit.patient.id, station.station)
                tell_outcome(answer, "Ticked off.", screen)


def _change(visit: Visit, screen: Screen) -> None:
    show, name = screen.show, plain(visit.patient.name)
    with st.container(horizontal=True, gap="small"):
        if st.button(show.say("Stations"), key=f"stations-{visit.booking}"):
            st.dialog(show.say("Stations of {name}", name=name))(circuit.lay_out)(visit, screen)
        if st.button(show.say("Another time"), key=f"move-{visit.booking}"):
            st.dialog(show.say("Move the visit of {name}", name=name))(booking.move)(visit, screen)
        if st.button(show.say("Cancel"), key=f"cancel-{visit.booking}"):
            st.dialog(show.say("Cancel the visit of {name}", name=name))(booking.cancel)(visit, screen)
