"""Decisions as they were logged: the exact bytes of question and answer, in the order of studio time."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from services.store.tables import decision

PAGE = 200  # rows fetched at once: a request holds a whole session


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedDecision:
    """One row of the log, unpacked; empty bytes where what is stored cannot be unpacked."""

    id: str
    software: str
    request: bytes
    answer: bytes


def between(connection: Connection, from_ms: int, until_ms: int) -> Iterator[LoggedDecision]:
    """Read the decisions of a stretch of studio time, oldest first."""
    query = (
        select(decision.c.id, decision.c.software, decision.c.request, decision.c.answer)
        .where(decision.c.now_ms >= from_ms, decision.c.now_ms < until_ms)
        .order_by(decision.c.now_ms, decision.c.id)
    )
    for row in connection.execute(query.execution_options(yield_per=PAGE)):
        yield LoggedDecision(
            id=row.id,
            software=row.software,
            request=unpacked(row.request),
            answer=unpacked(row.answer),
        )


def newest_ms(connection: Connection) -> int | None:
    """Tell when the newest decision was made (studio time); None before the first."""
    newest: int | None = connection.execute(select(func.max(decision.c.now_ms))).scalar_one()
    return newest


def unpacked(stored: bytes) -> bytes:
    """Unpack logged bytes; nothing when they are damaged: the reader then says what is missing."""
    try:
        return zlib.decompress(stored)
    except zlib.error:
        return b""
