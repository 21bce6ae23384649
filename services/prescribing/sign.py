"""A clinician signs limits: a new version for one person and one kind of machine."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection

from contract.machines import catalogue
from contract.messages import Envelope, SideRange
from contract.names import made_id
from contract.reading import converter
from services.keys.envelope import EnvelopeKey
from services.store import audit, limits, people, rows, tables

VALID_DAYS = 42  # safety page
DAY_MS = 86_400_000
WITHDRAWN_MS = 0  # a withdrawn version has been valid until the beginning of time
_envelope = converter(Envelope)


class UnknownPatientError(LookupError):
    """The patient has no credential to bind an envelope to."""


What = Literal["sign", "renew", "withdraw", "restore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who signs what kind of version, why, and when (Unix ms); `id`: in the audit, if not the name."""

    by: str
    reason: str
    at_ms: int
    what: What = "sign"
    id: str = ""


def prescribe(
    connection: Connection, patient: str, envelope: Envelope, *, by: str, reason: str, key: EnvelopeKey
) -> int:
    """Sign limits that are valid for 42 days, as of the day on which that began; return the version."""
    act = Act(by=by, reason=reason, at_ms=envelope.valid_until_ms - VALID_DAYS * DAY_MS)
    return sign(connection, patient, envelope, act, key)


def sign(connection: Connection, patient: str, envelope: Envelope, act: Act, key: EnvelopeKey) -> int:
    """Store the next version of a person's limits, signed for every credential; return the version.

    `envelope` says what is allowed; version, subject, key and signature are filled in here. Raises
    UnknownPatientError when the patient has neither badge nor code.
    """
    subjects = people.subjects(connection, patient)
    if not subjects:
        raise UnknownPatientError(patient)
    held = newest(connection, patient, envelope.machine_kind)
    version = 1 if held is None else held.version + 1
    signed = [key.sign_envelope(replace(envelope, version=version, subject=one)) for one in subjects]
    rows.insert_rows(connection, tables.limits, [_row(patient, signed, act)])
    limits.overtake(connection, patient, envelope.machine_kind, act.id or act.by, act.at_ms)
    audit.record(connection, _entry(patient, signed[0], act))
    return version


def renewed(held: Any, at_ms: int) -> Envelope:
    """Take the limits of a stored version for another 42 days, unchanged."""
    return replace(_envelope(held.envelope), valid_until_ms=at_ms + VALID_DAYS * DAY_MS)


def withdrawn(held: Any) -> Envelope:
    """Allow nothing any more: no load, no torque, no angle, and no day."""
    return replace(
        _envelope(held.envelope),
        max_load_g=0,
        max_torque_nm=0,
        sides={},
        max_speed_cdeg_s=0,
        phase_cap_g=0,
        valid_until_ms=WITHDRAWN_MS,
    )


def is_withdrawn(held: Any) -> bool:
    """Tell whether a version allows nothing."""
    return bool(held.valid_until_ms == WITHDRAWN_MS)


def newest(connection: Connection, patient: str, kind: str) -> Any | None:
    """Read the version that holds; None before the first."""
    return people.newest_limits(connection, [(patient, kind)]).get((patient, kind))


def full_envelope(kind_name: str, *, now_ms: int, phase_cap_g: int, max_torque_nm: int) -> Envelope:
    """Make an unsigned envelope as wide as the machine's usual range, for a clinician to narrow and sign."""
    kind = catalogue()[kind_name]
    lowest, highest = kind.default_cdeg
    sides = {
        side: SideRange(lowest_cdeg=lowest, highest_cdeg=highest, start_highest_cdeg=kind.first_visit_cdeg[1])
        for side in kind.sides
    }
    return Envelope(
        version=0,
        subject="0" * 32,
        machine_kind=kind_name,
        max_load_g=kind.max_load_g,
        max_torque_nm=max_torque_nm,
        sides=sides,
        max_speed_cdeg_s=kind.max_speed_cdeg_s,
        phase="build",
        phase_cap_g=phase_cap_g,
        pain_green_nrs=3,
        pain_amber_nrs=5,
        valid_until_ms=now_ms + VALID_DAYS * DAY_MS,
        key_id="",
    )


def _row(patient: str, signed: list[Envelope], act: Act) -> dict[str, Any]:
    first = signed[0]
    return {
        "id": made_id("limits", patient, first.machine_kind, first.version),
        "patient_id": patient,
        "kind": first.machine_kind,
        "version": first.version,
        "envelope": msgspec.to_builtins(first),
        "others": {one.subject: msgspec.to_builtins(one) for one in signed[1:]},
        "phase": first.phase,
        "max_load_g": first.max_load_g,
        "phase_cap_g": first.phase_cap_g,
        "valid_until_ms": first.valid_until_ms,
        "signed_by": act.by,
        "reason": act.reason,
        "signed_ms": act.at_ms,
    }


def _entry(patient: str, first: Envelope, act: Act) -> audit.Entry:
    return audit.Entry(
        at_ms=act.at_ms,
        actor=act.id or act.by,
        action=f"limits.{act.what}",
        thing="patient",
        thing_id=patient,
        detail={"kind": first.machine_kind, "version": first.version, "reason": act.reason},
    )
