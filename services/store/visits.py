"""What a visit leaves behind: read before every later session of the same studio day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, select

from services.store import tables
from services.store.among import among

BAD = ("pain", "unwell")  # as an event, and as what ended a set


@dataclass(slots=True, kw_only=True)
class Trouble:
    """Whether a person reported pain or felt unwell in a visit, and the worst pain of its sets (NRS)."""

    was_reported: bool = False
    worst_nrs: int = 0


def troubles(connection: Connection, visits: Iterable[str]) -> dict[str, Trouble]:
    """Read the troubles of visits, by visit."""
    found: defaultdict[str, Trouble] = defaultdict(Trouble)
    asked = {"ids": list(visits)}
    if not asked["ids"]:
        return found
    for (visit,) in connection.execute(_events(), asked):
        found[visit].was_reported = True
    for visit, ended_by, pain in connection.execute(_sets(), asked):
        trouble = found[visit]
        trouble.was_reported = trouble.was_reported or ended_by in BAD
        trouble.worst_nrs = max(trouble.worst_nrs, pain or 0)
    return found


def trained_ms(connection: Connection, visits: Iterable[str]) -> dict[str, dict[str, int]]:
    """Read how long each visit was trained in, by visit and machine (ms).

    A session counts from the beginning of its first set to the end of its last one, rests included.
    """
    asked = {"ids": list(visits)}
    spans: dict[tuple[str, str, str], tuple[float, float]] = {}
    for visit, machine, session, ended_ms, duration_s in (
        connection.execute(_set_times(), asked) if asked["ids"] else ()
    ):
        first_ms, last_ms = spans.get((visit, machine, session), (ended_ms, ended_ms))
        began_ms = ended_ms - duration_s * 1_000
        spans[visit, machine, session] = min(first_ms, began_ms), max(last_ms, ended_ms)
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (visit, machine, _), (first_ms, last_ms) in spans.items():
        found[visit][machine] = found[visit].get(machine, 0) + round(last_ms - first_ms)
    return found


@cache
def _events() -> Select[Any]:
    session, event = tables.session, tables.event
    joined = session.join(event, event.c.session_id == session.c.id)
    return (
        select(session.c.visit_id)
        .select_from(joined)
        .where(among("ids", session.c.visit_id), event.c.what.in_(BAD))
        .distinct()
    )


@cache
def _sets() -> Select[Any]:
    session, done = tables.session, tables.finished_set
    joined = session.join(done, done.c.session_id == session.c.id)
    return (
        select(session.c.visit_id, done.c.ended_by, done.c.pain_set)
        .select_from(joined)
        .where(among("ids", session.c.visit_id))
    )


@cache
def _set_times() -> Select[Any]:
    session, done = tables.session, tables.finished_set
    joined = session.join(done, done.c.session_id == session.c.id)
    return (
        select(session.c.visit_id, session.c.machine, session.c.id, done.c.wall_ms, done.c.duration_s)
        .select_from(joined)
        .where(among("ids", session.c.visit_id))
    )
