"""Inbox, high-water marks, dead letters, outbox and status: the delivery side of the store."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, select, tuple_, update

from contract.messages import Origin
from services.store import rows, tables

Identity = tuple[Origin, str, str, int]  # origin, machine, stream, seq
StreamKey = tuple[Origin, str, str]  # origin, machine, stream


def store_new(connection: Connection, inbox_rows: Sequence[rows.Row]) -> set[Identity]:
    """Store inbox rows; return the identities that were new."""
    return {
        (origin, machine, stream, seq)
        for origin, machine, stream, seq in rows.insert_returning(connection, tables.inbox, inbox_rows)
    }


def hashes(connection: Connection, identities: Iterable[Identity]) -> dict[Identity, str]:
    """Read the body hashes of stored rows."""
    wanted = list(identities)
    if not wanted:
        return {}
    found = connection.execute(_hashes(), {"keys": wanted})
    return {(origin, machine, stream, seq): digest for origin, machine, stream, seq, digest in found}


def marks(connection: Connection, keys: Iterable[StreamKey]) -> dict[StreamKey, Any]:
    """Read the high-water marks of streams (columns upto, missing, boot)."""
    wanted = list(keys)
    if not wanted:
        return {}
    found = connection.execute(_marks(), {"keys": wanted})
    return {(row.origin, row.machine, row.stream): row for row in found}


def statuses(connection: Connection, machines: Iterable[tuple[Origin, str]]) -> dict[tuple[Origin, str], Any]:
    """Read the newest status of machines."""
    wanted = list(machines)
    if not wanted:
        return {}
    found = connection.execute(_statuses(), {"keys": wanted})
    return {(row.origin, row.machine): row for row in found}


def open_streams(connection: Connection, heard_after_ms: int) -> list[Any]:
    """Read the marks of streams with a session that is open, if the machine was heard of lately."""
    session, stream = tables.session.c, tables.stream.c
    is_open = exists().where(
        session.origin == stream.origin,
        session.machine == stream.machine,
        session.stream == stream.stream,
        session.closed_ms.is_(None),
    )
    return list(connection.execute(select(tables.stream).where(stream.heard_ms > heard_after_ms, is_open)))


def waiting(connection: Connection, most: int = 500) -> list[Any]:
    """Read what has not been published yet, oldest first."""
    outbox = tables.outbox
    return list(
        connection.execute(
            select(outbox).where(outbox.c.published_ms.is_(None)).order_by(outbox.c.created_ms).limit(most)
        )
    )


def mark_published(connection: Connection, ids: Sequence[str], now_ms: int) -> None:
    """Note that these rows of the outbox have been handed to the broker."""
    if ids:
        outbox = tables.outbox
        connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(published_ms=now_ms))


# Building a statement costs more than running it: each is built once.
@cache
def _hashes() -> Select[Any]:
    key = tuple(tables.inbox.primary_key.columns)
    return select(*key, tables.inbox.c.body_hash).where(tuple_(*key).in_(bindparam("keys", expanding=True)))


@cache
def _marks() -> Select[Any]:
    key = tuple(tables.stream.primary_key.columns)
    return select(tables.stream).where(tuple_(*key).in_(bindparam("keys", expanding=True)))


@cache
def _statuses() -> Select[Any]:
    key = tuple(tables.status.primary_key.columns)
    return select(tables.status).where(tuple_(*key).in_(bindparam("keys", expanding=True)))
