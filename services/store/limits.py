"""Versions of limits, proposals of wider ones, and the countersigned capacity under caps of phases."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from services.store import rows, tables
from services.store.reading.keyset import Record, Rows

OPEN = "open"


def versions(connection: Connection, patient_id: str, kind: str) -> Rows:
    """List every version of one person's limits on one kind of machine, newest first."""
    limits = tables.limits
    mine = (limits.c.patient_id == patient_id, limits.c.kind == kind)
    return connection.execute(select(limits).where(*mine).order_by(limits.c.version.desc())).all()


def version(connection: Connection, patient_id: str, kind: str, number: int) -> Record | None:
    """Read one version."""
    limits = tables.limits
    wanted = (limits.c.patient_id == patient_id, limits.c.kind == kind, limits.c.version == number)
    return connection.execute(select(limits).where(*wanted)).one_or_none()


def propose(connection: Connection, row: rows.Row) -> None:
    """Keep a proposal; an open one of the same person and kind is overtaken by it."""
    overtake(connection, row["patient_id"], row["kind"], row["by_id"], row["at_ms"])
    rows.insert_rows(connection, tables.limits_proposal, [row])


def overtake(connection: Connection, patient_id: str, kind: str, by_id: str, now_ms: int) -> None:
    """Close open proposals: something else was signed or proposed."""
    proposal = tables.limits_proposal
    mine = (proposal.c.patient_id == patient_id, proposal.c.kind == kind, proposal.c.state == OPEN)
    closed = {"state": "overtaken", "decided_by": by_id, "decided_ms": now_ms}
    connection.execute(update(proposal).where(*mine).values(**closed))


def decide(connection: Connection, proposal_id: str, values: Mapping[str, Any]) -> None:
    """Keep what became of a proposal."""
    proposal = tables.limits_proposal
    connection.execute(update(proposal).where(proposal.c.id == proposal_id).values(**values))


def proposals(connection: Connection, patient_id: str, kind: str) -> Rows:
    """List the proposals of one person and kind, newest first."""
    proposal = tables.limits_proposal
    mine = select(proposal).where(proposal.c.patient_id == patient_id, proposal.c.kind == kind)
    return connection.execute(mine.order_by(proposal.c.at_ms.desc(), proposal.c.id)).all()


def add_capacity(connection: Connection, row: rows.Row) -> None:
    """Add a countersigned capacity."""
    rows.insert_rows(connection, tables.capacity, [row])


def capacities(connection: Connection, patient_id: str) -> Rows:
    """List countersigned capacities of a person, newest first."""
    capacity = tables.capacity
    mine = select(capacity).where(capacity.c.patient_id == patient_id)
    return connection.execute(mine.order_by(capacity.c.at_ms.desc(), capacity.c.id)).all()


def capacity_g(connection: Connection, patient_id: str, kind: str) -> int | None:
    """Read the newest countersigned capacity (g); None when nobody signed one.

    It reads nothing that is sealed: the prescribing process has no key of identities.
    """
    found: int | None = connection.scalar(_newest_capacity(patient_id, kind))
    return found


def _newest_capacity(patient_id: str, kind: str) -> Select[Any]:
    capacity = tables.capacity.c
    mine = (capacity.patient_id == patient_id, capacity.kind == kind)
    newest = select(func.max(capacity.at_ms)).where(*mine).scalar_subquery()
    return select(func.min(capacity.capacity_g)).where(*mine, capacity.at_ms == newest)
