"""Inbox, high-water marks, dead letters, outbox and status: the delivery side of the store."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    or_,
    select,
    tuple_,
    update,
)

from contract.messages import Origin
from services.store import rows, tables
from services.store.among import among

Identity = tuple[Origin, str, str, int]  # origin, machine, stream, seq
StreamKey = tuple[Origin, str, str]  # origin, machine, stream
FREE_MOST = 500  # rows of the outbox that one process takes at a time


def store_new(connection: Connection, inbox_rows: Sequence[rows.Row]) -> set[Identity]:
    """Store inbox rows; return the identities that were new."""
    return {
        (origin, machine, stream, seq)
        for origin, machine, stream, seq in rows.insert_returning(connection, tables.inbox, inbox_rows)
    }


def forget(connection: Connection, identities: Sequence[Identity]) -> None:
    """Take rows out of the inbox that could not be taken: when they come again they are new."""
    if identities:
        connection.execute(delete(tables.inbox).where(_are(tables.inbox, identities)))


def hashes(connection: Connection, identities: Iterable[Identity]) -> dict[Identity, str]:
    """Read the body hashes of stored rows."""
    wanted = list(identities)
    if not wanted:
        return {}
    origins, machines, streams = ({one[place] for one in wanted} for place in range(3))
    given = {"origins": list(origins), "machines": list(machines), "streams": list(streams)}
    found = connection.execute(_hashes(), {"keys": wanted} | given)
    return {(origin, machine, stream, seq): digest for origin, machine, stream, seq, digest in found}


def marks(connection: Connection, keys: Iterable[StreamKey]) -> dict[StreamKey, Any]:
    """Read the high-water marks of streams (columns upto, missing, boot)."""
    wanted = list(keys)
    if not wanted:
        return {}
    given = {"origins": [one[0] for one in wanted], "machines": [one[1] for one in wanted]}
    found = connection.execute(_marks(), {"keys": wanted} | given).all()
    return {(row.origin, row.machine, row.stream): row for row in found}


def postpone(connection: Connection, postponed: Sequence[rows.Row]) -> None:
    """Note rows whose answer waits for rows that are missing below them."""
    rows.insert_missing(connection, tables.postponed, postponed)


def postponed(connection: Connection, streams: Iterable[StreamKey]) -> list[Any]:
    """Read the rows of streams whose answer waits."""
    wanted = list(streams)
    return list(connection.execute(_postponed(), {"keys": wanted})) if wanted else []


def overdue(connection: Connection, now_ms: int, most: int = 100) -> list[Any]:
    """Read the rows whose answer has waited long enough, the longest first."""
    due = tables.postponed.c.due_ms
    wanted = select(tables.postponed).where(due <= now_ms).order_by(due).limit(most)
    return list(connection.execute(wanted))


def answered(connection: Connection, identities: Iterable[Identity]) -> None:
    """Let rows wait no longer."""
    wanted = list(identities)
    if wanted:
        connection.execute(delete(tables.postponed).where(_are(tables.postponed, wanted)))


def received_from(connection: Connection, session: str, seq: int) -> list[Any]:
    """Read what was received of a session from a row on, in order."""
    inbox = tables.inbox.c
    wanted = select(tables.inbox).where(inbox.session_id == session, inbox.seq >= seq)
    return list(connection.execute(wanted.order_by(inbox.stream, inbox.seq)))


def statuses(connection: Connection, machines: Iterable[tuple[Origin, str]]) -> dict[tuple[Origin, str], Any]:
    """Read the newest status of machines."""
    wanted = list(machines)
    if not wanted:
        return {}
    found = connection.execute(select_statuses(), {"machines": wanted}).all()
    return {(row.origin, row.machine): row for row in found}


def open_streams(connection: Connection, heard_after_ms: int) -> list[Any]:
    """Read the marks of streams with a session that is open, if the machine was heard of lately."""
    session, stream = tables.session.c, tables.stream.c
    is_open = exists().where(
        session.origin == stream.origin,
        session.machine == stream.machine,
        session.stream == stream.stream,
        session.closed_ms.is_(None),
        ~session.tallied,  # what is open never is; there is an index of these few
    )
    return list(connection.execute(select(tables.stream).where(stream.heard_ms > heard_after_ms, is_open)))


def with_open_session(connection: Connection, keys: Iterable[StreamKey]) -> set[StreamKey]:
    """Tell which of these streams have a session that is open."""
    session = tables.session.c
    key = (session.origin, session.machine, session.stream)
    is_open = (session.closed_ms.is_(None), ~session.tallied)  # what is open never is; see above
    wanted = list(keys)
    found = connection.execute(select(*key).where(among("keys", *key), *is_open), {"keys": wanted})
    return {(origin, machine, stream) for origin, machine, stream in found}


def has_work(connection: Connection, now_ms: int, taken_before_ms: int) -> bool:
    """Tell whether something is to be published, answered or tried again by whoever comes first."""
    return bool(connection.scalar(_has_work(), {"now_ms": now_ms, "stale_ms": taken_before_ms}))


def take_waiting(connection: Connection, now_ms: int, taken_before_ms: int) -> list[Any]:
    """Take it upon this process to publish what nobody has, or somebody long ago; oldest first."""
    outbox = tables.outbox
    free = connection.execute(_free(), {"stale_ms": taken_before_ms}).all()
    if free:
        ids = [row.id for row in free]
        connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(taken_ms=now_ms))
    return list(free)


def mark_published(connection: Connection, ids: Sequence[str], now_ms: int) -> None:
    """Note that the broker has these rows of the outbox; a plan, which greets, is emptied."""
    if ids:
        connection.execute(_mark_published(), {"ids": list(ids), "at_ms": now_ms})


# Building a statement costs more than running it: each is built once.
@cache
def _hashes() -> Select[Any]:
    key = tuple(tables.inbox.primary_key.columns)
    names = ("origins", "machines", "streams")
    parts = [column.in_(bindparam(name, expanding=True)) for column, name in zip(key[:3], names, strict=True)]
    whole = tuple_(*key).in_(bindparam("keys", expanding=True))
    return select(*key, tables.inbox.c.body_hash).where(*parts, whole)


def _are(table: Table, wanted: Sequence[Identity]) -> ColumnElement[bool]:
    """Select rows by identity; named by its parts as well, or SQLite goes through the whole table."""
    key = tuple(table.primary_key.columns)
    parts = [column.in_({one[place] for one in wanted}) for place, column in enumerate(key[:3])]
    return and_(*parts, tuple_(*key).in_(wanted))


@cache
def _marks() -> Select[Any]:
    """Select marks by key; named by its parts as well, or PostgreSQL goes through the whole table."""
    key = tuple(tables.stream.primary_key.columns)
    parts = (among("origins", key[0]), among("machines", key[1]))
    return select(tables.stream).where(*parts, among("keys", *key))


@cache
def _postponed() -> Select[Any]:
    key = tuple(tables.stream.primary_key.columns)
    mine = tuple(tables.postponed.c[column.name] for column in key)
    return select(tables.postponed).where(among("keys", *mine))


@cache
def _mark_published() -> Update:
    outbox = tables.outbox
    kept = case((outbox.c.topic.endswith("/down/plan"), b""), else_=outbox.c.payload)
    done = update(outbox).where(among("ids", outbox.c.id))
    return done.values(published_ms=bindparam("at_ms"), payload=kept)


@cache
def _free() -> Select[Any]:
    outbox = tables.outbox.c
    wanted = select(tables.outbox).where(_is_free()).order_by(outbox.created_ms, outbox.seq).limit(FREE_MOST)
    return wanted.with_for_update(skip_locked=True)


@cache
def _has_work() -> Select[Any]:
    is_due = exists().where(tables.postponed.c.due_ms <= bindparam("now_ms"))
    is_asked = exists().where(tables.dead_letter.c.asked_ms.is_not(None))
    return select(or_(exists().where(_is_free()), is_due, is_asked))


def _is_free() -> ColumnElement[bool]:
    outbox = tables.outbox.c
    nobody = or_(outbox.taken_ms.is_(None), outbox.taken_ms < bindparam("stale_ms"))
    return and_(outbox.published_ms.is_(None), nobody)


@cache
def select_statuses() -> Select[Any]:
    """Select the newest status of machines (origin, id)."""
    key = tuple(tables.status.primary_key.columns)
    return select(tables.status).where(among("machines", *key))
