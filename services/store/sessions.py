"""Read sessions and everything that happened in them, for many sessions at once."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    exists,
    or_,
    select,
    update,
)

from services.store import rows, tables
from services.store.among import among
from services.store.together import Questions, together

_FACTS: tuple[Table, ...] = (
    tables.setting,
    tables.rep,
    tables.finished_set,
    tables.answer,
    tables.receipt,
    tables.event,
    tables.belief,
    tables.alert,
    tables.staff_order,
    tables.test_result,
)
_TOLD = (*_FACTS, tables.visit)
SESSION_CLOSED = "SESSION_CLOSED"  # why a setting expired that no receipt has answered
_LEFT_OUT = {  # large or secret, and no decision looks at them
    "rep": ("curve",),
    "setting": ("signed",),
    "staff_order": ("reason", "by_name"),
}


def sessions(connection: Connection, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Read the rows of sessions, by id, without their frames."""
    wanted = list(ids)
    if not wanted:
        return {}
    found = connection.execute(_without_frames(), {"ids": wanted})
    return {row["id"]: dict(row) for row in found.mappings().all()}


def locked(connection: Connection, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Read the whole rows of sessions, and keep other writers of commands out until the transaction ends."""
    if not ids:
        return []
    return [dict(row) for row in connection.execute(_locked(), {"ids": list(ids)}).mappings().all()]


def facts(
    connection: Connection, filed_ms: Mapping[str, int], visits: Iterable[str] = ()
) -> dict[str, list[Any]]:
    """Read all that happened in sessions, and some visits, in one statement; by table name.

    `filed_ms`: by session, under which its reps are filed: the months of others are not opened.
    """
    if not filed_ms:
        return {table.name: [] for table in _TOLD}
    wanted = {
        "ids": list(filed_ms),
        "visits": list(visits),
        "filed_from": min(filed_ms.values()),
        "filed_to": max(filed_ms.values()),
    }
    found = together(connection, _told(), wanted)
    return {table.name: rows for table, rows in zip(_TOLD, found, strict=True)}


def close_others(connection: Connection, opened: Sequence[rows.Row]) -> None:
    """Close what is still open on a machine when a new session opens (origin, machine, id, opened_ms)."""
    connection.execute(_close_others(), list(opened))


def expire_unanswered(connection: Connection, machines: Sequence[rows.Row]) -> None:
    """Let settings of closed sessions that no receipt ever answered expire (rows: on_origin, on_machine)."""
    if machines:
        connection.execute(_expire_unanswered(), list(machines))


def later_beliefs(connection: Connection, ids: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """Name by session and side the later sessions of the person on such machines, oldest first."""
    later: dict[tuple[str, str], list[str]] = {}
    for row in connection.execute(_later_beliefs(), {"ids": list(ids)}):
        later.setdefault((row.session_id, row.side), []).append(row.later_id)
    return later


def belief_before(connection: Connection, session: str, side: str) -> dict[str, Any] | None:
    """Read what was believed of a side when a session began; None when nothing was."""
    found: dict[str, Any] | None = connection.scalar(_belief_before(), {"id": session, "side": side})
    return found


@cache
def _close_others() -> Update:
    session = tables.session
    return (
        update(session)
        .where(
            session.c.origin == bindparam("on_origin"),
            session.c.machine == bindparam("on_machine"),
            session.c.closed_ms.is_(None),
            ~session.c.tallied,  # what is open never is; there is an index of these few
            session.c.id != bindparam("new_id"),
            session.c.opened_ms < bindparam("at_ms"),
        )
        .values(closed_ms=bindparam("at_ms"))
    )


@cache
def _expire_unanswered() -> Update:
    session, setting = tables.session.c, tables.setting
    is_closed = exists().where(
        session.id == setting.c.session_id,
        session.origin == bindparam("on_origin"),
        session.machine == bindparam("on_machine"),
        session.closed_ms.is_not(None),
    )
    return (
        update(setting)
        .where(or_(setting.c.state == "pending", setting.c.state == "proposed"), is_closed)
        .values(state="expired", reason=SESSION_CLOSED)
    )


# Building a statement costs more than running it: each is built once.
@cache
def _later_beliefs() -> Select[Any]:
    mine, later = tables.belief.alias("mine"), tables.belief.alias("later")
    return (
        select(mine.c.session_id, mine.c.side, later.c.session_id.label("later_id"))
        .where(among("ids", mine.c.session_id), _are_of_one_side(mine, later))
        .where(later.c.opened_ms > mine.c.opened_ms)
        .order_by(later.c.opened_ms, later.c.session_id)
    )


@cache
def _belief_before() -> Select[Any]:
    mine, before = tables.belief.alias("mine"), tables.belief.alias("before")
    return (
        select(before.c.latest)
        .where(mine.c.session_id == bindparam("id"), mine.c.side == bindparam("side"))
        .where(_are_of_one_side(mine, before), before.c.opened_ms < mine.c.opened_ms)
        .order_by(before.c.opened_ms.desc())
        .limit(1)
    )


def _are_of_one_side(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    names = ("patient_id", "kind", "side")
    return and_(*(one.c[name] == other.c[name] for name in names))


@cache
def _of_sessions(table: Table) -> Select[Any]:
    columns = [column for column in table.columns if column.name not in _LEFT_OUT.get(table.name, ())]
    wanted = among("ids", table.c.session_id)
    made = (table.c.made_ms,) if table is tables.staff_order else ()
    found = select(*columns).where(wanted).order_by(*made, *table.primary_key.columns)
    if table is not tables.rep:
        return found
    return found.where(tables.rep.c.filed_ms.between(bindparam("filed_from"), bindparam("filed_to")))


@cache
def _without_frames() -> Select[Any]:
    session = tables.session.c
    columns = [column for column in session if column.name != "frame"]
    return select(*columns).where(among("ids", session.id))


@cache
def _locked() -> Select[Any]:
    session = tables.session
    wanted = among("ids", session.c.id)
    return select(session).where(wanted).order_by(session.c.id).with_for_update()


@cache
def _told() -> Questions:
    visit = tables.visit
    return *map(_of_sessions, _FACTS), select(visit).where(among("visits", visit.c.id))
