"""The first answer to a request, kept for a day: what comes again is answered with it, and done once."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from services.store import rows
from services.store.tables import first_answer

KEPT_MS = 86_400_000  # a day: longer than any client tries again


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Whose request it is, the key that its sender gave it, and what it asks for (SHA-256, hex)."""

    actor: str
    key: str
    request_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """What came first under a key; `status` None: done, and the answer was lost on its way."""

    is_same: bool
    status: int | None
    answer: str | None


def claim(connection: Connection, wanted: Claim, now_ms: int) -> First | None:
    """Take a key in the transaction of what is to be done; returns what came first, or None when nothing did.

    PostgreSQL waits here for another transaction with the same key: of two at once one finds the other.
    """
    table = first_answer.c
    connection.execute(delete(first_answer).where(table.made_ms < now_ms - KEPT_MS))
    row = {"actor": wanted.actor, "key": wanted.key, "request_hash": wanted.request_hash, "made_ms": now_ms}
    if rows.insert_returning(connection, first_answer, [row]):
        return None
    found = connection.execute(
        select(table.request_hash, table.status, table.answer).where(
            table.actor == wanted.actor, table.key == wanted.key
        )
    ).one()
    return First(is_same=found.request_hash == wanted.request_hash, status=found.status, answer=found.answer)


def keep(connection: Connection, wanted: Claim, status: int, answer: str) -> None:
    """Keep what was answered."""
    table = first_answer.c
    connection.execute(
        update(first_answer)
        .where(table.actor == wanted.actor, table.key == wanted.key)
        .values(status=status, answer=answer)
    )


def forget_all(connection: Connection) -> None:
    """Forget every answer: somebody's record is erased, and an answer may have held a part of it."""
    connection.execute(delete(first_answer))
