"""Everything that the store holds of one person, table by table."""

import zlib
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select

from services.store import linked, tables
from services.store.reading.keyset import Record

# What proves somebody is not handed out: the hash of a PIN, the hash of a token.
KEPT_BACK = {("credential", "secret"), ("token", "id")}


def everything(connection: Connection, patient_id: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Read every row about a person, by table, and who did what to them; names are opened, JSON unpacked."""
    for table in linked.linked():
        yield table.name, _rows(connection, table, linked.of_person(table, patient_id))
    audit = tables.audit
    yield audit.name, _rows(connection, audit, audit.c.object_id == patient_id)


def messages(connection: Connection, patient_id: str) -> Iterator[Record]:
    """Read what machines said of a person (origin, machine, kind, received_ms, raw), the oldest first."""
    inbox = tables.inbox.c
    query = (
        select(inbox.origin, inbox.machine, inbox.kind, inbox.received_ms, inbox.raw)
        .where(linked.of_person(tables.inbox, patient_id), inbox.raw != b"")
        .order_by(inbox.received_ms, inbox.machine, inbox.stream, inbox.seq)
    )
    yield from connection.execute(query)


def _rows(connection: Connection, table: Table, which: Any) -> list[dict[str, Any]]:
    columns = [column for column in table.columns if (table.name, column.name) not in KEPT_BACK]
    found = connection.execute(select(*columns).where(which).order_by(*table.primary_key.columns))
    return [{name: _plain(value) for name, value in row.items()} for row in found.mappings()]


def _plain(value: Any) -> Any:
    """Unpack bytes: compressed or plain JSON where it is, else hex."""
    if not isinstance(value, bytes | memoryview):
        return value
    raw = bytes(value)
    try:
        return msgspec.json.decode(zlib.decompress(raw) if raw[:1] == b"\x78" else raw)
    except (zlib.error, msgspec.DecodeError):
        return raw.hex()
