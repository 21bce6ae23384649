"""Take out of the store what has been kept long enough, a limited number of rows at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    func,
    null,
    select,
    text,
    true,
    tuple_,
    update,
)

from services.audit.chain import Place
from services.store import linked, tables

BATCH_ROWS = 2_000  # of one transaction: the message path waits for a writer of SQLite
NO_DELETE = "audit_no_delete"  # SQLite's trigger; migration 0008 made it
REFUSED = "the audit is append-only"


def old_curves(connection: Connection, before_ms: int) -> int:
    """Count reps whose curve is older than this."""
    return _count(connection, tables.rep, _has_old_curve(before_ms))


def drop_curves(connection: Connection, before_ms: int) -> int:
    """Empty the curves of some reps older than this; return of how many."""
    rep = tables.rep
    key = tuple(rep.primary_key.columns)
    some = select(*key).where(_has_old_curve(before_ms)).limit(BATCH_ROWS)
    return connection.execute(update(rep).where(tuple_(*key).in_(some)).values(curve=null())).rowcount


def old_messages(connection: Connection, before_ms: int) -> int:
    """Count stored messages whose bytes are older than this."""
    return _count(connection, tables.inbox, _has_old_bytes(before_ms))


def old_sign_ins(connection: Connection, before_ms: int) -> int:
    """Count stored sign-ins older than this: a badge or a code stands in their bytes."""
    return _count(connection, tables.inbox, _is_sign_in() & _has_old_bytes(before_ms))


def empty_messages(connection: Connection, before_ms: int) -> int:
    """Empty the bytes of some messages older than this: their rows stay, so that nothing is counted twice."""
    return _empty(connection, _has_old_bytes(before_ms))


def empty_sign_ins(connection: Connection, before_ms: int) -> int:
    """Do the same with sign-ins."""
    return _empty(connection, _is_sign_in() & _has_old_bytes(before_ms))


def old_transit(connection: Connection, before_ms: int) -> int:
    """Count published commands and unread messages older than this."""
    return sum(_count(connection, table, old) for table, old in _transit(before_ms))


def drop_transit(connection: Connection, before_ms: int) -> int:
    """Delete published commands and unread messages older than this."""
    return sum(connection.execute(delete(table).where(old)).rowcount for table, old in _transit(before_ms))


def old_sessions(connection: Connection, before_ms: int) -> int:
    """Count sessions that ended before this."""
    return _count(connection, tables.session, tables.session.c.opened_ms < before_ms)


def drop_sessions(connection: Connection, before_ms: int, most: int = 50) -> int:
    """Delete some sessions that began before this, with everything that hangs on them; count the sessions."""
    session = tables.session.c
    oldest = select(session.id).where(session.opened_ms < before_ms).order_by(session.opened_ms).limit(most)
    ids = list(connection.scalars(oldest))
    if not ids:
        return 0
    for table in reversed(linked.linked()):
        if linked.hangs_on_sessions(table) and table is not tables.inbox:
            connection.execute(delete(table).where(linked.of_sessions(table, ids)))
    connection.execute(
        update(tables.inbox).where(tables.inbox.c.session_id.in_(ids)).values(raw=b"", session_id=None)
    )
    return len(ids)


def old_entries(connection: Connection, before_ms: int) -> Place | None:
    """Find the last entry of the audit up to which all are older than this; None when the first is not."""
    audit = tables.audit.c
    first_young = connection.scalar(select(func.min(audit.id)).where(audit.at_ms >= before_ms))
    young = true() if first_young is None else audit.id < first_young
    last_old = select(audit.id, audit.seal).where(young).order_by(audit.id.desc()).limit(1)
    found = connection.execute(last_old).first()
    return None if found is None else Place(id=found.id, seal=found.seal)


def drop_entries(connection: Connection, upto: Place) -> int:
    """Delete the beginning of the audit; the caller records in the same transaction where it was cut."""
    with _lifted(connection):
        return connection.execute(delete(tables.audit).where(tables.audit.c.id <= upto.id)).rowcount


@contextmanager
def _lifted(connection: Connection) -> Iterator[None]:
    """Let the audit be changed, in this transaction alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_append_only"))
        yield
        connection.execute(text("ALTER TABLE audit ENABLE TRIGGER audit_append_only"))
        return
    connection.execute(text(f"DROP TRIGGER {NO_DELETE}"))
    yield
    connection.execute(
        text(f"CREATE TRIGGER {NO_DELETE} BEFORE delete ON audit BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END")
    )


def _has_old_curve(before_ms: int) -> ColumnElement[bool]:
    rep = tables.rep.c
    return and_(rep.wall_ms < before_ms, rep.curve.is_not(null()))


def _empty(connection: Connection, which: ColumnElement[bool]) -> int:
    inbox = tables.inbox
    key = tuple(inbox.primary_key.columns)
    some = select(*key).where(which).limit(BATCH_ROWS)
    return connection.execute(update(inbox).where(tuple_(*key).in_(some)).values(raw=b"")).rowcount


def _is_sign_in() -> ColumnElement[bool]:
    return tables.inbox.c.kind == "sign_in"


def _has_old_bytes(before_ms: int) -> ColumnElement[bool]:
    inbox = tables.inbox.c
    return and_(inbox.received_ms < before_ms, inbox.raw != b"")


def _transit(before_ms: int) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    outbox, letter = tables.outbox, tables.dead_letter
    return (
        (outbox, and_(outbox.c.published_ms.is_not(None), outbox.c.created_ms < before_ms)),
        (letter, letter.c.received_ms < before_ms),
    )


def _count(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return connection.scalars(select(func.count()).select_from(table).where(which)).one()
