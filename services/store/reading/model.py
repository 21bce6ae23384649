"""How the model does in use: sets as it saw them, challengers in shadow, and what people did against it."""

from sqlalchemy import ColumnElement, Connection, case, func, select

from contract.messages import Origin
from services.store.reading.keyset import Rows
from services.store.tables import (
    decision,
    finished_set,
    limits,
    monitored,
    patient,
    setting,
    shadow,
)

SETS_MOST = 2_000  # the newest sets that drift is judged by
SHADOWS_MOST = 2_000  # the newest decisions that a challenger is judged by
WEEK_MS, MONDAY_MS = 604_800_000, 345_600_000  # of a week; Monday 5 January 1970, the first of the epoch


def newest_sets(connection: Connection, origin: Origin, model: str) -> Rows:
    """List the newest finished sets that this model has judged."""
    return connection.execute(
        select(monitored.c.features, monitored.c.innovation, monitored.c.source, monitored.c.band_held)
        .where(monitored.c.origin == origin, monitored.c.model == model)
        .order_by(monitored.c.now_ms.desc())
        .limit(SETS_MOST)
    ).all()


def challengers(connection: Connection, origin: Origin) -> Rows:
    """List who has been in shadow, with how many decisions, the newest last."""
    return connection.execute(
        select(shadow.c.policy, shadow.c.model, func.count().label("decisions"))
        .where(shadow.c.origin == origin)
        .group_by(shadow.c.policy, shadow.c.model)
        .order_by(func.max(shadow.c.now_ms), shadow.c.policy, shadow.c.model)
    ).all()


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
        .outerjoin(finished_set, _is_done())
    ).all()


def overrides(connection: Connection, origin: Origin, since_ms: int) -> Rows:
    """Count by week and policy what was sent, what was not done as sent, and what people ended or chose."""
    week = _week(setting.c.decided_ms).label("week")
    is_narrowed = setting.c.applied_load_g < setting.c.load_g
    is_ended = finished_set.c.ended_by.in_(("too_heavy", "staff")) | setting.c.order_id.is_not(None)
    return connection.execute(
        select(
            week,
            decision.c.policy,
            func.count().label("settings"),
            _count(setting.c.state == "applied").label("applied"),
            _count(setting.c.state == "refused").label("refused"),
            _count(setting.c.state == "expired").label("expired"),
            _count(is_narrowed).label("narrowed"),
            _count(finished_set.c.ended_by == "too_heavy").label("too_heavy"),
            _count(finished_set.c.ended_by == "staff").label("staff"),
            _count((setting.c.state == "applied") & (is_narrowed | is_ended)).label("overridden"),
        )
        .join_from(setting, decision, decision.c.id == setting.c.decision_id)
        .outerjoin(finished_set, _is_done())
        .where(decision.c.origin == origin, setting.c.decided_ms >= since_ms)
        .group_by(week, decision.c.policy)
        .order_by(week, decision.c.policy)
    ).all()


def limit_changes(connection: Connection, origin: Origin, since_ms: int) -> Rows:
    """Count by week how often limits were signed anew, and how often they became narrower."""
    before = func.lag(limits.c.max_load_g).over(
        partition_by=(limits.c.patient_id, limits.c.kind), order_by=limits.c.version
    )
    signed = (
        select(limits.c.signed_ms, limits.c.version, limits.c.max_load_g, before.label("before_g"))
        .join_from(limits, patient, patient.c.id == limits.c.patient_id)
        .where(patient.c.origin == origin)
        .subquery()
    )
    week = _week(signed.c.signed_ms).label("week")
    return connection.execute(
        select(
            week,
            func.count().label("signed"),
            _count(signed.c.max_load_g < signed.c.before_g).label("narrower"),
        )
        .where(signed.c.version > 1, signed.c.signed_ms >= since_ms)
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


def _is_done() -> ColumnElement[bool]:
    """Find the set that was done at a setting; the index is on session and number."""
    return (
        (finished_set.c.session_id == setting.c.session_id)
        & (finished_set.c.set_number == setting.c.set_number)
        & (finished_set.c.setting_id == setting.c.id)
    )


def _week(at_ms: ColumnElement[int]) -> ColumnElement[int]:
    """Return the number of the week since the epoch; weeks begin on Monday (UTC)."""
    return (at_ms - MONDAY_MS) // WEEK_MS


def _count(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((wanted, 1), else_=0)), 0)
