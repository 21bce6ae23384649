"""What falls due by itself: machines that are silent, visits that were missed, calibrations that run out."""

from collections.abc import Collection

from sqlalchemy import Connection, and_, exists, func, or_, select, update

from contract.messages import Origin
from services.store import tables
from services.store.reading.keyset import Rows


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
        select(alert.c.id, alert.c.code, alert.c.machine, alert.c.patient_id, alert.c.raised_ms).where(
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
    """List the machines whose newest calibration runs out before a moment, or was not passed."""
    calibration, machine = tables.calibration, tables.machine
    group = (calibration.c.origin, calibration.c.machine)
    place = func.row_number().over(partition_by=group, order_by=calibration.c.at_ms.desc()).label("place")
    newest = select(*group, calibration.c.due_ms, calibration.c.passed, place).subquery()
    here = and_(newest.c.origin == machine.c.origin, newest.c.machine == machine.c.id)
    return connection.execute(
        select(machine.c.id, newest.c.due_ms, newest.c.passed)
        .join_from(machine, newest, here)
        .where(
            machine.c.origin == origin,
            machine.c.retired.is_(False),
            newest.c.place == 1,
            or_(newest.c.due_ms < before_ms, newest.c.passed.is_(False)),
        )
    ).all()


def trained_since(connection: Connection, origin: Origin, since_ms: int, most: int) -> list[str]:
    """List the patients who trained since a moment."""
    summary = tables.summary.c
    wanted = (summary.origin == origin, summary.wall_ms > since_ms)
    return list(connection.scalars(select(summary.patient_id).where(*wanted).distinct().limit(most)))
