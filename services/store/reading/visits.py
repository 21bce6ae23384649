"""The visits of a day in pages, by time: what was booked, and who walked in."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import CompoundSelect, Connection, and_, func, literal, select, union_all

from contract.messages import Origin
from services.store.reading.keyset import Moment, Rows, later_than
from services.store.tables import booking, machine, patient, session, site, visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Which visits: of an origin, at some sites (None: all), on a day of the studio."""

    origin: Origin
    sites: Collection[str] | None
    day: str


def page(connection: Connection, day: Day, after: Moment | None, limit: int) -> Rows:
    """List bookings and visits that nobody had booked (`id`, `at_ms`, `is_booked`), by time."""
    shown = _of_day(day).subquery()
    query = select(shown).order_by(shown.c.at_ms, shown.c.id).limit(limit)
    if after is not None:
        query = query.where(later_than(shown.c.at_ms, shown.c.id, after))
    return connection.execute(query).all()


def counted(connection: Connection, day: Day) -> int:
    """Count the visits of the whole day."""
    return connection.scalar(select(func.count()).select_from(_of_day(day).subquery())) or 0


def booked(connection: Connection, ids: Collection[str]) -> Rows:
    """Read some bookings with the person's name and the visit that came of each."""
    came = and_(
        visit.c.patient_id == booking.c.patient_id,
        visit.c.origin == booking.c.origin,
        visit.c.day == booking.c.day,
    )
    query = (
        select(
            booking,
            patient.c.name,
            site.c.time_zone,
            visit.c.id.label("visit_id"),
            visit.c.started_ms,
            visit.c.pain_before,
            visit.c.number,
        )
        .join_from(booking, patient, patient.c.id == booking.c.patient_id)
        .join(site, site.c.id == booking.c.site_id)
        .outerjoin(visit, came)
        .where(booking.c.id.in_(ids))
    )
    return connection.execute(query).all() if ids else ()


def walked_in(connection: Connection, ids: Collection[str]) -> Rows:
    """Read some visits that nobody had booked."""
    query = (
        select(visit, visit.c.id.label("visit_id"), patient.c.name, site.c.time_zone)
        .join_from(visit, patient, patient.c.id == visit.c.patient_id)
        .join(site, site.c.id == patient.c.site_id)
        .where(visit.c.id.in_(ids))
    )
    return connection.execute(query).all() if ids else ()


def sessions_of(connection: Connection, visits: Collection[str]) -> Rows:
    """List where the people of some visits have trained, and train now (`closed_ms` None)."""
    here = and_(machine.c.id == session.c.machine, machine.c.origin == session.c.origin)
    query = (
        select(session.c.patient_id, session.c.machine, session.c.closed_ms, machine.c.kind, machine.c.name)
        .join_from(session, machine, here)
        .where(session.c.visit_id.in_(visits))
        .order_by(session.c.opened_ms, session.c.id)
    )
    return connection.execute(query).all() if visits else ()


def _of_day(day: Day) -> CompoundSelect[str, int, bool]:
    """Gather both kinds; a person who had booked did not walk in."""
    by_time = select(booking.c.id, booking.c.starts_ms.label("at_ms"), literal(value=True).label("is_booked"))
    planned = by_time.where(booking.c.origin == day.origin, booking.c.day == day.day)
    had = select(booking.c.patient_id).where(booking.c.origin == day.origin, booking.c.day == day.day)
    came = (
        select(visit.c.id, visit.c.started_ms.label("at_ms"), literal(value=False).label("is_booked"))
        .join_from(visit, patient, patient.c.id == visit.c.patient_id)
        .where(visit.c.origin == day.origin, visit.c.day == day.day, visit.c.patient_id.not_in(had))
    )
    if day.sites is not None:
        planned = planned.where(booking.c.site_id.in_(day.sites))
        came = came.where(patient.c.site_id.in_(day.sites))
    return union_all(planned, came)
