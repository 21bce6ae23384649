"""What a visit leaves behind: read before every later session of the same studio day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, select

from services.store import tables
from services.store.among import among
from services.store.together import Questions, together

BAD = ("pain", "unwell")  # as an event, and as what ended a set


@dataclass(slots=True, kw_only=True)
class Trouble:
    """Whether a person reported pain or felt unwell in a visit, and the worst pain of its sets (NRS)."""

    was_reported: bool = False
    worst_nrs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What some visits have left behind, by visit."""

    troubles: Mapping[str, Trouble]
    trained_ms: Mapping[str, Mapping[str, int]]  # and by machine


def left(connection: Connection, visits: Iterable[str], today: Iterable[str]) -> Left:
    """Read the troubles of visits, and how long those of `today` were trained in."""
    asked = {"ids": list(visits), "today": list(today)}
    if not asked["ids"]:
        return Left(troubles={}, trained_ms={})
    events, sets, times = together(connection, _questions(), asked)
    return Left(troubles=_troubles(events, sets), trained_ms=_trained_ms(times))


def _troubles(events: Iterable[Any], sets: Iterable[Any]) -> dict[str, Trouble]:
    found: defaultdict[str, Trouble] = defaultdict(Trouble)
    for row in events:
        found[row.visit_id].was_reported = True
    for row in sets:
        trouble = found[row.visit_id]
        trouble.was_reported = trouble.was_reported or row.ended_by in BAD
        trouble.worst_nrs = max(trouble.worst_nrs, row.pain_set or 0)
    return found


def _trained_ms(times: Iterable[Any]) -> dict[str, dict[str, int]]:
    """Add up a visit by machine: a session counts from its first set's beginning to its last one's end."""
    spans: dict[tuple[str, str, str], tuple[float, float]] = {}
    for row in times:
        key, ended_ms = (row.visit_id, row.machine, row.id), row.wall_ms
        first_ms, last_ms = spans.get(key, (ended_ms, ended_ms))
        began_ms = ended_ms - row.duration_s * 1_000
        spans[key] = min(first_ms, began_ms), max(last_ms, ended_ms)
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (visit, machine, _), (first_ms, last_ms) in spans.items():
        found[visit][machine] = found[visit].get(machine, 0) + round(last_ms - first_ms)
    return found


@cache
def _questions() -> Questions:
    return _events(), _sets(), _set_times()


def _events() -> Select[Any]:
    session, event = tables.session, tables.event
    joined = session.join(event, event.c.session_id == session.c.id)
    return (
        select(session.c.visit_id)
        .select_from(joined)
        .where(among("ids", session.c.visit_id), event.c.what.in_(BAD))
        .distinct()
    )


def _sets() -> Select[Any]:
    session, done = tables.session, tables.finished_set
    joined = session.join(done, done.c.session_id == session.c.id)
    return (
        select(session.c.visit_id, done.c.ended_by, done.c.pain_set)
        .select_from(joined)
        .where(among("ids", session.c.visit_id))
    )


def _set_times() -> Select[Any]:
    session, done = tables.session, tables.finished_set
    joined = session.join(done, done.c.session_id == session.c.id)
    return (
        select(session.c.visit_id, session.c.machine, session.c.id, done.c.wall_ms, done.c.duration_s)
        .select_from(joined)
        .where(among("today", session.c.visit_id))
    )
