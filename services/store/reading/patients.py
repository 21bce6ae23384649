"""Patients: the list, one person, limits, and the doses in force."""

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, func, select

from contract.messages import Origin
from services.access import EVERYTHING, Scope
from services.store.reading import alerts, names, settings
from services.store.reading.keyset import Label, Record, Rows
from services.store.tables import limits, patient, session, site, visit


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRows:
    """What the lines of a few patients are drawn from."""

    patients: Rows
    visits: Rows
    limits: Rows
    alerts: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class StationRows:
    """What the stations of one patient are drawn from."""

    sessions: Rows
    settings: Rows


def lines(connection: Connection, patients: Rows) -> ListRows:
    """Read what the lines of these patients need."""
    ids = [row.id for row in patients]
    return ListRows(
        patients=patients,
        visits=visits(connection, ids),
        limits=signed_limits(connection, ids),
        alerts=alerts.of_patients(connection, ids),
    )


def stations(connection: Connection, patient_id: str) -> StationRows:
    """Read the newest session of each kind with its work settings."""
    sessions = newest_sessions(connection, patient_id)
    return StationRows(sessions=sessions, settings=settings.of_work(connection, [row.id for row in sessions]))


def page(
    connection: Connection,
    origin: Origin,
    search: str,
    after: Label | None,
    limit: int,
    scope: Scope = EVERYTHING,
) -> Rows:
    """List patients by name whose name or code contains the text, without who comes no more."""
    wanted, last = search.casefold(), (after.name, after.id) if after is not None else ("", "")
    people = names.everybody(connection, origin, scope)
    following = islice(people, bisect_right(people, last, key=lambda one: (one.name, one.id)), None)
    found = (one.id for one in following if one.archived_ms is None and wanted in one.folded)
    places = list(islice(found, limit))
    rows = connection.execute(select(patient).where(patient.c.id.in_(places))).all()
    return sorted(rows, key=lambda row: places.index(row.id))


def one(connection: Connection, patient_id: str, origin: Origin) -> Record | None:
    """Read one patient with the zone of the site (`zone`); None when there is none of this id and origin."""
    query = select(patient, site.c.time_zone.label("zone")).join_from(patient, site)
    return connection.execute(
        query.where(patient.c.id == patient_id, patient.c.origin == origin)
    ).one_or_none()


def visits(connection: Connection, patient_ids: Collection[str]) -> Rows:
    """Count the visits of each patient and tell when the last one was."""
    return connection.execute(
        select(
            visit.c.patient_id,
            func.count().label("visits"),
            func.max(visit.c.started_ms).label("last_ms"),
        )
        .where(visit.c.patient_id.in_(patient_ids))
        .group_by(visit.c.patient_id)
    ).all()


def signed_limits(connection: Connection, patient_ids: Collection[str]) -> Rows:
    """List the newest version of the limits of each patient and kind."""
    newest = (
        select(limits.c.patient_id, limits.c.kind, func.max(limits.c.version).label("version"))
        .where(limits.c.patient_id.in_(patient_ids))
        .group_by(limits.c.patient_id, limits.c.kind)
        .subquery()
    )
    held = (
        (limits.c.patient_id == newest.c.patient_id)
        & (limits.c.kind == newest.c.kind)
        & (limits.c.version == newest.c.version)
    )
    return connection.execute(select(limits).join_from(limits, newest, held)).all()


def newest_sessions(connection: Connection, patient_id: str) -> Rows:
    """List the newest session of one patient on each kind of machine."""
    newest = (
        select(session.c.kind, func.max(session.c.opened_ms).label("opened_ms"))
        .where(session.c.patient_id == patient_id)
        .group_by(session.c.kind)
        .subquery()
    )
    same = (session.c.kind == newest.c.kind) & (session.c.opened_ms == newest.c.opened_ms)
    return connection.execute(
        select(session.c.id, session.c.kind, session.c.opened_ms)
        .join_from(session, newest, same)
        .where(session.c.patient_id == patient_id)
    ).all()
