"""Take out of the store what has been kept long enough, a limited number of rows at a time."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    func,
    literal_column,
    null,
    select,
    text,
    true,
    update,
)

from services.audit.chain import Place
from services.store import linked, tables
from services.store.reading.keyset import Rows

Counts = Mapping[str, float]

BATCH_ROWS = 2_000  # of one transaction: the message path waits for a writer of SQLite
NO_DELETE = "audit_no_delete"  # SQLite's trigger; migration 0008 made it
REFUSED = "the audit is append-only"


def begin_run(connection: Connection, run_id: str, terms: Counts, now_ms: int) -> None:
    """Write down that a run begins; without an end it did not come to it."""
    row = {"id": run_id, "started_ms": now_ms, "finished_ms": None, "terms": dict(terms), "removed": {}}
    connection.execute(tables.retention_run.insert(), [row])


def end_run(connection: Connection, run_id: str, removed: Counts, now_ms: int) -> None:
    """Write down what a run took, and when it ended."""
    run = tables.retention_run
    ended = update(run).where(run.c.id == run_id).values(finished_ms=now_ms, removed=dict(removed))
    connection.execute(ended)


def newest_runs(connection: Connection, limit: int) -> Rows:
    """List runs, the newest first."""
    run = tables.retention_run
    newest = select(run).order_by(run.c.started_ms.desc(), run.c.id.desc())
    return connection.execute(newest.limit(limit)).all()


def old_curves(connection: Connection, before_ms: int, most: int | None = None) -> int:
    """Count reps whose curve is older than this, up to `most`."""
    return _count(connection, tables.rep, _has_old_curve(before_ms), most)


def drop_curves(connection: Connection, before_ms: int) -> int:
    """Empty the curves of some reps older than this, the oldest first; return of how many."""
    rep = tables.rep
    upto_ms = _batch_upto_ms(connection, rep.c.wall_ms, _has_old_curve(before_ms))
    if upto_ms is None:
        return 0
    some = _has_old_curve(upto_ms + 1)
    return connection.execute(update(rep).where(some).values(curve=null())).rowcount


def old_messages(connection: Connection, before_ms: int, most: int | None = None) -> int:
    """Count stored messages whose bytes are older than this, up to `most`."""
    return _count(connection, tables.inbox, _has_old_bytes(before_ms), most)


def old_sign_ins(connection: Connection, before_ms: int, most: int | None = None) -> int:
    """Count stored sign-ins older than this, up to `most`: a badge or a code stands in their bytes."""
    return _count(connection, tables.inbox, _is_old_sign_in(before_ms), most)


def empty_messages(connection: Connection, before_ms: int) -> int:
    """Empty the bytes of some messages older than this: their rows stay, so that nothing is counted twice."""
    return _empty(connection, _has_old_bytes, before_ms)


def empty_sign_ins(connection: Connection, before_ms: int) -> int:
    """Do the same with sign-ins."""
    return _empty(connection, _is_old_sign_in, before_ms)


def old_transit(connection: Connection, before_ms: int, most: int | None = None) -> int:
    """Count published commands and unread messages older than this, up to `most` of each."""
    return sum(_count(connection, table, old, most) for table, old in _transit(before_ms))


def drop_transit(connection: Connection, before_ms: int) -> int:
    """Delete published commands and unread messages older than this."""
    return sum(connection.execute(delete(table).where(old)).rowcount for table, old in _transit(before_ms))


def old_sessions(connection: Connection, before_ms: int, most: int | None = None) -> int:
    """Count sessions that began before this, up to `most`."""
    return _count(connection, tables.session, tables.session.c.opened_ms < before_ms, most)


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


# The conditions of the partial indexes are written as the indexes have them: both databases use such an index
# only where a statement says the same.
def _has_old_curve(before_ms: int) -> ColumnElement[bool]:
    return and_(tables.rep.c.wall_ms < before_ms, tables.rep.c.curve.is_not(null()))


def _has_old_bytes(before_ms: int) -> ColumnElement[bool]:
    inbox = tables.inbox.c
    return and_(inbox.received_ms < before_ms, func.length(inbox.raw) > literal_column("0"))


def _is_old_sign_in(before_ms: int) -> ColumnElement[bool]:
    return and_(_has_old_bytes(before_ms), tables.inbox.c.kind == literal_column("'sign_in'"))


def _empty(connection: Connection, which: Callable[[int], ColumnElement[bool]], before_ms: int) -> int:
    inbox = tables.inbox
    upto_ms = _batch_upto_ms(connection, inbox.c.received_ms, which(before_ms))
    if upto_ms is None:
        return 0
    return connection.execute(update(inbox).where(which(upto_ms + 1)).values(raw=b"")).rowcount


def _batch_upto_ms(
    connection: Connection, moment: ColumnElement[int], which: ColumnElement[bool]
) -> int | None:
    """Find the moment up to which the oldest rows fill a batch, in the order of the index; None: no rows."""
    oldest = select(moment.label("at_ms")).where(which).order_by(moment).limit(BATCH_ROWS).subquery()
    newest: int | None = connection.scalar(select(func.max(oldest.c.at_ms)))
    return newest


def _transit(before_ms: int) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    """Select what was made and published before; by the time of publishing, which the index begins with."""
    outbox, letter = tables.outbox, tables.dead_letter
    return (
        (outbox, and_(outbox.c.published_ms < before_ms, outbox.c.created_ms < before_ms)),
        (letter, letter.c.received_ms < before_ms),
    )


def _count(connection: Connection, table: Table, which: ColumnElement[bool], most: int | None = None) -> int:
    some = select(literal_column("1")).select_from(table).where(which).limit(most).subquery()
    return connection.scalars(select(func.count()).select_from(some)).one()
