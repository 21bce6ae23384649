"""Booking a visit, putting it to another time, cancelling it."""

from datetime import date, datetime, time, timedelta

import streamlit as st

from dashboard.acting import tell_outcome
from dashboard.api.people import Patient, list_patients, read_patient
from dashboard.api.visits import Slot, Visit, book_visit, cancel_visit, move_visit
from dashboard.client import Failure
from dashboard.format import Formatter, plain
from dashboard.screen import Screen, show_empty, show_failure

USUAL_MINUTES = 40
USUAL_TIME = time(10, 0)
HALF_HOUR = 30  # minutes
MINUTES = (25, 30, 40, 50, 60)  # a visit fits 25 to 40 minutes; some need more
AHEAD_MOST = timedelta(days=365)


def book(day: date, patient: str, screen: Screen) -> None:
    """Ask who comes and when (`patient`: already known), and book it."""
    show = screen.show
    wanted = patient or _search(screen)
    found = read_patient(screen.client, wanted) if wanted else None
    if isinstance(found, Failure):
        show_failure(found, show)
    if not isinstance(found, Patient):
        return
    if patient:
        st.markdown(f"**{plain(found.name)}**")
    chosen, show = found.id, show.at_site(found.zone)
    slot = ask_slot(day, next_time(day, datetime.now(show.zone)), USUAL_MINUTES, "book", show)
    st.caption(show.say("The usual stations are laid out; you can change them afterwards."))
    if st.button(show.say("Book"), key="booked", disabled=slot is None) and slot is not None:
        tell_outcome(book_visit(screen.client, chosen, slot), "The visit is booked.", screen)


def move(visit: Visit, screen: Screen) -> None:
    """Put a visit to another time."""
    show = screen.show.at_site(visit.zone)
    there = show.local(visit.starts_at)
    key = f"move-{visit.booking}"
    slot = ask_slot(there.date(), there.time(), visit.minutes or USUAL_MINUTES, key, show)
    if st.button(show.say("Move the visit"), key=f"moved-{key}", disabled=slot is None) and slot:
        tell_outcome(move_visit(screen.client, visit, slot), "The visit is moved.", screen)


def cancel(visit: Visit, screen: Screen) -> None:
    """Cancel a visit, after saying what that means."""
    show = screen.show
    st.markdown(show.say("The place becomes free. A cancelled visit does not count as missed."))
    if st.button(show.say("Cancel the visit"), key=f"cancelled-{visit.booking}"):
        tell_outcome(cancel_visit(screen.client, visit), "The visit is cancelled.", screen)


def ask_slot(day: date, at: time, minutes: int, key: str, show: Formatter) -> Slot | None:
    """Ask for day, time and length, in the zone of the site; where it is not the viewer's, it is named."""
    begins = show.say("Begins at ({place})", place=show.place()) if show.names_zone else show.say("Begins at")
    today = datetime.now(show.zone).date()
    with st.container(horizontal=True):
        chosen_day = st.date_input(
            show.say("Day"),
            value=min(max(day, today), today + AHEAD_MOST),
            min_value=today,
            max_value=today + AHEAD_MOST,
            key=f"day-{key}",
            format="YYYY-MM-DD",
        )
        chosen_at = st.time_input(begins, value=at, key=f"at-{key}", step=timedelta(minutes=5))
        lengths = sorted({*MINUTES, minutes})
        chosen_minutes = st.selectbox(
            show.say("Minutes"), lengths, index=lengths.index(minutes), key=f"minutes-{key}"
        )
    if not isinstance(chosen_day, date) or chosen_at is None:
        return None
    starts_at = datetime.combine(chosen_day, chosen_at, tzinfo=show.zone)
    return Slot(starts_at=starts_at, minutes=chosen_minutes)


def next_time(day: date, now: datetime) -> time:
    """Propose when a visit begins: today the next half hour, on another day in the morning."""
    if day != now.date():
        return USUAL_TIME
    ahead = now + timedelta(minutes=HALF_HOUR - now.minute % HALF_HOUR)
    return ahead.time().replace(second=0, microsecond=0)


def _search(screen: Screen) -> str | None:
    show = screen.show
    asked = st.text_input(
        show.say("Search by name or code"), key="book-search", type="search", placeholder=show.say("Search")
    )
    found = list_patients(screen.client, (asked or "").strip())
    if isinstance(found, Failure):
        show_failure(found, show)
        return None
    if not found.items:
        show_empty("Nobody matches.", "Write a part of the name or code.", show)
        return None
    names = {row.id: f"{row.name} · {row.code}" for row in found.items}
    return st.selectbox(
        show.say("Who comes"), list(names), format_func=lambda each: names[each], key=f"book-who-{asked}"
    )
