"""Machines and dead letters for those who keep the studio running."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.insights.floor import STALE_AFTER_MS, Heard, state_of
from services.insights.units import at, at_or_none
from services.store.reading.keyset import Record, Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One machine and how it is."""

    machine: str
    name: str
    kind: str | None
    online: bool
    state: str
    firmware: str
    spool_rows: int
    seen_at: datetime | None
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that could not be read or stored, without its content."""

    id: str
    at: datetime
    topic: str
    machine: str | None
    stream: str | None
    seq: int | None
    reason: str
    detail: str
    size_bytes: int
    state: str


def machines(rows: Rows, heard: Mapping[str, Heard], now_ms: int) -> tuple[Machine, ...]:
    """List the machines; the newest word counts, stored or heard."""
    return tuple(_machine(row, heard.get(row.id), now_ms) for row in rows)


def dead_letters(rows: Rows) -> tuple[DeadLetter, ...]:
    """List dead letters."""
    return tuple(
        DeadLetter(
            id=row.id,
            at=at(row.received_ms),
            topic=row.topic,
            machine=row.machine,
            stream=row.stream,
            seq=row.seq,
            reason=row.reason,
            detail=row.detail,
            size_bytes=row.size_bytes,
            state=_letter_state(row),
        )
        for row in rows
    )


def _letter_state(row: Record) -> str:
    """Tell what became of a dead letter; the newest word counts."""
    if row.requeued_ms is not None:
        return "taken"
    if row.asked_ms is not None:
        return "asked"
    return "kept" if row.failed_ms is None else "failed"


def _machine(row: Record, heard: Heard | None, now_ms: int) -> Machine:
    status = heard.status if heard else None
    times = [time for time in (row.received_ms, heard.at_ms if heard else None) if time is not None]
    seen_ms = max(times, default=None)
    return Machine(
        machine=row.id,
        name=row.name,
        kind=row.kind,
        online=status.online if status else bool(row.online),
        state=state_of(row, heard),
        firmware=status.firmware if status else row.firmware or "",
        spool_rows=status.spool_rows if status else row.spool_rows or 0,
        seen_at=at_or_none(seen_ms),
        stale=seen_ms is None or now_ms - seen_ms > STALE_AFTER_MS,
    )
