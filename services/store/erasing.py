"""Take everything about a person out of the store; what may stay hangs on nobody any more."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Table, delete, select, tuple_, update

from contract.names import made_id
from services.store import linked, tables
from services.store.mentions import Mentions

WEEK_MS = 7 * 86_400_000  # of a kept row only the week is known
# Rows whose place in the delivery must stay known, so that nothing is counted twice: they become empty.
EMPTIED: Mapping[str, Mapping[str, Any]] = {
    "inbox": {"raw": b"", "session_id": None},
    "status": {"session_id": None, "setting_id": None},
}
# What stays, without a person, where research was agreed to: figures of sets and reps.
# Their moments become weeks; `work_ms` of a set is a duration, and a figure like the others.
MOMENTS = frozenset(("wall_ms", "opened_ms", "closed_ms", "heard_ms", "filed_ms"))
MEASURED = (tables.rep, tables.finished_set, tables.gravity, tables.test_result)
SWEPT = (
    (tables.outbox, ("payload",)),
    (tables.dead_letter, ("raw", "topic", "detail")),
)
DELETED_AT_ONCE = READ_AT_ONCE = 500
STRANGER: dict[str, Any] = {
    "patient_id": None, "visit_id": None, "nonce": None, "number": None, "frame": {}, "commands": 0,
}  # fmt: skip


def open_session(connection: Connection, patient_id: str) -> str | None:
    """Find a session of the person that has not ended."""
    session = tables.session.c
    mine = select(session.id).where(session.patient_id == patient_id, session.closed_ms.is_(None))
    return connection.scalar(mine.limit(1))


def words_of(connection: Connection, patient_id: str) -> list[str]:
    """List what a message about a person would hold: ids, references, badge, code, subject and name."""
    patient, credential, session = tables.patient, tables.credential, tables.session
    found = [patient_id]
    who = connection.execute(select(patient.c.name, patient.c.code).where(patient.c.id == patient_id)).one()
    found += who
    mine = credential.c.patient_id == patient_id
    for row in connection.execute(select(credential.c.lookup, credential.c.subject).where(mine)):
        found += row
    sessions = connection.scalars(select(session.c.id).where(linked.of_person(session, patient_id))).all()
    found += sessions
    found += [made_id("reference", one) for one in sessions]  # what the machine knows the person by
    return [one for one in found if one]


def keep_measured(connection: Connection, patient_id: str) -> int:
    """Copy sets and tests to sessions of nobody, with new ids and the week for a time; count sessions."""
    session, mine = tables.session, linked.of_person(tables.session, patient_id)
    found = connection.execute(select(session).where(mine)).mappings().all()
    for row in found:
        strange = str(uuid4()), str(uuid4())
        connection.execute(
            session.insert(),
            [_coarse(row) | STRANGER | {"id": strange[0], "stream": strange[1], "boot": strange[1]}],
        )
        for table in MEASURED:
            _copy(connection, table, str(row["id"]), *strange)
    return len(found)


def erase(connection: Connection, patient_id: str) -> int:
    """Delete every row about a person, children first; return how many were deleted or emptied."""
    count = 0
    for table in reversed(linked.linked()):
        which = linked.of_person(table, patient_id)
        emptied = EMPTIED.get(table.name)
        statement = (
            delete(table).where(which) if emptied is None else update(table).where(which).values(emptied)
        )
        count += connection.execute(statement).rowcount
    return count


def sweep(connection: Connection, words: Iterable[str]) -> int:
    """Delete messages on their way out, and unread ones, that name one of these words; count them."""
    wanted = Mentions(words)
    return sum(_swept(connection, table, columns, wanted) for table, columns in SWEPT)


def _swept(connection: Connection, table: Table, columns: Iterable[str], wanted: Mentions) -> int:
    key = tuple(table.primary_key.columns)
    every = select(*key, *(table.c[name] for name in columns))
    read = connection.execute(every, execution_options={"yield_per": READ_AT_ONCE})
    hit = [
        tuple(row[: len(key)])
        for row in read
        if any(one is not None and wanted.are_in(one) for one in row[len(key) :])
    ]
    for first in range(0, len(hit), DELETED_AT_ONCE):
        some = hit[first : first + DELETED_AT_ONCE]
        connection.execute(delete(table).where(tuple_(*key).in_(some)))
    return len(hit)


def _copy(connection: Connection, table: Table, session_id: str, other: str, stream: str) -> None:
    rows = connection.execute(select(table).where(table.c.session_id == session_id)).mappings()
    changed = [_coarse(row) | {"session_id": other, "stream": stream} for row in rows]
    if changed:
        connection.execute(table.insert(), changed)


def _coarse(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        str(name): value // WEEK_MS * WEEK_MS if name in MOMENTS and value is not None else value
        for name, value in row.items()
    }
