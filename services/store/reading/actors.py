"""Whose a token is, and what it allows now: roles that were taken away a moment ago are gone."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from services.access import Actor, Scope
from services.access.duration import SEEN_EVERY_MS, idle_ms
from services.access.proof import kept_token
from services.store import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A token that holds, and until when."""

    actor: Actor
    language: str
    until_ms: int
    stepped_up_until_ms: int
    is_stale: bool  # its use was not noted for a while
    is_provided: bool  # an identity provider said who it is


def actor_of(connection: Connection, token: str, now_ms: int) -> Actor | None:
    """Say who a token is of; None when it is nobody's, over, or revoked."""
    found = signed_in(connection, token, now_ms)
    return None if found is None else found.actor


def signed_in(connection: Connection, token: str, now_ms: int) -> SignedIn | None:
    """Read a token with its person; None when it is nobody's, over, or revoked."""
    row = _row(connection, token)
    if row is None or row.revoked_ms is not None or now_ms >= row.until_ms:
        return None
    idle_until_ms = row.seen_ms + idle_ms(row.role)
    if now_ms >= idle_until_ms:
        return None
    scope = _scope(connection, row)
    if scope is None:
        return None
    actor = Actor(
        id=row.staff_id or row.patient_id,
        name=row.staff_name or row.patient_name,
        role=row.role,
        scope=scope,
        stepped_up=now_ms < row.stepped_up_until_ms,
    )
    return SignedIn(
        actor=actor,
        language=row.staff_language or row.patient_language,
        until_ms=min(row.until_ms, idle_until_ms),
        stepped_up_until_ms=row.stepped_up_until_ms,
        is_stale=now_ms - row.seen_ms >= SEEN_EVERY_MS,
        is_provided=row.is_provided,
    )


def code_of(connection: Connection, patient_id: str) -> str | None:
    """Read the code that a patient types before the PIN; None without one."""
    credential = tables.credential.c
    wanted = (credential.patient_id == patient_id, credential.kind == "pin")
    return connection.scalar(select(credential.lookup).where(*wanted))


def _scope(connection: Connection, row: Any) -> Scope | None:
    """Say whose data a token may show; None when its role was taken away, or the person comes no more."""
    if row.patient_id is not None:
        if row.archived_ms is not None:
            return None
        return Scope(sites=frozenset((row.site_id,)), patient=row.patient_id)
    has = tables.staff_role.c
    wanted = (has.staff_id == row.staff_id, has.role == row.role)
    sites = connection.scalars(select(has.site_id).where(*wanted)).all()
    if not row.active or row.waits_since_ms is not None or not sites:
        return None
    named = frozenset(site for site in sites if site is not None)
    return Scope(sites=named if len(named) == len(sites) else None)


def _row(connection: Connection, token: str) -> Any | None:
    stored, staff, patient = tables.token, tables.staff_member, tables.patient
    joined = stored.outerjoin(staff, staff.c.id == stored.c.staff_id).outerjoin(
        patient, patient.c.id == stored.c.patient_id
    )
    return connection.execute(
        select(
            stored,
            staff.c.name.label("staff_name"),
            staff.c.language.label("staff_language"),
            staff.c.active,
            staff.c.waits_since_ms,
            patient.c.name.label("patient_name"),
            patient.c.language.label("patient_language"),
            patient.c.site_id,
            patient.c.archived_ms,
        )
        .select_from(joined)
        .where(stored.c.id == kept_token(token))
    ).first()
