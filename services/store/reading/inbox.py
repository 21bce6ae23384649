"""The alert inbox: alerts with whose they are and where, in the scope of who asks."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from contract.messages import Origin
from services.store.reading.keyset import Record, Rows
from services.store.tables import alert, alert_act, decision, machine, patient, staff_member

ALERTS_MOST = 500  # more than this and the list is not the problem
ANY = "any"
OF_NO_SITE = ("staff_waits",)  # raised for neither a person nor a machine, and meant for every site


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which alerts; None filters nothing. `state` any shows resolved ones too."""

    state: str = "unresolved"
    severity: str | None = None
    code: str | None = None
    patient: str | None = None
    machine: str | None = None
    assigned_to: str | None = None
    muted: bool | None = False


def listing(
    connection: Connection, origin: Origin, sites: Collection[str] | None, wanted: Wanted, now_ms: int
) -> Rows:
    """List alerts, the newest first."""
    query = _alerts().where(alert.c.origin == origin)
    if wanted.state == "unresolved":
        query = query.where(alert.c.state != "resolved")
    elif wanted.state != ANY:
        query = query.where(alert.c.state == wanted.state)
    for column, value in (
        (alert.c.severity, wanted.severity),
        (alert.c.code, wanted.code),
        (alert.c.patient_id, wanted.patient),
        (alert.c.machine, wanted.machine),
        (alert.c.assigned_to, wanted.assigned_to),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.muted is not None:
        is_muted = func.coalesce(alert.c.muted_until_ms, 0) > now_ms
        query = query.where(is_muted if wanted.muted else ~is_muted)
    if sites is not None:
        query = query.where(_is_of(sites))
    return connection.execute(query.order_by(alert.c.raised_ms.desc(), alert.c.id).limit(ALERTS_MOST)).all()


def unseen(connection: Connection, origin: Origin, sites: Collection[str] | None, now_ms: int) -> Rows:
    """List when and how severe the alerts are that nobody has acknowledged or muted: what every page asks."""
    place = (machine.c.id == alert.c.machine) & (machine.c.origin == alert.c.origin)
    joined = alert.outerjoin(patient, patient.c.id == alert.c.patient_id).outerjoin(machine, place)
    query = (
        select(alert.c.severity, alert.c.state, alert.c.raised_ms)
        .select_from(joined)
        .where(alert.c.origin == origin, alert.c.state == "open", alert.c.severity.in_(("red", "amber")))
        .where(func.coalesce(alert.c.muted_until_ms, 0) <= now_ms)
    )
    if sites is not None:
        query = query.where(_is_of(sites))
    return connection.execute(query.order_by(alert.c.raised_ms.desc()).limit(ALERTS_MOST)).all()


def one(connection: Connection, alert_id: str) -> Record | None:
    """Read one alert."""
    return connection.execute(_alerts().where(alert.c.id == alert_id)).first()


def last_act(connection: Connection, alert_id: str) -> Record | None:
    """Read the newest act on an alert that was not undone."""
    act = alert_act.c
    newest = select(alert_act).where(act.alert_id == alert_id, act.undone.is_(False))
    return connection.execute(newest.order_by(act.at_ms.desc(), act.id.desc()).limit(1)).first()


def _is_of(sites: Collection[str]) -> ColumnElement[bool]:
    """Tell whether an alert is of these sites; an account that waits has none: all are told."""
    is_nobodys = alert.c.patient_id.is_(None) & alert.c.machine.is_(None) & alert.c.code.in_(OF_NO_SITE)
    return func.coalesce(patient.c.site_id, machine.c.site_id).in_(sites) | is_nobodys


def _alerts() -> Select[Any]:
    place = (machine.c.id == alert.c.machine) & (machine.c.origin == alert.c.origin)
    same = (decision.c.session_id == alert.c.session_id) & (decision.c.now_ms == alert.c.raised_ms)
    why = select(decision.c.why).where(same).limit(1).correlate(alert).scalar_subquery().label("why")
    handler, owner = staff_member.alias("handler"), staff_member.alias("owner")
    joined = (
        alert.outerjoin(patient, patient.c.id == alert.c.patient_id)
        .outerjoin(machine, place)
        .outerjoin(handler, handler.c.id == alert.c.handled_by)
        .outerjoin(owner, owner.c.id == alert.c.assigned_to)
    )
    site = func.coalesce(patient.c.site_id, machine.c.site_id).label("site_id")
    named = ((machine, "machine_name"), (handler, "handled_name"), (owner, "assigned_name"))
    names = [table.c.name.label(label) for table, label in named]
    return select(alert, patient.c.name, site, why, *names).select_from(joined)
