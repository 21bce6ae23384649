"""Commands to a machine from outside of the message path: a number of the session, and a row to publish."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, update

from services.store import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A message for a machine; `seq` is its number in the session, 0 for a machine on which nobody trains."""

    id: str
    topic: str
    payload: bytes
    expiry_s: int | None
    seq: int


def allot(connection: Connection, session_id: str) -> Row[Any] | None:
    """Take the next command number of a session; None when there is no such session.

    Returns origin, machine, stream, nonce, closed_ms and seq. Holds the session's row until the transaction
    ends: call it before anything else of this person is written, as the message path does.
    """
    session = tables.session.c
    raised = (
        update(tables.session)
        .where(session.id == session_id)
        .values(commands=session.commands + 1)
        .returning(
            session.origin,
            session.machine,
            session.stream,
            session.nonce,
            session.closed_ms,
            session.commands.label("seq"),
        )
    )
    return connection.execute(raised).one_or_none()


def send(connection: Connection, command: Command, now_ms: int) -> None:
    """Put a message into the outbox; the message path publishes it after the commit, while it is fresh."""
    connection.execute(
        tables.outbox.insert().values(
            id=command.id,
            topic=command.topic,
            payload=command.payload,
            expiry_s=command.expiry_s,
            created_ms=now_ms,
            published_ms=None,
            seq=command.seq,
            taken_ms=None,
        )
    )
