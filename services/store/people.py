"""Sites, patients, credentials, machines and limits, and what a sign-in must know of a person's past."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, func, select, tuple_

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
    found = connection.execute(_machines(), {"keys": list(ids)})
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
    found = connection.execute(_newest_limits(), {"keys": list(wanted)})
    return {(row.patient_id, row.kind): row for row in found}


def past_sessions(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[Row[Any]]:
    """Read the last sessions per side of (patient, kind), oldest first, and how many there were (`total`)."""
    return list(connection.execute(_past_sessions(), {"keys": list(wanted)}))


def past_visits(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[Row[Any]]:
    """Read the last visits of (patient, origin), newest first."""
    return list(connection.execute(_past_visits(), {"keys": list(wanted)}))


def newest_beliefs(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[Row[Any]]:
    """Read the newest belief of every side, by (patient, kind of machine)."""
    return list(connection.execute(_newest_beliefs(), {"keys": list(wanted)}))


def recent_beliefs(connection: Connection, patients: Iterable[str], since_ms: int) -> list[Row[Any]]:
    """Read the newest belief of every kind of machine that these patients used since then, newest first."""
    keys = {"patients": list(patients), "since_ms": since_ms}
    return list(connection.execute(_recent_beliefs(), keys))


# Building a statement costs more than running it: each is built once.
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)


@cache
def _machines() -> Select[Any]:
    machine = tables.machine.c
    return select(tables.machine).where(tuple_(machine.origin, machine.id).in_(_KEYS))


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
        .where(tuple_(credential.kind, credential.lookup).in_(_KEYS))
    )


@cache
def _newest_limits() -> Select[Any]:
    limits = tables.limits.c
    group = (limits.patient_id, limits.kind)
    place = func.row_number().over(partition_by=group, order_by=limits.version.desc()).label("place")
    ranked = select(tables.limits, place).where(tuple_(*group).in_(_KEYS)).subquery()
    return select(ranked).where(ranked.c.place == 1)


@cache
def _past_sessions() -> Select[Any]:
    summary = tables.summary.c
    group = (summary.patient_id, summary.kind, summary.side)
    place = func.row_number().over(partition_by=group, order_by=summary.wall_ms.desc()).label("place")
    total = func.count().over(partition_by=group).label("total")
    wanted = tuple_(summary.patient_id, summary.kind).in_(_KEYS)
    ranked = select(tables.summary, place, total).where(wanted).subquery()
    return select(ranked).where(ranked.c.place <= PAST_SESSIONS).order_by(ranked.c.wall_ms)


@cache
def _past_visits() -> Select[Any]:
    visit = tables.visit.c
    group = (visit.patient_id, visit.origin)
    place = func.row_number().over(partition_by=group, order_by=visit.day.desc()).label("place")
    ranked = select(tables.visit, place).where(tuple_(*group).in_(_KEYS)).subquery()
    return select(ranked).where(ranked.c.place <= PAST_VISITS).order_by(ranked.c.place)


@cache
def _recent_beliefs() -> Select[Any]:
    belief = tables.belief.c
    group = (belief.patient_id, belief.kind)
    place = func.row_number().over(partition_by=group, order_by=belief.opened_ms.desc()).label("place")
    columns = (belief.patient_id, belief.kind, belief.opened_ms, belief.latest, place)
    recent = belief.opened_ms >= bindparam("since_ms")
    ranked = select(*columns).where(among("patients", belief.patient_id), recent).subquery()
    return select(ranked).where(ranked.c.place == 1).order_by(ranked.c.opened_ms.desc())


@cache
def _newest_beliefs() -> Select[Any]:
    belief = tables.belief.c
    group = (belief.patient_id, belief.kind, belief.side)
    place = func.row_number().over(partition_by=group, order_by=belief.opened_ms.desc()).label("place")
    wanted = tuple_(belief.patient_id, belief.kind).in_(_KEYS)
    columns = (belief.patient_id, belief.kind, belief.side, belief.session_id, belief.latest, place)
    ranked = select(*columns).where(wanted).subquery()
    return select(ranked).where(ranked.c.place == 1)
