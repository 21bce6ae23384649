"""A clinician signs limits: a new version for one person and one kind of machine."""

from dataclasses import replace

import msgspec
from sqlalchemy import Connection

from contract.machines import catalogue
from contract.messages import Envelope, SideRange
from services.coaching.names import made_id
from services.keys import EnvelopeKey
from services.store import people, rows, tables

VALID_DAYS = 42  # safety page
DAY_MS = 86_400_000


class UnknownPatientError(LookupError):
    """The patient has no credential to bind an envelope to."""


def prescribe(
    connection: Connection, patient: str, envelope: Envelope, *, by: str, reason: str, key: EnvelopeKey
) -> int:
    """Store the next version of a person's limits, signed for every credential; return the version.

    `envelope` says what is allowed; version, subject, key and signature are filled in here. Raises
    UnknownPatientError when the patient has neither badge nor code.
    """
    subjects = people.subjects(connection, patient)
    if not subjects:
        raise UnknownPatientError(patient)
    kind = envelope.machine_kind
    held = people.newest_limits(connection, [(patient, kind)]).get((patient, kind))
    version = 1 if held is None else held.version + 1
    signed = [key.sign_envelope(replace(envelope, version=version, subject=one)) for one in subjects]
    now_ms = envelope.valid_until_ms - VALID_DAYS * DAY_MS
    row = {
        "id": made_id("limits", patient, kind, version),
        "patient_id": patient,
        "kind": kind,
        "version": version,
        "envelope": msgspec.to_builtins(signed[0]),
        "others": {one.subject: msgspec.to_builtins(one) for one in signed[1:]},
        "phase": envelope.phase,
        "max_load_g": envelope.max_load_g,
        "phase_cap_g": envelope.phase_cap_g,
        "valid_until_ms": envelope.valid_until_ms,
        "signed_by": by,
        "reason": reason,
        "signed_ms": now_ms,
    }
    rows.insert_rows(connection, tables.limits, [row])
    audit = {
        "at_ms": now_ms,
        "actor": by,
        "action": "limits.sign",
        "object_kind": "patient",
        "object_id": patient,
        "detail": {"kind": kind, "version": version, "reason": reason},
    }
    rows.insert_rows(connection, tables.audit, [audit])
    return version


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
