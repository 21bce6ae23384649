"""Acting as one of the demo's staff, where nothing may be refused."""

from typing import Final

from sqlalchemy import Connection

from contract.messages import Origin
from services.office.refusal import Act, Refusal
from services.store.reading import staff

ORIGIN: Final[Origin] = "sim"
DAY_MS: Final = 86_400_000


def acting(connection: Connection, login: str, at_ms: int) -> Act:
    """Act as one of the demo's staff, at a moment."""
    row = staff.by_login(connection, login)
    if row is None:
        raise RuntimeError(f"nobody of the demo's staff signs in as {login}")
    return Act(by=row.id, name=row.name, at_ms=at_ms)


def done(answer: object) -> None:
    """Take a refusal for what it is here: a fault of the demo."""
    if isinstance(answer, Refusal):
        raise RuntimeError(f"the demo could not be laid out: {answer.what}")  # noqa: TRY004 (no wrong type: a no)
