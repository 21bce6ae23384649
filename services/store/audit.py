"""The audit: entries are put down in a writing transaction and chained as the last thing before it commits.

The chain is one per database. Its lock is taken last and for one insert, so writers of entries wait for one
another only while they commit, and never for a lock of each other's rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, Text, cast, select, text

from services.audit import chain
from services.audit.chain import PRUNED, UNKEYED, Head, Place, Report, Row, cut_place, sealed
from services.audit.entry import Entry, shown
from services.keys.audit import AuditKey
from services.store import rows, tables

__all__ = ["Entry", "append", "chained", "check", "cut", "hold", "key_id", "last", "record", "stored"]

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


def key_id(connection: Connection) -> str:
    """Read which key sealed the newest row; `UNKEYED` where none did, or where there is none."""
    audit = tables.audit.c
    return connection.scalar(select(audit.key_id).order_by(audit.id.desc()).limit(1)) or UNKEYED


def cut(connection: Connection) -> Place | None:
    """Read where retention has cut the chain last; None when it starts with the first row."""
    audit = tables.audit.c
    said = select(audit.id, cast(audit.detail, Text)).where(audit.action == PRUNED).order_by(audit.id.desc())
    newest = said.limit(1)
    while found := _read(connection, newest):
        [(number, detail)] = found
        if place := cut_place(_decoded(detail)):
            return place
        newest = said.where(audit.id < number).limit(1)  # that one, retention has not written
    return None


def check(connection: Connection, keys: Mapping[str, bytes], head: Head | None = None) -> Report:
    """Follow the whole chain as it is stored; whatever stands in the table is read, also what cannot be."""
    return chain.check(stored(connection), keys, after=cut(connection), head=head)


def stored(connection: Connection) -> Iterator[Row]:
    """Read every row of the table in order, a page at a time."""
    after: int | None = None
    while page := _read(connection, _page(after)):
        for row in page:
            yield Row(**(row._asdict() | {"detail": _decoded(row.detail)}))
        after = page[-1].id


def _page(after: int | None) -> Select[Any]:
    audit = tables.audit
    columns = [audit.c[name] for name in Row.__slots__ if name != "detail"]
    page = select(*columns, cast(audit.c.detail, Text).label("detail")).order_by(audit.c.id).limit(PAGE_ROWS)
    return page if after is None else page.where(audit.c.id > after)  # forged rows can stand before the first


def _read(connection: Connection, statement: Select[Any]) -> Sequence[Any]:
    """Read rows; a text of SQLite that is no UTF-8 comes as its bytes instead of ending the reading."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "sqlite":
        return connection.execute(statement).all()
    usual, driver.text_factory = driver.text_factory, _text_or_bytes
    try:
        return connection.execute(statement).all()
    finally:
        driver.text_factory = usual


def _text_or_bytes(raw: bytes) -> str | bytes:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _decoded(detail: str | bytes) -> Any:
    try:
        return msgspec.json.decode(detail)
    except (msgspec.DecodeError, RecursionError):
        return str(detail)


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
