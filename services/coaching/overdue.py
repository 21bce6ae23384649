"""Rows that have waited long enough: they are answered, and the model abstains where rows are missing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from services.coaching import receive
from services.coaching.desk import Desk, Outcome
from services.coaching.handle import merged, worked
from services.coaching.receive import Received
from services.store import locks, sessions, wire
from services.store.ledger import Ledger
from services.store.wire import StreamKey


def answer_overdue(connection: Connection, desk: Desk, now_ms: int) -> Outcome:
    """Answer what is due inside the caller's transaction; a stream on which this fails waits no more.

    Raises OperationalError or InterfaceError when the database fails.
    """
    streams = _streams(wire.overdue(connection, now_ms))
    locks.machines(connection, ((origin, machine) for origin, machine, _ in streams))
    locks.persons(connection, _persons(connection, streams))  # of all streams at once, so in their order
    answered: list[Outcome] = []
    for stream in streams:
        try:
            with connection.begin_nested():
                answered.append(_answered(connection, desk, stream, now_ms))
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # any bug must hit its own stream only; its facts are stored
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            wire.answered(connection, _waiting(connection, stream))
    return merged(answered)


def _answered(connection: Connection, desk: Desk, stream: StreamKey, now_ms: int) -> Outcome:
    ledger, received = Ledger(now_ms), Received()
    receive.load_marks(received, connection, [stream])
    received.gapped.add(stream)
    batch = worked(received, connection, desk, ledger)
    ledger.flush(connection)
    return Outcome(outgoing=tuple(batch.outgoing), traces=tuple(batch.traces))


def _waiting(connection: Connection, stream: StreamKey) -> list[wire.Identity]:
    """Name the rows of a stream that wait."""
    return [(row.origin, row.machine, row.stream, row.seq) for row in wire.postponed(connection, [stream])]


def _persons(connection: Connection, streams: Iterable[StreamKey]) -> set[str]:
    """Name the persons whose rows wait on these streams."""
    waiting = {row.session_id for row in wire.postponed(connection, streams)}
    return {row["patient_id"] for row in sessions.sessions(connection, waiting).values()} - {None}


def _streams(rows: Sequence[Any]) -> Mapping[StreamKey, None]:
    return dict.fromkeys(sorted((row.origin, row.machine, row.stream) for row in rows))
