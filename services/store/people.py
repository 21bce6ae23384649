"""Sites, patients, credentials, machines and limits, and what a sign-in must know of a person's past."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, bindparam, func, select, tuple_

from services.store import rows, tables
from services.store.among import among

PAST_SESSIONS = 10  # of one side on one kind of machine: a plateau is six visits
PAST_VISITS = 4  # today's, and three for the baseline


def add_site(connection: Connection, row: rows.Row) -> None:
    """Add a site, or leave the one that is there."""
    rows.insert_missing(connection, tables.site, [row])


def add_patient(connection: Connection, row: rows.Row, credentials: Sequence[rows.Row]) -> None:
    """Add a patient with badge or PIN; raises IntegrityError when the code or a badge is taken."""
    rows.insert_rows(connection, tables.patient, [row])
    rows.insert_rows(connection, tables.credential, credentials)


def add_machine(connection: Connection, row: rows.Row) -> None:
    """Enrol a machine, or leave the one that is there."""
    rows.insert_missing(connection, tables.machine, [row])


def machines(connection: Connection, ids: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Row[Any]]:
    """Read machines by (origin, id)."""
    found = connection.execute(_machines(), {"keys": list(ids)}).all()
    return {(row.origin, row.id): row for row in found}


def known_persons(
    connection: Connection, lookups: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Row[Any]]:
    """Read patients with credential and time zone, by (kind of credential, badge or code)."""
    found = connection.execute(_known_persons(), {"keys": list(lookups)})
    return {(row.credential_kind, row.lookup): row for row in found}


def subjects(connection: Connection, patient: str) -> list[str]:
    """Read what envelopes of a patient are bound to: one subject per credential, the badge first."""
    credential = tables.credential.c
    return list(
        connection.scalars(
            select(credential.subject).where(credential.patient_id == patient).order_by(credential.kind)
        )
    )


def exists(connection: Connection, patient_id: str) -> bool:
    """Tell whether there is such a person."""
    patient = tables.patient.c
    return connection.scalar(select(patient.id).where(patient.id == patient_id)) is not None


def hold(connection: Connection, patient_id: str) -> None:
    """Let one writer at a time change what belongs to a patient; rows that only point there go on.

    It lasts until the transaction ends. SQLite has one writer in any case.
    """
    patient = tables.patient.c
    connection.execute(select(patient.id).where(patient.id == patient_id).with_for_update(key_share=True))


def newest_limits(
    connection: Connection, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Row[Any]]:
    """Read the limits that hold, by (patient, kind of machine)."""
    found = connection.execute(select_newest_limits(), by_kind(wanted)).all()
    return {(row.patient_id, row.kind): row for row in found}


def past_visits(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[Row[Any]]:
    """Read the last visits of (patient, origin), newest first."""
    return list(connection.execute(select_past_visits(), by_origin(wanted)).all())


def newest_beliefs(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[Row[Any]]:
    """Read the newest belief of every side, by (patient, kind of machine)."""
    return list(connection.execute(select_newest_beliefs(), by_kind(wanted)).all())


def by_kind(wanted: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Name patients and kinds of machines apart: rows of each of the one with each of the other are read."""
    pairs = list(wanted)
    return {"patients": [one for one, _ in pairs], "kinds": [kind for _, kind in pairs]}


def by_origin(wanted: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Name patients and origins apart; a patient has one."""
    pairs = list(wanted)
    return {"patients": [one for one, _ in pairs], "origins": [origin for _, origin in pairs]}


# Building a statement costs more than running it: each is built once.


@cache
def _machines() -> Select[Any]:
    machine = tables.machine.c
    return select(tables.machine).where(among("keys", machine.origin, machine.id))


@cache
def _known_persons() -> Select[Any]:
    credential, patient, site = tables.credential.c, tables.patient, tables.site
    joined = patient.join(tables.credential, credential.patient_id == patient.c.id).join(site)
    return (
        select(
            patient,
            credential.kind.label("credential_kind"),
            credential.lookup,
            credential.subject,
            credential.secret,
            credential.failures,
            credential.locked_until_ms,
            site.c.time_zone,
            site.c.advice,
        )
        .select_from(joined)
        # Not `among`: what is looked for is sealed as the column is.
        .where(tuple_(credential.kind, credential.lookup).in_(bindparam("keys", expanding=True)))
    )


@cache
def select_newest_limits() -> Select[Any]:
    """Select the limits that hold of patients and kinds of machines."""
    limits = tables.limits.c
    group = (limits.patient_id, limits.kind)
    place = _place(group, limits.version)
    wanted = (among("patients", limits.patient_id), among("kinds", limits.kind))
    ranked = select(tables.limits, place).where(*wanted).subquery()
    return select(ranked).where(ranked.c.place == 1)


@cache
def select_past_sessions() -> Select[Any]:
    """Select the last sessions per side of patients and kinds, oldest first, and their number (`total`)."""
    summary = tables.summary.c
    group = (summary.patient_id, summary.kind, summary.side)
    place = _place(group, summary.wall_ms)
    total = func.count().over(partition_by=group).label("total")
    wanted = (among("patients", summary.patient_id), among("kinds", summary.kind))
    ranked = select(tables.summary, place, total).where(*wanted).subquery()
    return select(ranked).where(ranked.c.place <= PAST_SESSIONS).order_by(ranked.c.wall_ms)


@cache
def select_past_visits() -> Select[Any]:
    """Select the last visits of patients and origins, newest first."""
    visit = tables.visit.c
    group = (visit.patient_id, visit.origin)
    place = _place(group, visit.day)
    wanted = (among("patients", visit.patient_id), among("origins", visit.origin))
    ranked = select(tables.visit, place).where(*wanted).subquery()
    return select(ranked).where(ranked.c.place <= PAST_VISITS).order_by(ranked.c.place)


@cache
def select_recent_beliefs() -> Select[Any]:
    """Select the newest belief of every kind that patients used since a moment (ms), newest first."""
    belief = tables.belief.c
    group = (belief.patient_id, belief.kind)
    place = _place(group, belief.opened_ms)
    columns = (belief.patient_id, belief.kind, belief.opened_ms, belief.latest, place)
    recent = belief.opened_ms >= bindparam("recent_ms")
    ranked = select(*columns).where(among("patients", belief.patient_id), recent).subquery()
    return select(ranked).where(ranked.c.place == 1).order_by(ranked.c.opened_ms.desc())


@cache
def select_newest_beliefs() -> Select[Any]:
    """Select the newest belief of every side of patients and kinds of machines."""
    belief = tables.belief.c
    group = (belief.patient_id, belief.kind, belief.side)
    place = _place(group, belief.opened_ms)
    wanted = (among("patients", belief.patient_id), among("kinds", belief.kind))
    columns = (belief.patient_id, belief.kind, belief.side, belief.session_id, belief.latest, place)
    ranked = select(*columns).where(*wanted).subquery()
    return select(ranked).where(ranked.c.place == 1)


def _place(group: tuple[Any, ...], newest: Any) -> Any:
    """Give the rows of a group their places, the newest first."""
    return func.row_number(type_=Integer).over(partition_by=group, order_by=newest.desc()).label("place")
