"""What is kept for how long, and how the job that takes it away has run."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.client import Client, Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept for how many days, and how many rows are due; None: until the person is erased."""

    what: str
    term_days: float | None
    due: int | None
    is_due_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRun:
    """One run of the job; without an end it did not come to it."""

    started_at: datetime
    finished_at: datetime | None
    removed: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Terms, what is due, and the last runs, newest first."""

    kept: tuple[Kept, ...]
    runs: tuple[RetentionRun, ...]
    has_usual_terms: bool
    next_at: datetime | None
    is_late: bool


def read_retention(client: Client) -> Retention | Failure:
    """Ask what is kept for how long."""
    return client.get("/v1/retention", Retention)
