"""Badges and PINs: issue, replace, take away, lock. A secret is shown once, and only its hash is kept."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from services.coaching.enrol import pin_secret
from services.keys.site import subject
from services.office import secret_words
from services.office.health import note
from services.office.refusal import Act, Refusal, conflict, missing
from services.store import credentials
from services.store import enrolment as store
from services.store.people import newest_limits
from services.store.reading import patients

Card = Literal["badge", "pin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A badge or PIN; limits of these kinds must be renewed before it opens the machines."""

    kind: Card
    pin: str | None
    limits_to_renew: tuple[str, ...]


def issue_badge(
    connection: Connection, patient_id: str, badge: str, site_key: bytes, act: Act
) -> Issued | Refusal:
    """Give a person this badge; the one before opens nothing any more."""
    store.held(connection, patient_id)
    if credentials.is_taken(connection, "badge", badge):
        return conflict("The badge is somebody's.")
    row = _row("badge", badge, patient_id, site_key)
    try:
        return _issue(connection, patient_id, row, None, act)
    except IntegrityError:  # somebody's at a site that the actor does not see
        return conflict("The badge is somebody's.")


def issue_pin(connection: Connection, patient_id: str, site_key: bytes, act: Act) -> Issued:
    """Give a person a new PIN for the code; the one before opens nothing any more."""
    code = store.held(connection, patient_id).code
    pin = secret_words.pin()
    row = _row("pin", code, patient_id, site_key) | {"secret": pin_secret(pin, code)}
    return _issue(connection, patient_id, row, pin, act)


def take_away(connection: Connection, patient_id: str, kind: Card, act: Act) -> Refusal | None:
    """Take a badge or PIN away."""
    store.held(connection, patient_id)
    if not credentials.replace(connection, patient_id, kind, None):
        return missing(kind)
    note(connection, patient_id, "credential.remove", act, {"kind": kind})
    return None


def lock(connection: Connection, patient_id: str, kind: Card, act: Act, *, locked: bool) -> Refusal | None:
    """Lock a badge or PIN until staff open it again, or open it."""
    store.held(connection, patient_id)
    if not credentials.lock(connection, patient_id, kind, credentials.BY_STAFF_MS if locked else 0):
        return missing(kind)
    note(connection, patient_id, "credential.lock" if locked else "credential.unlock", act, {"kind": kind})
    return None


def _issue(connection: Connection, patient_id: str, row: dict[str, Any], pin: str | None, act: Act) -> Issued:
    kind: Card = row["kind"]
    credentials.replace(connection, patient_id, kind, row)
    note(connection, patient_id, "credential.issue", act, {"kind": kind})
    return Issued(kind=kind, pin=pin, limits_to_renew=_unsigned(connection, patient_id, row["subject"], act))


def _unsigned(connection: Connection, patient_id: str, bound_to: str, act: Act) -> tuple[str, ...]:
    """Name the kinds whose limits that hold are not signed for this badge or code."""
    held = patients.signed_limits(connection, [patient_id])
    newest = newest_limits(connection, [(patient_id, row.kind) for row in held]).values()
    return tuple(
        sorted(
            row.kind
            for row in newest
            if row.valid_until_ms > act.at_ms and bound_to not in {row.envelope.get("subject"), *row.others}
        )
    )


def _row(kind: Card, lookup: str, patient_id: str, site_key: bytes) -> dict[str, Any]:
    return {
        "kind": kind,
        "lookup": lookup,
        "patient_id": patient_id,
        "subject": subject(site_key, lookup),
        "secret": None,
        "failures": 0,
        "locked_until_ms": 0,
    }
