"""Who works on a machine or a person keeps other workers of the message path out until the transaction ends.

Taken in this order, each kind sorted: machines, persons, the rows of sessions (`sessions.locked`). Only then
anything of a person is read. SQLite has one writer, and needs none of them.
"""

import zlib
from collections.abc import Iterable

from sqlalchemy import Connection, text

MACHINE, PERSON = 1, 2  # classes of PostgreSQL's advisory locks with two keys
_LOCK = text(
    "SELECT pg_advisory_xact_lock(:kind, name) FROM (SELECT unnest(CAST(:names AS int[])) AS name) AS wanted"
)


def machines(connection: Connection, wanted: Iterable[tuple[str, str]]) -> None:
    """Lock machines (origin, id): their streams, sessions and status are written by one worker at a time."""
    _lock(connection, MACHINE, (f"{origin}/{machine}" for origin, machine in wanted))


def persons(connection: Connection, wanted: Iterable[str]) -> None:
    """Lock persons: their visits, beliefs and alerts span sessions on several machines."""
    _lock(connection, PERSON, wanted)


def _lock(connection: Connection, kind: int, wanted: Iterable[str]) -> None:
    if connection.dialect.name != "postgresql":
        return
    names = sorted({zlib.crc32(name.encode()) - 2**31 for name in wanted})
    if names:
        connection.execute(_LOCK, {"kind": kind, "names": names})
