"""What became of settings, added up by machine, week and policy: screens read the sums, never the settings.

A session is tallied when it is over, in the transaction that ends it; before one of its rows changes later
on, what it gave is taken back, and added again at the end of the same transaction. Open sessions are few, and
are counted as they are.
"""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    Update,
    bindparam,
    case,
    func,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from services.store import tables
from services.store.among import among
from services.store.pipelined import pipelined
from services.store.tables import decision, finished_set, session, setting, settings_week

WEEK_MS, MONDAY_MS = 604_800_000, 345_600_000  # of a week; Monday 5 January 1970, the first of the epoch
Machines = Collection[tuple[str, str]]  # origin and id
KEY = tuple(column.name for column in settings_week.primary_key.columns)
COUNTS = tuple(column.name for column in settings_week.columns if column.name not in KEY)


def take_back(connection: Connection, sessions: Collection[str], settings: Collection[str]) -> Machines:
    """Take back what tallied sessions gave, and the sessions of some settings; return their machines.

    Call it before the first change of their rows. They are counted again by `add` for these machines.
    """
    if not sessions and not settings:
        return ()
    found = connection.execute(_tallied(), {"sessions": list(sessions), "settings": list(settings)}).all()
    ids = [row.id for row in found]
    _move(connection, ids, is_over=False)
    return {(row.origin, row.machine) for row in found}


def add(connection: Connection, machines: Iterable[tuple[str, str]]) -> None:
    """Add the sessions of these machines that are over; the caller holds the machines."""
    wanted = sorted(set(machines))
    if not wanted:
        return
    ids = list(connection.scalars(_over(), {"machines": wanted}))
    _move(connection, ids, is_over=True)


def counted(*wanted: ColumnElement[bool]) -> Select[Any]:
    """Count what became of the settings of some sessions, by machine, week and policy."""
    week = ((setting.c.decided_ms - MONDAY_MS) // WEEK_MS).label("week")
    key = (session.c.origin, session.c.machine, week, decision.c.policy)
    joined = (
        session.join(setting, setting.c.session_id == session.c.id)
        .join(decision, decision.c.id == setting.c.decision_id)
        .outerjoin(finished_set, is_done())
    )
    return select(*key, *_counts()).select_from(joined).where(*wanted).group_by(*key)


def _counts() -> tuple[ColumnElement[int], ...]:
    is_applied = setting.c.state == "applied"
    is_narrowed = setting.c.applied_load_g < setting.c.load_g
    is_ended = finished_set.c.ended_by.in_(("too_heavy", "staff")) | setting.c.order_id.is_not(None)
    return (
        func.count().label("settings"),
        _count(is_applied).label("applied"),
        _count(setting.c.state == "refused").label("refused"),
        _count(setting.c.state == "expired").label("expired"),
        _count(is_narrowed).label("narrowed"),
        _count(finished_set.c.ended_by == "too_heavy").label("too_heavy"),
        _count(finished_set.c.ended_by == "staff").label("staff"),
        _count(is_applied & (is_narrowed | is_ended)).label("overridden"),
    )


def is_done() -> ColumnElement[bool]:
    """Find the set that was done at a setting; the index is on session and number."""
    return (
        (finished_set.c.session_id == setting.c.session_id)
        & (finished_set.c.set_number == setting.c.set_number)
        & (finished_set.c.setting_id == setting.c.id)
    )


def _count(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((wanted, 1), else_=0)), 0)


@cache
def _over() -> Select[Any]:
    """Find the sessions of some machines that are over and not tallied: there is an index of these few."""
    here = among("machines", session.c.origin, session.c.machine)
    return select(session.c.id).where(session.c.closed_ms.is_not(None), ~session.c.tallied, here)


@cache
def _tallied() -> CompoundSelect[Any]:
    """Find the tallied ones of some sessions, and of the sessions of some settings: each by its index."""
    whose = (session.c.id, session.c.origin, session.c.machine)
    named = select(*whose).where(session.c.tallied, among("sessions", session.c.id))
    joined = setting.join(session, session.c.id == setting.c.session_id)
    wanted = (session.c.tallied, among("settings", setting.c.id))
    return named.union(select(*whose).select_from(joined).where(*wanted))


def _move(connection: Connection, ids: list[str], *, is_over: bool) -> None:
    """Put sessions into the weeks, or take them out."""
    if ids:
        with pipelined(connection):
            connection.execute(_given(connection.dialect.name, 1 if is_over else -1), {"sessions": ids})
            connection.execute(_marked(), {"sessions": ids, "is_over": is_over})


@cache
def _marked() -> Update:
    wanted = among("sessions", session.c.id)
    return update(session).where(wanted).values(tallied=bindparam("is_over"))


@cache
def _given(dialect: str, sign: int) -> Any:
    """Add what sessions give to the weeks, or take it away."""
    found = counted(among("sessions", session.c.id)).subquery()
    given = select(*(found.c[name] for name in KEY), *((found.c[name] * sign).label(name) for name in COUNTS))
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(tables.settings_week)
    # SQLite takes ON of the conflict for one of a join, unless there is a WHERE between them.
    sorted_rows = given.where(true()).order_by(*(found.c[name] for name in KEY))
    statement = insert.from_select([*KEY, *COUNTS], sorted_rows)
    summed = {name: settings_week.c[name] + statement.excluded[name] for name in COUNTS}
    return statement.on_conflict_do_update(index_elements=KEY, set_=summed)
