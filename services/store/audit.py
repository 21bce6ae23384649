"""The audit: entries are put down in a writing transaction and chained as the last thing before it commits.

The chain is one per database. Its lock is taken last and for one insert, so writers of entries wait for one
another only while they commit, and never for a lock of each other's rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, select, text

from services.audit.chain import PRUNED, UNKEYED, Place, Row, sealed
from services.audit.entry import Entry, shown
from services.keys.audit import AuditKey
from services.store import rows, tables

__all__ = ["Entry", "append", "chained", "cut", "hold", "last", "record", "stored"]

ENTRIES = "audit_entries"  # execution option of a writing connection: what its transaction has put down
KEY = "audit_key"  # execution option of an engine
CHAIN_LOCK = 5_147_201  # of this application, among PostgreSQL's advisory locks of one database
PAGE_ROWS = 2_000


def record(connection: Connection, *entries: Entry) -> None:
    """Put entries down; they are chained when the transaction of `writing(engine)` ends.

    Raises RuntimeError outside of one: nothing would ever write the entries.
    """
    pending = connection.get_execution_options().get(ENTRIES)
    if pending is None:
        raise RuntimeError("an entry of the audit needs a connection of services.store.engine.writing")
    pending.extend(entries)


def append(connection: Connection) -> None:
    """Chain what this transaction has put down; nothing of it may follow."""
    pending: list[Entry] = connection.get_execution_options().get(ENTRIES, [])
    if not pending:
        return
    hold(connection)
    key: AuditKey | None = connection.get_execution_options().get(KEY)
    written = [_row(entry, key) for entry in pending]
    rows.insert_rows(connection, tables.audit, list(chained(written, key, last(connection))))
    pending.clear()


def hold(connection: Connection) -> None:
    """Keep other writers off the chain until this transaction ends; SQLite has one writer in any case."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:chain)"), {"chain": CHAIN_LOCK})


def chained(written: Iterable[Row], key: AuditKey | None, before: Place) -> Iterator[dict[str, Any]]:
    """Give rows their numbers and seals behind a place of the chain, whatever they had before."""
    for number, one in enumerate(written, start=before.id + 1):
        row = replace(one, id=number, key_id=UNKEYED if key is None else key.key_id)
        seal = sealed(b"" if key is None else key.secret, before.seal, row)
        before = Place(id=number, seal=seal)
        yield {name: getattr(row, name) for name in Row.__slots__} | {"seal": seal}


def last(connection: Connection) -> Place:
    """Read the end of the chain; before the first row where there is none."""
    audit = tables.audit.c
    found = connection.execute(select(audit.id, audit.seal).order_by(audit.id.desc()).limit(1)).first()
    return Place() if found is None else Place(id=found.id, seal=found.seal)


def cut(connection: Connection) -> Place | None:
    """Read where retention has cut the chain last; None when it starts with the first row."""
    audit = tables.audit.c
    said = select(audit.detail).where(audit.action == PRUNED).order_by(audit.id.desc()).limit(1)
    found = connection.scalar(said)
    return None if found is None else Place(id=found["upto"], seal=found["seal"])


def stored(connection: Connection) -> Iterator[Row]:
    """Read the whole chain in order, a page at a time."""
    after = 0
    while page := connection.execute(_page(after)).mappings().all():
        yield from (Row(**row) for row in page)
        after = page[-1]["id"]


def _page(after: int) -> Select[Any]:
    audit = tables.audit
    columns = [audit.c[name] for name in Row.__slots__]
    return select(*columns).where(audit.c.id > after).order_by(audit.c.id).limit(PAGE_ROWS)


def _row(entry: Entry, key: AuditKey | None) -> Row:
    return Row(
        id=0,
        at_ms=entry.at_ms,
        actor=entry.actor,
        action=entry.action,
        object_kind=entry.thing,
        object_id=entry.thing_id,
        detail=shown(entry, b"" if key is None else key.secret),
        key_id="",
        seal="",
    )
