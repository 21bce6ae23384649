"""Messages that could not be read or stored, kept until somebody decides."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.client import Client, Failure, Order, path


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """One message that was put aside; its content is not shown."""

    id: str
    at: datetime
    topic: str
    machine: str | None
    reason: str
    detail: str
    size_bytes: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterPage:
    """One page of them, newest first; `next` is the cursor of the following one."""

    items: tuple[DeadLetter, ...]
    next: str | None


def list_dead_letters(client: Client, limit: int) -> DeadLetterPage | Failure:
    """Ask for the newest messages that were put aside."""
    return client.get("/v1/dead-letters", DeadLetterPage, limit=limit)


def requeue_dead_letter(client: Client, letter: str) -> Failure | None:
    """Have a message tried once more."""
    return client.do(Order(path=path("/v1/dead-letters/{}/requeue", letter)))
