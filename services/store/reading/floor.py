"""Machines now: who trains on them, what was set, what was done."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Connection, cast, select, true

from contract.messages import Origin
from services.access import EVERYTHING, Scope
from services.store.among import among
from services.store.reading import alerts, settings
from services.store.reading.keyset import Rows
from services.store.tables import machine, patient, rep, session, staff_order, status

PER_SET = 1 << 20  # more reps than a set can have


class DoneReps(NamedTuple):
    """How many reps of the newest set a session has."""

    session_id: str
    set_number: int
    reps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorRows:
    """Everything that the floor is drawn from."""

    machines: Rows
    sessions: Rows
    settings: Rows
    reps: Sequence[DoneReps]
    alerts: Rows
    orders: Rows = ()  # of staff: holds that nobody released, and overrides of these sessions


def floor(connection: Connection, origin: Origin, scope: Scope = EVERYTHING) -> FloorRows:
    """Read the floor: machines, and of those that train the session, its settings, reps and alerts."""
    found = machines(connection, origin, scope)
    sessions = running_sessions(connection, [row.session_id for row in found if row.session_id], scope)
    running = [row.id for row in sessions]
    return FloorRows(
        machines=found,
        sessions=sessions,
        settings=settings.of_floor(connection, running),
        reps=reps_done(connection, {row.id: row.filed_ms for row in sessions}),
        alerts=alerts.of_sessions(connection, running),
        orders=standing_orders(connection, origin, running),
    )


def standing_orders(connection: Connection, origin: Origin, session_ids: Collection[str]) -> Rows:
    """List the orders of staff that stand: of a few sessions, and holds that no session has, newest first."""
    order = staff_order.c
    of_these = among("ids", order.session_id) | order.session_id.is_(None)
    shown = [column for column in order if column.name not in ("reason", "by_name")]
    wanted = (order.origin == origin, order.ended_ms.is_(None), of_these)
    query = select(*shown).where(*wanted).order_by(order.made_ms.desc())
    return connection.execute(query, {"ids": session_ids}).all()


def machines(connection: Connection, origin: Origin, scope: Scope = EVERYTHING) -> Rows:
    """List the machines in use with their newest status and newest session, by machine id."""
    newest = (
        select(session.c.id)
        .where(session.c.origin == machine.c.origin, session.c.machine == machine.c.id)
        .order_by(session.c.opened_ms.desc())
        .limit(1)
        .correlate(machine)
        .scalar_subquery()
    )
    here = (status.c.origin == machine.c.origin) & (status.c.machine == machine.c.id)
    return connection.execute(
        select(
            machine.c.id,
            machine.c.kind,
            machine.c.name,
            status.c.online,
            status.c.state,
            status.c.spool_rows,
            status.c.firmware,
            status.c.received_ms,
            newest.label("session_id"),
        )
        .outerjoin_from(machine, status, here)
        .where(machine.c.origin == origin, machine.c.retired.is_(False), _within(machine.c.site_id, scope))
        .order_by(machine.c.id)
    ).all()


def running_sessions(connection: Connection, session_ids: Collection[str], scope: Scope = EVERYTHING) -> Rows:
    """Read those of the sessions that are open, with the patient's name; nobody's own, or of the scope."""
    return connection.execute(
        select(
            session.c.id,
            session.c.kind,
            session.c.patient_id,
            session.c.begun_set,
            session.c.filed_ms,
            patient.c.name,
        )
        .outerjoin_from(session, patient, patient.c.id == session.c.patient_id)
        .where(
            among("ids", session.c.id),
            session.c.closed_ms.is_(None),
            patient.c.id.is_(None) | _within(patient.c.site_id, scope),
        ),
        {"ids": session_ids},
    ).all()


def reps_done(connection: Connection, filed_ms: Mapping[str, int]) -> Sequence[DoneReps]:
    """Tell of a few sessions how many reps the newest set has that has any.

    `filed_ms` by session says in which months they are: of a span the database leaves the others out.
    """
    if not filed_ms:
        return []
    months = rep.c.filed_ms.between(min(filed_ms.values()), max(filed_ms.values()))
    mine = (rep.c.session_id == session.c.id, rep.c.filed_ms == session.c.filed_ms, months)
    place = (
        cast(rep.c.set_number, BigInteger) * PER_SET + rep.c.rep_number
    )  # one look into the index tells both
    last = select(place).where(*mine).order_by(rep.c.set_number.desc(), rep.c.rep_number.desc()).limit(1)
    told = (session.c.id, last.correlate(session).scalar_subquery().label("place"))
    rows = connection.execute(select(*told).where(among("ids", session.c.id)), {"ids": filed_ms})
    # Taken apart here: the database would look for the place once for every mention.
    return [DoneReps(row.id, *divmod(row.place, PER_SET)) for row in rows if row.place is not None]


def _within(site: ColumnElement[str], scope: Scope) -> ColumnElement[bool]:
    return true() if scope.sites is None else site.in_(scope.sites)
