"""Visits as booked, the stations of a day, and what was ticked off."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, select, union_all, update

from contract.messages import Origin
from services.store import rows, tables
from services.store.among import among
from services.store.reading.keyset import Record, Rows

IDLE = "idle"  # what an agent says in its status while nobody trains


def add(connection: Connection, row: rows.Row) -> None:
    """Book a visit."""
    rows.insert_rows(connection, tables.booking, [row])


def one(connection: Connection, booking_id: str) -> Record | None:
    """Read one booking."""
    return connection.execute(select(tables.booking).where(tables.booking.c.id == booking_id)).first()


def change(connection: Connection, booking_id: str, version: int, values: Mapping[str, Any]) -> bool:
    """Change a booking that still has this version; tells whether it had."""
    booking = tables.booking
    changed = update(booking).where(booking.c.id == booking_id, booking.c.version == version)
    return connection.execute(changed.values(version=version + 1, **values)).rowcount == 1


def hold_planned(connection: Connection, patient_id: str) -> Rows:
    """List the visits that a person still has to come to; nobody else changes them until the end."""
    booking = tables.booking
    wanted = (booking.c.patient_id == patient_id, booking.c.state == "planned")
    held = select(booking).where(*wanted).order_by(booking.c.id).with_for_update()
    return connection.execute(held).all()


def of_day(connection: Connection, patient_id: str, day: str) -> Record | None:
    """Read the booking of a person's day that was not cancelled."""
    booking = tables.booking
    wanted = (booking.c.patient_id == patient_id, booking.c.day == day, booking.c.state != "cancelled")
    return connection.execute(select(booking).where(*wanted).limit(1)).first()


def missed_lately(
    connection: Connection, origin: Origin, sites: Collection[str] | None, since_ms: int
) -> Rows:
    """Count the visits that people missed since a moment, and when the last (`missed`, `since_ms`)."""
    booking = tables.booking.c
    query = (
        select(
            booking.patient_id,
            func.count().label("missed"),
            func.max(booking.starts_ms).label("since_ms"),
        )
        .where(booking.origin == origin, booking.state == "missed", booking.starts_ms > since_ms)
        .group_by(booking.patient_id)
    )
    return connection.execute(query if sites is None else query.where(booking.site_id.in_(sites))).all()


def tick(connection: Connection, row: rows.Row) -> bool:
    """Tick something off; tells whether it was not ticked that day before."""
    return bool(rows.insert_returning(connection, tables.tick, [row]))


def ticks(connection: Connection, patients: Collection[str], origin: Origin, since_day: str) -> Rows:
    """List what some people have ticked off since a day."""
    found = tables.tick.c
    wanted = (found.patient_id.in_(patients), found.origin == origin, found.day >= since_day)
    return connection.execute(select(tables.tick).where(*wanted).order_by(found.day, found.item)).all()


def free_machines(
    connection: Connection, origin: Origin, sites: Collection[str] | None, kind: str | None
) -> Rows:
    """List the machines in use on which nobody trains, those first that are online."""
    machine, status, session = tables.machine, tables.status, tables.session
    here = and_(status.c.origin == machine.c.origin, status.c.machine == machine.c.id)
    busy = select(session.c.machine).where(
        session.c.origin == origin, session.c.closed_ms.is_(None), ~session.c.tallied
    )
    query = (
        select(machine.c.id, machine.c.kind, machine.c.name, status.c.online, status.c.state)
        .join_from(machine, status, here)
        .where(
            machine.c.origin == origin,
            machine.c.retired.is_(False),
            status.c.online,
            func.lower(status.c.state) == IDLE,
            machine.c.id.not_in(busy),
        )
        .order_by(machine.c.id)
    )
    if kind is not None:
        query = query.where(machine.c.kind == kind)
    return connection.execute(query if sites is None else query.where(machine.c.site_id.in_(sites))).all()


# Building a statement costs more than running it: each is built once.
@cache
def select_booked() -> Select[Any]:
    """Select the stations of visits of some people and days that were not cancelled."""
    booking = tables.booking.c
    wanted = (among("patients", booking.patient_id), among("days", booking.day), booking.state != "cancelled")
    return select(booking.patient_id, booking.day, booking.stations).where(*wanted)


@cache
def select_done() -> Select[Any]:
    """Select what some people did on some days (`station`): what was ticked off, and where a set ended."""
    tick, visit, session, finished = tables.tick.c, tables.visit, tables.session, tables.finished_set.c
    ticked = select(tick.patient_id, tick.day, tick.item.label("station")).where(
        among("patients", tick.patient_id), among("days", tick.day), tick.source == "station"
    )
    trained = (
        select(visit.c.patient_id, visit.c.day, session.c.kind)
        .join_from(visit, session, session.c.visit_id == visit.c.id)
        .where(among("patients", visit.c.patient_id), among("days", visit.c.day))
        .where(exists().where(finished.session_id == session.c.id))
    )
    return select(union_all(ticked, trained).subquery())
