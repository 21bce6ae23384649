"""How the model does in use: sets as it saw them, challengers in shadow, and what people did against it."""

from sqlalchemy import ColumnElement, Connection, case, func, select, true, tuple_

from contract.messages import Origin
from services.access import EVERYTHING, Scope
from services.store import tally
from services.store.reading.keyset import Record, Rows
from services.store.tables import (
    finished_set,
    limits,
    machine,
    monitored,
    patient,
    session,
    setting,
    settings_week,
    shadow,
)
from services.store.tally import MONDAY_MS, WEEK_MS

SETS_MOST = 2_000  # the newest sets that drift is judged by
SHADOWS_MOST = 2_000  # the newest decisions that a challenger is judged by


def newest_sets(connection: Connection, origin: Origin, model: str) -> Rows:
    """List the newest finished sets that this model has judged."""
    return connection.execute(
        select(monitored.c.features, monitored.c.innovation, monitored.c.source, monitored.c.band_held)
        .where(monitored.c.origin == origin, monitored.c.model == model)
        .order_by(monitored.c.now_ms.desc())
        .limit(SETS_MOST)
    ).all()


def challengers(connection: Connection, origin: Origin) -> list[Record]:
    """List who has been in shadow (`policy`, `model`, `last_ms`), the newest last, one after the other."""
    name = (shadow.c.policy, shadow.c.model)
    mine = select(*name, shadow.c.now_ms.label("last_ms")).where(shadow.c.origin == origin)
    newest = mine.order_by(*(column.desc() for column in name), shadow.c.now_ms.desc()).limit(1)
    found, one = list[Record](), connection.execute(newest).first()
    while one is not None:
        found.append(one)
        others = newest.where(tuple_(*name) < tuple_(one.policy, one.model))
        one = connection.execute(others).first()
    return sorted(found, key=lambda row: (row.last_ms, row.policy, row.model))


def shadows(connection: Connection, origin: Origin, policy: str, model: str) -> Rows:
    """List the newest decisions of a challenger with what the set at the champion's dose then showed."""
    newest = (
        select(*(column for column in shadow.c if column.name != "answer"))
        .where(shadow.c.origin == origin, shadow.c.policy == policy, shadow.c.model == model)
        .order_by(shadow.c.now_ms.desc(), shadow.c.decision_id)
        .limit(SHADOWS_MOST)
        .subquery()
    )
    return connection.execute(
        select(*newest.c, finished_set.c.ended_by, finished_set.c.rir)
        .outerjoin_from(newest, setting, _is_leading(newest.c.decision_id))
        .outerjoin(finished_set, tally.is_done())
    ).all()


def overrides(connection: Connection, origin: Origin, since_ms: int, scope: Scope = EVERYTHING) -> Rows:
    """Count by week and policy what was sent, what was not done as sent, and what people ended or chose.

    Sums of sessions that are over, and the settings of those that are open; of machines in the scope.
    """
    first = (since_ms - MONDAY_MS) // WEEK_MS
    here = _of_machines(settings_week.c.origin, settings_week.c.machine, scope)
    over = select(settings_week).where(settings_week.c.origin == origin, settings_week.c.week >= first, here)
    now = tally.counted(
        session.c.origin == origin,
        ~session.c.tallied,
        _week(setting.c.decided_ms) >= first,  # of the week: the moment's index has twelve weeks of settings
        _of_machines(session.c.origin, session.c.machine, scope),
    )
    both = over.union_all(now).subquery().c
    return connection.execute(
        select(both.week, both.policy, *(func.sum(both[name]).label(name) for name in tally.COUNTS))
        .group_by(both.week, both.policy)
        .order_by(both.week, both.policy)
    ).all()


def limit_changes(connection: Connection, origin: Origin, since_ms: int) -> Rows:
    """Count by week how often limits were signed anew, and how often they became narrower."""
    before = limits.alias("before")
    week = _week(limits.c.signed_ms).label("week")
    is_same = (before.c.patient_id == limits.c.patient_id) & (before.c.kind == limits.c.kind)
    return connection.execute(
        select(
            week,
            func.count().label("signed"),
            _count(limits.c.max_load_g < before.c.max_load_g).label("narrower"),
        )
        .join_from(limits, before, is_same & (before.c.version == limits.c.version - 1))
        .join(patient, patient.c.id == limits.c.patient_id)
        .where(patient.c.origin == origin, limits.c.signed_ms >= since_ms)
        .group_by(week)
        .order_by(week)
    ).all()


def _is_leading(decision_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Pick of a decision the work setting that was sent first."""
    other = setting.alias()
    first = (
        select(func.min(other.c.seq))
        .where(other.c.decision_id == decision_id, other.c.mode == "train")
        .scalar_subquery()
    )
    return (setting.c.decision_id == decision_id) & (setting.c.mode == "train") & (setting.c.seq == first)


def _of_machines(origin: ColumnElement[str], name: ColumnElement[str], scope: Scope) -> ColumnElement[bool]:
    if scope.sites is None:
        return true()
    mine = select(machine.c.origin, machine.c.id).where(machine.c.site_id.in_(scope.sites))
    return tuple_(origin, name).in_(mine)


def _week(at_ms: ColumnElement[int]) -> ColumnElement[int]:
    """Return the number of the week since the epoch; weeks begin on Monday (UTC)."""
    return (at_ms - MONDAY_MS) // WEEK_MS


def _count(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((wanted, 1), else_=0)), 0)
