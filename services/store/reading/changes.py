"""What a day's signature is about: decisions that raised something, were refused, or gave way to staff.

What only came too late for its set changed nothing: it is no matter of a signature.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    case,
    desc,
    func,
    literal_column,
    or_,
    select,
)

from contract.messages import Origin
from services.store import tables
from services.store.reading.keyset import Moment, Rows, later_than

TOO_LATE = ("BASIS", "EXPIRED", "SEQ", "STATE")  # of the guard's refusals: overtaken by time


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Which decisions: of an origin, of people of some sites (None: all), of a span of time (ms)."""

    origin: Origin
    sites: Collection[str] | None
    span_ms: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many there are, and how many of them nobody has signed."""

    all: int
    open: int


def page(connection: Connection, day: Day, after: Moment | None, limit: int) -> Rows:
    """List them in the order of deciding: what one setting of each says, its reasons, and if it is signed."""
    decision = tables.decision.c
    query = _of_day(select(*_chosen()), day).order_by(decision.now_ms, decision.id).limit(limit)
    if after is not None:
        query = query.where(later_than(decision.now_ms, decision.id, after))
    return _shown(connection, query)


def among(connection: Connection, day: Day, ids: Collection[str]) -> Rows:
    """List those of some decisions that the day has, in the order of deciding."""
    return _shown(connection, _of_day(select(*_chosen()), day).where(tables.decision.c.id.in_(ids)))


def counted(connection: Connection, day: Day) -> Counted:
    """Count the decisions of a day."""
    unsigned = func.sum(case((_is_signed(), 0), else_=1))
    row = connection.execute(_of_day(select(func.count(), func.coalesce(unsigned, 0)), day)).one()
    return Counted(all=row[0], open=row[1])


def _chosen() -> tuple[ColumnElement[str], ColumnElement[str]]:
    return tables.decision.c.id, _telling_setting().label("setting_id")


def _shown(connection: Connection, query: Select[*tuple[Any, ...]]) -> Rows:
    """Show decisions with the setting that tells of each: staff's newest, a refused one, else of work."""
    decision, setting, patient = tables.decision, tables.setting, tables.patient
    chosen = query.subquery()
    shown = (
        decision.c.id,
        decision.c.session_id,
        decision.c.patient_id,
        patient.c.name,
        decision.c.kind,
        decision.c.side,
        decision.c.set_number,
        decision.c.now_ms,
        decision.c.raised,
        decision.c.why,
        decision.c.previous,
        case((setting.c.state == "refused", setting.c.reason)).label("refusal"),
        setting.c.order_id,
        setting.c.load_g,
        _is_signed().label("signed"),
    )
    found = (
        select(*shown)
        .join_from(chosen, decision, decision.c.id == chosen.c.id)
        .join(setting, setting.c.id == chosen.c.setting_id)
        .join(patient, patient.c.id == decision.c.patient_id)
        .order_by(decision.c.now_ms, decision.c.id)
    )
    return connection.execute(found).all()


def _of_day(query: Select[*tuple[Any, ...]], day: Day) -> Select[*tuple[Any, ...]]:
    """Keep the decisions that a signature is about; a telling setting is looked up through a small index."""
    decision, patient = tables.decision.c, tables.patient.c
    found = query.select_from(tables.decision).where(
        decision.origin == day.origin,
        decision.now_ms >= day.span_ms[0],
        decision.now_ms < day.span_ms[1],
        or_(decision.raised.is_not(None) & _has_setting(_counts()), _has_setting(_is_telling(), _counts())),
    )
    if day.sites is None:
        return found
    theirs = select(patient.id).where(patient.site_id.in_(day.sites))
    return found.where(decision.patient_id.in_(theirs))


def _has_setting(*wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    setting = tables.setting.c
    mine = select(setting.id).where(setting.decision_id == tables.decision.c.id, *wanted)
    return mine.correlate(tables.decision).exists()


def _is_telling() -> ColumnElement[bool]:
    """Tell whether a setting was refused or is staff's; without parameters, as the index of those has it."""
    setting = tables.setting.c
    return (setting.state == literal_column("'refused'")) | setting.order_id.is_not(None)


def _counts() -> ColumnElement[bool]:
    """Leave out what came too late, but for what staff chose."""
    return _is_not_late(tables.setting.c) | tables.setting.c.order_id.is_not(None)


def _is_not_late(setting: Any) -> ColumnElement[bool]:
    timely: ColumnElement[bool] = (setting.state != "refused") | func.coalesce(setting.reason, "").not_in(
        TOO_LATE
    )
    return timely


def _is_signed() -> ColumnElement[bool]:
    sign = tables.countersign.c
    mine = select(sign.decision_id).where(sign.decision_id == tables.decision.c.id)
    return mine.correlate(tables.decision).exists()


def _telling_setting() -> ScalarSelect[str]:
    """Pick of a decision the setting that a signature is about."""
    setting = tables.setting.alias()
    is_refused = (setting.c.state == "refused") & _is_not_late(setting.c)
    weight = (setting.c.order_id.is_not(None), is_refused, _is_not_late(setting.c), setting.c.mode == "train")
    query = select(setting.c.id).where(setting.c.decision_id == tables.decision.c.id)
    newest = query.order_by(*(desc(one) for one in weight), setting.c.seq.desc()).limit(1)
    return newest.correlate(tables.decision).scalar_subquery()
