"""What falls due by itself: machines that are silent, visits that were missed, calibrations that run out."""

from collections.abc import Collection, Iterator
from typing import Final

from sqlalchemy import Connection, and_, exists, func, or_, select, update

from contract.messages import Origin
from services.store import tables
from services.store.reading.keyset import Rows

BEFORE_ALL: Final = "00000000-0000-0000-0000-000000000000"  # no id is lower


def silent_machines(connection: Connection, origin: Origin, before_ms: int, offline_ms: int) -> Rows:
    """List the machines in use not heard since one moment, or offline since another."""
    machine, status = tables.machine, tables.status
    here = and_(status.c.origin == machine.c.origin, status.c.machine == machine.c.id)
    is_silent = or_(
        status.c.received_ms < before_ms,
        and_(status.c.online.is_(False), status.c.received_ms < offline_ms),
    )
    return connection.execute(
        select(machine.c.id, machine.c.site_id, status.c.received_ms, status.c.wall_ms)
        .join_from(machine, status, here)
        .where(machine.c.origin == origin, machine.c.retired.is_(False), is_silent)
    ).all()


def open_alerts(connection: Connection, origin: Origin, codes: Collection[str]) -> Rows:
    """List the unresolved alerts of some codes."""
    alert = tables.alert
    return connection.execute(
        select(alert.c.id, alert.c.code, alert.c.machine, alert.c.patient_id, alert.c.detail).where(
            alert.c.origin == origin, alert.c.code.in_(codes), alert.c.state != "resolved"
        )
    ).all()


def overdue_bookings(connection: Connection, origin: Origin, before_ms: int) -> Rows:
    """List the planned visits that should have begun, and whether the person came that day (`came`)."""
    booking, visit = tables.booking, tables.visit
    came = (
        exists()
        .where(
            visit.c.patient_id == booking.c.patient_id,
            visit.c.origin == booking.c.origin,
            visit.c.day == booking.c.day,
        )
        .label("came")
    )
    return connection.execute(
        select(booking.c.id, booking.c.patient_id, booking.c.starts_ms, came)
        .where(booking.c.origin == origin, booking.c.state == "planned", booking.c.starts_ms < before_ms)
        .order_by(booking.c.starts_ms)
    ).all()


def missed_before(connection: Connection, patient_id: str, starts_ms: int) -> bool:
    """Tell whether the booking before a moment was missed too."""
    booking = tables.booking.c
    last = (
        select(booking.state)
        .where(booking.patient_id == patient_id, booking.starts_ms < starts_ms, booking.state != "cancelled")
        .order_by(booking.starts_ms.desc())
        .limit(1)
    )
    return connection.scalar(last) == "missed"


def mark_bookings(connection: Connection, ids: Collection[str], state: str, now_ms: int) -> None:
    """Say what became of bookings."""
    if ids:
        booking = tables.booking
        changed = update(booking).where(booking.c.id.in_(ids)).values(state=state, changed_ms=now_ms)
        connection.execute(changed.values(version=booking.c.version + 1))


def calibrations_due(connection: Connection, origin: Origin, before_ms: int) -> Rows:
    """List the machines whose newest calibration runs out before a moment, was not passed, or was never done.

    What was never done has been due (`due_ms`) since the machine was enrolled. A machine of the simulation
    has nothing to measure: only what was entered for it runs out.
    """
    calibration, machine = tables.calibration, tables.machine
    group = (calibration.c.origin, calibration.c.machine)
    place = func.row_number().over(partition_by=group, order_by=calibration.c.at_ms.desc()).label("place")
    newest = select(*group, calibration.c.due_ms, calibration.c.passed, place).subquery()
    here = and_(newest.c.origin == machine.c.origin, newest.c.machine == machine.c.id, newest.c.place == 1)
    due_ms = func.coalesce(newest.c.due_ms, machine.c.enrolled_ms).label("due_ms")
    is_due = or_(newest.c.due_ms < before_ms, newest.c.passed.is_(False))
    if origin == "real":
        is_due = or_(is_due, newest.c.machine.is_(None))
    return connection.execute(
        select(machine.c.id, due_ms, func.coalesce(newest.c.passed, False).label("passed"))
        .outerjoin_from(machine, newest, here)
        .where(machine.c.origin == origin, machine.c.retired.is_(False), is_due)
    ).all()


def trained_since(connection: Connection, origin: Origin, since_ms: int, most: int) -> Iterator[list[str]]:
    """List everybody who comes and has trained since a moment, in pages of `most`."""
    patient, summary, last = tables.patient.c, tables.summary.c, BEFORE_ALL
    has_trained = exists().where(summary.patient_id == patient.id, summary.wall_ms > since_ms)
    comes = (patient.origin == origin, patient.archived_ms.is_(None), has_trained)
    everybody = select(patient.id).where(*comes).order_by(patient.id).limit(most)
    while page := list(connection.scalars(everybody.where(patient.id > last))):
        yield page
        last = page[-1]
