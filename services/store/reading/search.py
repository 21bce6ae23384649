"""Candidates of the one search box: people, machines, sites, sessions of a day; inside the scope only."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, select, true

from contract.messages import Origin
from services.access import Scope
from services.store.reading.keyset import Rows
from services.store.tables import machine, patient, session, site


def machines(connection: Connection, origin: Origin, scope: Scope) -> Rows:
    """List machines, the retired too."""
    shown = (machine.c.id, machine.c.name, machine.c.kind, machine.c.site_id, machine.c.retired)
    wanted = (machine.c.origin == origin, _of_sites(machine.c.site_id, scope.sites))
    return connection.execute(select(*shown).where(*wanted)).all()


def sites(connection: Connection, scope: Scope) -> Rows:
    """List sites."""
    return connection.execute(select(site.c.id, site.c.name).where(_of_sites(site.c.id, scope.sites))).all()


def sessions(
    connection: Connection, origin: Origin, scope: Scope, span_ms: tuple[int, int], limit: int
) -> Rows:
    """List the sessions that began in a span of time, newest first, with who trained."""
    joined = session.join(patient, patient.c.id == session.c.patient_id)
    shown = (session.c.id, session.c.kind, session.c.opened_ms, session.c.patient_id, patient.c.name)
    began = (session.c.opened_ms >= span_ms[0], session.c.opened_ms < span_ms[1])
    wanted = (session.c.origin == origin, _of_sites(patient.c.site_id, scope.sites), *began)
    mine = true() if scope.patient is None else patient.c.id == scope.patient
    query = select(*shown).select_from(joined).where(*wanted, mine)
    return connection.execute(query.order_by(session.c.opened_ms.desc(), session.c.id).limit(limit)).all()


def _of_sites(column: ColumnElement[str], only: Collection[str] | None) -> ColumnElement[bool]:
    return true() if only is None else column.in_(only)
