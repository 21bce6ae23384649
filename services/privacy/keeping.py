"""What is kept for how long, for who runs the place: the terms, what is due, and how the last runs went."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Engine

from services.insights.units import DAY_MS, at, at_or_none
from services.privacy.retention import Old, Terms, due
from services.store import retaining

What = Literal["sign_ins", "transit", "curves", "messages", "sessions", "entries", "identity"]
TERMS: Mapping[What, str | None] = {  # what is kept, and the term that ends it; None: no term does
    "sign_ins": "sign_ins_days",
    "transit": "transit_days",
    "curves": "curves_days",
    "messages": "curves_days",
    "sessions": "sessions_days",
    "entries": "audit_days",
    "identity": None,
}
RUNS_SHOWN = 10
DUE_MOST = 10_000  # rows that are counted while somebody waits
EVERY_MS = DAY_MS  # the job is started from outside, once a day (docs/privacy.md)
GRACE_MS = DAY_MS // 12  # so much later it is late


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept for how many days, and how many rows are due; None: until somebody erases the person."""

    what: What
    term_days: float | None
    due: int | None
    is_due_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the job; without an end it did not come to it. `removed`: rows by what was kept."""

    started_at: datetime
    finished_at: datetime | None
    removed: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Everything about it; `has_usual_terms`: no run has said others yet."""

    kept: tuple[Kept, ...]
    runs: tuple[Run, ...]
    has_usual_terms: bool
    next_at: datetime | None
    is_late: bool


def keeping(engine: Engine, now_ms: int) -> Keeping:
    """Show terms, what is due by them, and the last runs."""
    with engine.connect() as connection:
        rows = retaining.newest_runs(connection, RUNS_SHOWN)
    terms = _terms(rows[0].terms) if rows else Terms()
    old = due(engine, terms, now_ms, DUE_MOST)
    next_ms = rows[0].started_ms + EVERY_MS if rows else None
    return Keeping(
        kept=tuple(_kept(what, name, terms, old) for what, name in TERMS.items()),
        runs=tuple(
            Run(started_at=at(row.started_ms), finished_at=at_or_none(row.finished_ms), removed=row.removed)
            for row in rows
        ),
        has_usual_terms=not rows,
        next_at=at_or_none(next_ms),
        is_late=next_ms is None or now_ms > next_ms + GRACE_MS,
    )


def _terms(told: Mapping[str, Any]) -> Terms:
    """Read the terms of a run; what it did not know yet is as usual."""
    known = {field.name for field in fields(Terms)}
    return Terms(**{name: days for name, days in told.items() if name in known})


def _kept(what: What, name: str | None, terms: Terms, old: Old) -> Kept:
    if name is None:
        return Kept(what=what, term_days=None, due=None, is_due_more=False)
    count = getattr(old, what)
    return Kept(what=what, term_days=getattr(terms, name), due=count, is_due_more=count >= DUE_MOST)
