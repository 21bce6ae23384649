"""What the bus does with the store, one transaction each; runs in its thread."""

from collections.abc import Sequence
from typing import Any, Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from contract import topics
from services.coaching import (
    Delivery,
    Desk,
    Outcome,
    Outgoing,
    StreamAck,
    answer_overdue,
    handle,
    merged,
    take_back,
)
from services.coaching.mark import mark_of
from services.store import dead_letters, wire
from services.store import engine as store

LEASE_MS: Final = 2_000  # what another process took to publish, and has not by then, is free again

log = structlog.get_logger(__name__)


def handle_batch(
    engine: Engine, desk: Desk, deliveries: Sequence[Delivery], published: Sequence[str], now_ms: int
) -> Outcome:
    """Handle a batch of messages; `published`: rows of the outbox that the broker took since."""
    with store.writing(engine) as connection:
        wire.mark_published(connection, published, now_ms)
        return handle(deliveries, connection, desk, now_ms)


def look(engine: Engine, desk: Desk, published: Sequence[str], now_ms: int) -> Outcome:
    """Do what others have left in the store: messages to publish, letters to try again, answers that are due.

    What is too old to be published counts as published. Letters have a transaction of their own: they lock
    machines, and so must not come after the persons and sessions of answers that are due.
    """
    free_before_ms = now_ms - LEASE_MS
    with engine.connect() as connection:
        if not published and not wire.has_work(connection, now_ms, free_before_ms):
            return Outcome()
    with store.writing(engine) as connection:
        wire.mark_published(connection, published, now_ms)  # first: or they are taken to be sent again
        waiting = wire.take_waiting(connection, now_ms, free_before_ms)
        fresh_ms = now_ms - topics.COMMAND_EXPIRY_S * 1_000
        wire.mark_published(connection, [row.id for row in waiting if row.created_ms <= fresh_ms], now_ms)
        answered = answer_overdue(connection, desk, now_ms)
        has_letters = dead_letters.is_any_asked(connection)
    fresh = tuple(_outgoing(row) for row in waiting if row.created_ms > fresh_ms)
    tried = _try_letters(engine, desk, now_ms) if has_letters else Outcome()
    return merged([Outcome(outgoing=fresh), answered, tried])


def _try_letters(engine: Engine, desk: Desk, now_ms: int) -> Outcome:
    """Try letters again; whatever fails, they stay asked, and what is committed by then is told."""
    try:
        with store.writing(engine) as connection:
            return take_back(connection, desk, now_ms)
    except Exception as error:  # noqa: BLE001 - a letter must not stop the messages
        is_outage = isinstance(error, (OperationalError, InterfaceError))
        (log.warning if is_outage else log.error)("letters wait", error=type(error).__name__)
        return Outcome()


def open_streams(engine: Engine, heard_after_ms: int) -> list[StreamAck]:
    """Say what is committed of every stream with an open session; the stream heard last is the one in use."""
    with engine.connect() as connection:
        rows = wire.open_streams(connection, heard_after_ms)
    return [
        StreamAck(origin=row.origin, machine=row.machine, ack=mark_of(row).ack(row.stream), session_open=True)
        for row in sorted(rows, key=lambda row: row.heard_ms)
    ]


def _outgoing(row: Any) -> Outgoing:
    return Outgoing(id=row.id, topic=row.topic, payload=row.payload, expiry_s=row.expiry_s)
