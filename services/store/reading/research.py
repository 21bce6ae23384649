"""Sets, reps and decisions of everybody, read as a stream: what leaves for research, still with its names."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, select

from contract.messages import Origin
from services.store.reading.keyset import Record
from services.store.tables import consent, decision, finished_set, rep, session

BATCH = 2_000  # rows fetched at once
PURPOSE = "research"


def first_sessions(connection: Connection, origin: Origin) -> dict[str, int]:
    """Tell for everybody who has trained when that was first (Unix ms)."""
    query = (
        select(session.c.patient_id, func.min(session.c.opened_ms))
        .where(session.c.origin == origin, session.c.patient_id.is_not(None))
        .group_by(session.c.patient_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def consenting(connection: Connection) -> frozenset[str]:
    """List who agrees to research now: the newest statement holds."""
    query = select(consent.c.patient_id, consent.c.given).where(consent.c.purpose == PURPOSE)
    newest = {row[0]: row[1] for row in connection.execute(query.order_by(consent.c.at_ms, consent.c.id))}
    return frozenset(patient_id for patient_id, is_given in newest.items() if is_given)


def sets(connection: Connection, origin: Origin) -> Iterator[Record]:
    """Stream the finished sets, in the order of their permanent identity."""
    columns = [column for column in finished_set.c if column.name not in ("setting_id", "machine", "stream")]
    query = _of_sessions(select(*columns, session.c.patient_id, session.c.kind), finished_set)
    where = query.where(finished_set.c.origin == origin)
    yield from _streamed(connection, where.order_by(*finished_set.primary_key.columns))


def reps(connection: Connection, origin: Origin) -> Iterator[Record]:
    """Stream the reps with their curves, in the order of their permanent identity."""
    columns = [column for column in rep.c if column.name not in ("setting_id", "machine", "stream")]
    query = _of_sessions(select(*columns, session.c.patient_id, session.c.kind), rep)
    where = query.where(rep.c.origin == origin)
    yield from _streamed(connection, where.order_by(*rep.primary_key.columns))


def decisions(connection: Connection, origin: Origin) -> Iterator[Record]:
    """Stream what the model decided, in the order of its random names; without the logged bytes."""
    columns = [column for column in decision.c if column.name not in ("request", "answer", "basis_stream")]
    where = select(*columns).where(decision.c.origin == origin)
    yield from _streamed(connection, where.order_by(decision.c.id))


def _of_sessions(query: Select[Any], table: Any) -> Select[Any]:
    return query.select_from(table.join(session, session.c.id == table.c.session_id)).where(
        session.c.patient_id.is_not(None)
    )


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[Record]:
    yield from connection.execution_options(yield_per=BATCH).execute(query)
