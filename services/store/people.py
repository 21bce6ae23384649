"""Sites, patients, credentials, machines and limits, and what a sign-in must know of a person's past."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select, tuple_

from services.store import rows, tables

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
    wanted = list(ids)
    machine = tables.machine.c
    found = connection.execute(select(tables.machine).where(tuple_(machine.origin, machine.id).in_(wanted)))
    return {(row.origin, row.id): row for row in found}


def machine_of_kind(connection: Connection, site: str, origin: str, kind: str) -> str | None:
    """Read the name of a machine of a kind in a studio."""
    machine = tables.machine.c
    return connection.scalar(
        select(machine.name)
        .where(machine.site_id == site, machine.origin == origin, machine.kind == kind)
        .order_by(machine.id)
        .limit(1)
    )


def known_persons(
    connection: Connection, lookups: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Row[Any]]:
    """Read patients with credential and time zone, by (kind of credential, badge or code)."""
    wanted = list(lookups)
    credential, patient, site = tables.credential.c, tables.patient, tables.site
    joined = patient.join(tables.credential, credential.patient_id == patient.c.id).join(site)
    found = connection.execute(
        select(
            patient,
            credential.kind.label("credential_kind"),
            credential.lookup,
            credential.subject,
            credential.secret,
            credential.failures,
            credential.locked_until_ms,
            site.c.time_zone,
        )
        .select_from(joined)
        .where(tuple_(credential.kind, credential.lookup).in_(wanted))
    )
    return {(row.credential_kind, row.lookup): row for row in found}


def subjects(connection: Connection, patient: str) -> list[str]:
    """Read what envelopes of a patient are bound to: one subject per credential, the badge first."""
    credential = tables.credential.c
    return list(
        connection.scalars(
            select(credential.subject).where(credential.patient_id == patient).order_by(credential.kind)
        )
    )


def newest_limits(
    connection: Connection, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Row[Any]]:
    """Read the limits that hold, by (patient, kind of machine)."""
    limits = tables.limits
    found = connection.execute(
        select(limits)
        .where(tuple_(limits.c.patient_id, limits.c.kind).in_(list(wanted)))
        .order_by(limits.c.version)
    )
    return {(row.patient_id, row.kind): row for row in found}


def past_sessions(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[Row[Any]]:
    """Read the last sessions per side, oldest first, with their number so far (`total`)."""
    summary = tables.summary
    group = (summary.c.patient_id, summary.c.kind, summary.c.side)
    ranked = (
        select(
            summary,
            func.row_number().over(partition_by=group, order_by=summary.c.wall_ms.desc()).label("place"),
            func.count().over(partition_by=group).label("total"),
        )
        .where(tuple_(summary.c.patient_id, summary.c.kind).in_(list(wanted)))
        .subquery()
    )
    return list(
        connection.execute(select(ranked).where(ranked.c.place <= PAST_SESSIONS).order_by(ranked.c.wall_ms))
    )


def past_visits(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[Row[Any]]:
    """Read the last visits of (patient, origin), newest first."""
    visit = tables.visit
    ranked = (
        select(
            visit,
            func.row_number()
            .over(partition_by=(visit.c.patient_id, visit.c.origin), order_by=visit.c.day.desc())
            .label("place"),
        )
        .where(tuple_(visit.c.patient_id, visit.c.origin).in_(list(wanted)))
        .subquery()
    )
    return list(
        connection.execute(select(ranked).where(ranked.c.place <= PAST_VISITS).order_by(ranked.c.place))
    )


def newest_beliefs(connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[Row[Any]]:
    """Read the newest belief of every side, by (patient, kind of machine)."""
    belief = tables.belief
    group = (belief.c.patient_id, belief.c.kind, belief.c.side)
    ranked = (
        select(
            belief.c.patient_id,
            belief.c.kind,
            belief.c.side,
            belief.c.session_id,
            belief.c.latest,
            func.row_number().over(partition_by=group, order_by=belief.c.opened_ms.desc()).label("place"),
        )
        .where(tuple_(belief.c.patient_id, belief.c.kind).in_(list(wanted)))
        .subquery()
    )
    return list(connection.execute(select(ranked).where(ranked.c.place == 1)))
