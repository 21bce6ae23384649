"""What staff enter of a person's health, and what clinicians clear: the plan reads it at the next sign-in."""

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import Connection

from services.coaching import history
from services.coaching.care import TRAINING
from services.insights.units import DAY_MS
from services.office import exclusions, holds, noting
from services.office.exclusions import Entry
from services.office.joining import (
    Consent,
    Pressure,
    consent_rows,
    entry_rows,
    pressure_row,
    wrong_entry,
    wrong_pressure,
)
from services.office.refusal import Act, Refusal, conflict, missing, mistake
from services.store import enrolment as store
from services.store import people

BASELINE_SIGNED_DAYS = 28  # a rise of B counts within four weeks (clinical page), and so does its signature
Signed = Literal["settled", "baseline"]


def note(
    connection: Connection, patient_id: str, action: str, act: Act, detail: Mapping[str, Any] | None = None
) -> None:
    """Write down in the audit what was done to a patient."""
    noting.note(connection, ("patient", patient_id), action, act, detail)


def exclude(connection: Connection, patient_id: str, told: Entry, act: Act) -> Refusal | None:
    """Enter a condition: its machine kinds are closed; one of them that the person uses now stops."""
    refusal = wrong_entry([told], act.at_ms)
    if refusal is not None:
        return refusal
    holds.end_training(connection, patient_id, act, exclusions.closes_now(told, act.at_ms))
    patient = store.held(connection, patient_id)
    store.add_exclusions(connection, entry_rows(patient_id, [told], act))
    _mark(connection, patient)
    note(connection, patient_id, "patient.exclude", act, {"condition": told.condition})
    return None


def clear(
    connection: Connection, patient_id: str, exclusion_id: str, reason: str, act: Act
) -> Refusal | None:
    """Clear an entry: a clinician has seen the person and answers for it."""
    patient = store.held(connection, patient_id)
    entries = {entry.id: entry for entry in store.exclusions(connection, patient_id)}
    entry = entries.get(exclusion_id)
    if entry is None:
        return missing("exclusion")
    if entry.cleared_ms is not None:
        return conflict("It is cleared already.")
    kept = {"cleared_by": act.by, "cleared_ms": act.at_ms, "cleared_reason": reason}
    store.clear(connection, exclusion_id, kept)
    _mark(connection, patient)
    note(connection, patient_id, "patient.clear", act, {"condition": entry.condition, "reason": reason})
    return None


def clear_symptoms(connection: Connection, patient_id: str, reason: str, act: Act) -> None:
    """Clear what the person told at machines until now; today's visit stays ended."""
    patient = store.held(connection, patient_id)
    _flag(connection, patient, {"symptoms_cleared_ms": act.at_ms})
    note(connection, patient_id, "patient.clear_symptoms", act, {"reason": reason})


def measure_pressure(connection: Connection, patient_id: str, measured: Pressure, act: Act) -> Refusal | None:
    """Enter a blood pressure; the newest counts."""
    refusal = wrong_pressure(measured)
    if refusal is not None:
        return refusal
    patient = store.held(connection, patient_id)
    store.add_pressure(connection, pressure_row(patient_id, measured, act))
    _flag(connection, patient, {"blood_pressure": [measured.systolic_mmhg, measured.diastolic_mmhg]})
    note(connection, patient_id, "patient.blood_pressure", act)
    return None


def consent(connection: Connection, patient_id: str, stated: Consent, act: Act) -> None:
    """Keep what a person agrees to from now on; who no longer agrees to train stops, at once."""
    if stated.purpose == TRAINING and not stated.given:
        holds.end_training(connection, patient_id, act)
    store.held(connection, patient_id)
    store.add_consents(connection, consent_rows(patient_id, [stated], act))
    detail = {"purpose": stated.purpose, "version": stated.version, "given": stated.given}
    note(connection, patient_id, "patient.consent", act, detail)


def sign_pain(connection: Connection, patient_id: str, what: Signed, act: Act) -> None:
    """Sign that doses may rise with this pain: settled at 4-5 as usual, or a high baseline for 28 days."""
    patient = store.held(connection, patient_id)
    until_ms = act.at_ms + BASELINE_SIGNED_DAYS * DAY_MS
    signed: dict[str, Any] = {"pain_signed": True}
    if what == "baseline":
        signed = {"baseline_signed": {"nrs": baseline(connection, patient, act.at_ms), "until_ms": until_ms}}
    _flag(connection, patient, signed)
    note(connection, patient_id, "patient.sign_pain", act, {"kind": what})


def baseline(connection: Connection, patient: Any, now_ms: int) -> int:
    """Work out B (NRS) as the plan does: from the last three visits, else as asked at enrolment."""
    visits = people.past_visits(connection, [(patient.id, patient.origin)])
    return history.person(patient, "", visits[: history.BASELINE_VISITS], now_ms).baseline_nrs


def take_back_pain(connection: Connection, patient_id: str, what: Signed, act: Act) -> Refusal | None:
    """Take such a signature back."""
    patient = store.held(connection, patient_id)
    name = "pain_signed" if what == "settled" else "baseline_signed"
    if not patient.flags.get(name):
        return conflict("Nothing is signed.")
    kept = {key: value for key, value in patient.flags.items() if key != name}
    store.change(connection, patient_id, {"flags": kept})
    note(connection, patient_id, "patient.unsign_pain", act, {"kind": what})
    return None


def set_profile(
    connection: Connection, patient_id: str, profile: str, reason: str, act: Act
) -> Refusal | None:
    """Release a person to the profile of healthy members, or take back into rehabilitation."""
    patient = store.held(connection, patient_id)
    if patient.profile == profile:
        return conflict("The person has this profile already.")
    if profile == "studio":
        if any(exclusions.is_open(one, act.at_ms) for one in store.exclusions(connection, patient_id)):
            return conflict("Something excludes the person from machines: it must be cleared first.")
        if patient.flags.get("not_cleared"):
            return conflict("A clinician must clear the person first.")
    if profile not in ("rehab", "studio"):
        return mistake("body.profile", "rehab or studio.")
    store.change(connection, patient_id, {"profile": profile})
    note(connection, patient_id, "patient.profile", act, {"kind": profile, "reason": reason})
    return None


def _mark(connection: Connection, patient: Any) -> None:
    """Let the plan read all stored entries."""
    entries = store.exclusions(connection, patient.id)
    store.change(connection, patient.id, {"flags": exclusions.flags(patient.flags, entries)})


def _flag(connection: Connection, patient: Any, values: Mapping[str, Any]) -> None:
    store.change(connection, patient.id, {"flags": {**patient.flags, **values}})
