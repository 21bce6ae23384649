"""The alert inbox: alerts with whose they are and where, in the scope of who asks."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Join, Select, func, literal_column, or_, select, union_all

from contract.messages import Origin
from services.store.reading.keyset import Moment, Record, Rows, older_than
from services.store.reading.plain import plain
from services.store.tables import alert, alert_act, decision, machine, patient, staff_member

ALERTS_MOST = 500  # of one page
RAISED_MOST = 5_000  # of some hours, whatever became of them
ANY, RESOLVED = "any", "resolved"
STATES = ("open", "acknowledged", RESOLVED)  # named, so that the index of states and moments is used
# What is looked for under one code: pain that was pressed, and pain that was answered.
FAMILIES: Final = {"pain": ("pain", "pain_button", "red_pain", "amber_twice")}
_NEWEST_FIRST = (alert.c.raised_ms.desc(), alert.c.id.desc())
OF_NO_SITE = ("staff_waits",)  # raised for neither a person nor a machine, and meant for every site


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which alerts; None filters nothing. `state` any shows resolved ones too; `alert`: with its like."""

    state: str = "unresolved"
    severity: str | None = None
    code: str | None = None
    patient: str | None = None
    machine: str | None = None
    alert: str | None = None
    assigned_to: str | None = None
    muted: bool | None = False

    @property
    def names(self) -> bool:
        """Tell whether a person, a machine or an alert is looked for."""
        return any(one is not None for one in (self.patient, self.machine, self.alert))


def listing(
    connection: Connection,
    origin: Origin,
    sites: Collection[str] | None,
    wanted: Wanted,
    now_ms: int,
    last: Moment | None = None,
) -> Rows:
    """List a page of alerts, the newest first; `last`: of the page before."""
    which = _wanted(origin, wanted, now_ms)
    if last is not None:
        which.append(older_than(alert.c.raised_ms, alert.c.id, last))
    chosen = _newest(which, sites).subquery()
    found = _alerts().join(chosen, chosen.c.id == alert.c.id)
    return plain(connection.execute(found.order_by(*_NEWEST_FIRST)))


def everything(
    connection: Connection, origin: Origin, sites: Collection[str] | None, wanted: Wanted, now_ms: int
) -> Rows:
    """List all alerts, page after page, the newest first."""
    pages: list[Rows] = []
    last: Moment | None = None
    while page := listing(connection, origin, sites, wanted, now_ms, last):
        pages.append(page)
        last = following(page)
        if last is None:
            break
    return list(chain.from_iterable(pages))


def following(page: Rows) -> Moment | None:
    """Say behind which alert the next page begins; None when this one is not full."""
    return Moment(at_ms=page[-1].raised_ms, id=page[-1].id) if len(page) == ALERTS_MOST else None


def raised(connection: Connection, origin: Origin, sites: Collection[str] | None, since_ms: int) -> Rows:
    """List what was raised since a moment and where, whatever became of it."""
    site = func.coalesce(patient.c.site_id, machine.c.site_id)
    shown = (alert.c.id, alert.c.code, alert.c.severity, alert.c.patient_id, alert.c.machine)
    found = select(*shown, alert.c.raised_ms, site.label("site_id")).select_from(_placed())
    recent = (alert.c.origin == origin, alert.c.state.in_(STATES), alert.c.raised_ms >= since_ms)
    here = () if sites is None else (or_(site.in_(sites), site.is_(None) & alert.c.code.in_(OF_NO_SITE)),)
    return connection.execute(found.where(*recent, *here).order_by(*_NEWEST_FIRST).limit(RAISED_MOST)).all()


def heads(connection: Connection, origin: Origin, sites: Collection[str] | None, now_ms: int) -> Rows:
    """List the alerts that are not resolved, muted or not: what each is about, without its reasons."""
    chosen = _newest(_wanted(origin, Wanted(muted=None), now_ms), sites).subquery()
    shown = (alert.c.id, alert.c.code, alert.c.patient_id, alert.c.machine, alert.c.raised_ms)
    found = select(*shown, patient.c.name, machine.c.name.label("machine_name")).select_from(_placed())
    found = found.join(chosen, chosen.c.id == alert.c.id)
    return plain(connection.execute(found.order_by(*_NEWEST_FIRST)))


def unseen(connection: Connection, origin: Origin, sites: Collection[str] | None, now_ms: int) -> Rows:
    """List when and how severe the alerts are that nobody has acknowledged or muted: what every page asks."""
    loud = alert.c.severity.in_(("red", "amber"))
    chosen = _newest([*_wanted(origin, Wanted(state="open"), now_ms), loud], sites).subquery()
    found = select(alert.c.severity, alert.c.state, alert.c.raised_ms)
    found = found.join_from(alert, chosen, chosen.c.id == alert.c.id)
    return connection.execute(found.order_by(alert.c.raised_ms.desc())).all()


def one(connection: Connection, alert_id: str) -> Record | None:
    """Read one alert."""
    return connection.execute(_alerts().where(alert.c.id == alert_id)).first()


def last_act(connection: Connection, alert_id: str) -> Record | None:
    """Read the newest act on an alert that was not undone."""
    act = alert_act.c
    newest = select(alert_act).where(act.alert_id == alert_id, act.undone.is_(False))
    return connection.execute(newest.order_by(act.at_ms.desc(), act.id.desc()).limit(1)).first()


def _wanted(origin: Origin, wanted: Wanted, now_ms: int) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [alert.c.origin == origin]
    if wanted.state not in (RESOLVED, ANY):
        found.append(alert.c.state != literal_column(f"'{RESOLVED}'"))  # as the indexes of these have it
    if wanted.state not in ("unresolved", ANY):
        found.append(alert.c.state == wanted.state)
    for column, value in (
        (alert.c.severity, wanted.severity),
        (alert.c.patient_id, wanted.patient),
        (alert.c.machine, wanted.machine),
        (alert.c.assigned_to, wanted.assigned_to),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.alert is not None:
        found.append(_is_like(wanted.alert))
    if wanted.code is not None:
        found.append(alert.c.code.in_(FAMILIES.get(wanted.code, (wanted.code,))))
    if wanted.muted is not None:
        is_muted = func.coalesce(alert.c.muted_until_ms, 0) > now_ms
        found.append(is_muted if wanted.muted else ~is_muted)
    return found


def _is_like(alert_id: str) -> ColumnElement[bool]:
    """Choose an alert and those of the same trouble: an act is meant for all of them."""
    asked = alert.alias("asked")
    same = [asked.c[name] == alert.c[name] for name in ("origin", "code", "severity")]
    whose, asked_whose = (func.coalesce(one.c.patient_id, one.c.machine) for one in (alert, asked))
    found = select(asked.c.id).where(asked.c.id == alert_id, *same)
    return found.where(whose.is_not_distinct_from(asked_whose)).exists()


def _newest(wanted: Collection[ColumnElement[bool]], sites: Collection[str] | None) -> Select[Any]:
    """Choose the newest alerts of some sites by id.

    A site has few of a chain: they are gathered from its people and machines, so that nobody reads those of
    others only to leave them out. An account that waits is of no site: all are told.
    """
    shown = select(alert.c.id, alert.c.raised_ms).where(*wanted)
    if sites is None:
        return shown.order_by(*_NEWEST_FIRST).limit(ALERTS_MOST)
    of_people = select(patient.c.id).where(patient.c.site_id.in_(sites))
    at_machines = select(machine.c.id).where(machine.c.site_id.in_(sites), machine.c.origin == alert.c.origin)
    is_nobodys = alert.c.patient_id.is_(None)
    several = union_all(
        shown.where(alert.c.patient_id.in_(of_people)),
        shown.where(is_nobodys, alert.c.machine.in_(at_machines)),
        shown.where(is_nobodys, alert.c.machine.is_(None), alert.c.code.in_(OF_NO_SITE)),
    ).subquery()
    return select(several).order_by(several.c.raised_ms.desc(), several.c.id.desc()).limit(ALERTS_MOST)


def _placed() -> Join:
    """Join alerts to whose they are and where."""
    place = (machine.c.id == alert.c.machine) & (machine.c.origin == alert.c.origin)
    return alert.outerjoin(patient, patient.c.id == alert.c.patient_id).outerjoin(machine, place)


def _alerts() -> Select[Any]:
    same = (decision.c.session_id == alert.c.session_id) & (decision.c.now_ms == alert.c.raised_ms)
    why = select(decision.c.why).where(same).limit(1).correlate(alert).scalar_subquery().label("why")
    handler, owner = staff_member.alias("handler"), staff_member.alias("owner")
    joined = (
        _placed()
        .outerjoin(handler, handler.c.id == alert.c.handled_by)
        .outerjoin(owner, owner.c.id == alert.c.assigned_to)
    )
    site = func.coalesce(patient.c.site_id, machine.c.site_id).label("site_id")
    named = ((machine, "machine_name"), (handler, "handled_name"), (owner, "assigned_name"))
    names = [table.c.name.label(label) for table, label in named]
    return select(alert, patient.c.name, site, why, *names).select_from(joined)
