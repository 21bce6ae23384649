"""What excludes a person from machines, and what of it the plan reads. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from contract.machines import catalogue as machines
from services.coaching.history import EVERY_KIND, UNTIL_CLEARED
from services.office import exercises
from services.office.conditions import Condition, catalogue

MS = 1_000  # milliseconds in a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A condition as it was told; `since_day` is the date of the operation, the birth, ..."""

    condition: str
    since_day: date | None = None
    note: str = ""


def ends_ms(condition: Condition, since_day: date | None) -> int | None:
    """Tell when a condition ends by itself; None when a clinician has to clear it."""
    if condition.weeks is None or since_day is None:
        return None
    end = since_day + timedelta(weeks=condition.weeks)
    return int(datetime(end.year, end.month, end.day, tzinfo=UTC).timestamp() * MS)


def is_open(entry: Any, now_ms: int) -> bool:
    """Tell whether a stored entry still excludes."""
    return entry.cleared_ms is None and (entry.ends_ms is None or now_ms < entry.ends_ms)


def closes_now(told: Entry, now_ms: int) -> tuple[str, ...]:
    """Name the machine kinds on which nobody goes on training who was just told to have a condition."""
    condition = catalogue()[told.condition]
    until_ms = ends_ms(condition, told.since_day)
    if until_ms is not None and until_ms <= now_ms:
        return ()
    return (EVERY_KIND,) if condition.emergency else condition.closes


def flags(before: Mapping[str, Any], entries: Sequence[Any]) -> dict[str, Any]:
    """Return a patient's flags with what all stored entries say; a mark that no entry speaks of stays."""
    waiting = [entry for entry in entries if entry.cleared_ms is None]
    closed: dict[str, int] = {}
    for entry in waiting:
        for station in (*catalogue()[entry.condition].closes, *_guided(entry.condition)):
            closed[station] = _later(closed.get(station), entry.ends_ms or UNTIL_CLEARED)
    marked = {catalogue()[entry.condition].marks for entry in entries} - {None}
    standing = {catalogue()[entry.condition].marks for entry in waiting}
    return {**before, "excluded": closed} | {str(mark): mark in standing for mark in marked}


def _guided(condition: str) -> tuple[str, ...]:
    """Name the guided stations that a condition closes."""
    return tuple(one.name for one in exercises.catalogue().values() if condition in one.closed_by)


def closed_kinds(entries: Iterable[Any], now_ms: int) -> tuple[str, ...]:
    """Name the machine kinds that are closed now, in the order of the catalogue."""
    names = {
        name for entry in entries if is_open(entry, now_ms) for name in catalogue()[entry.condition].closes
    }
    return tuple(kind for kind in machines() if kind in names or EVERY_KIND in names)


def _later(one: int | None, other: int) -> int:
    """Return the later of two ends; what ends only when it is cleared ends last."""
    if one is None:
        return other
    return UNTIL_CLEARED if UNTIL_CLEARED in (one, other) else max(one, other)
