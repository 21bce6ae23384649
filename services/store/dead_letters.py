"""Dead letters that staff want to be tried again."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Connection, exists, select, update

from services.store import tables

Asked = Literal["asked", "unknown", "cut", "done"]
TRIED_MOST = 100  # letters of one transaction
KEPT_BYTES = 64 * 1024  # of a letter; its hash covers all of it


def ask_again(connection: Connection, number: str, now_ms: int) -> Asked:
    """Ask for a letter to be handled again; the message path does it within a moment.

    `cut`: only its beginning was kept. `done`: it has been taken before.
    """
    letter = tables.dead_letter
    shown = select(letter.c.size_bytes, letter.c.requeued_ms)
    found = connection.execute(shown.where(letter.c.id == number)).one_or_none()
    if found is None:
        return "unknown"
    if found.requeued_ms is not None:
        return "done"
    if found.size_bytes > KEPT_BYTES:
        return "cut"
    connection.execute(update(letter).where(letter.c.id == number).values(asked_ms=now_ms))
    return "asked"


def is_any_asked(connection: Connection) -> bool:
    """Tell whether a letter is to be handled again."""
    return bool(connection.scalar(select(exists().where(tables.dead_letter.c.asked_ms.is_not(None)))))


def asked(connection: Connection) -> Sequence[Any]:
    """Read the letters that are to be handled again, and keep other workers from them."""
    letter = tables.dead_letter.c
    wanted = select(tables.dead_letter).where(letter.asked_ms.is_not(None)).order_by(letter.asked_ms)
    return connection.execute(wanted.limit(TRIED_MOST).with_for_update(skip_locked=True)).all()


def tried(connection: Connection, number: str, now_ms: int, *, is_taken: bool) -> None:
    """Note how it went."""
    letter = tables.dead_letter
    result = {"requeued_ms": now_ms} if is_taken else {"failed_ms": now_ms}
    connection.execute(update(letter).where(letter.c.id == number).values(asked_ms=None, **result))
