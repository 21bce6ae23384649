import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio

from contract import signing
from services.keys.site import subject
from services.prescribing.sign import UnknownPatientError, full_envelope, prescribe
from services.store import engine as store
from services.store import tables

KIND = "lumbar_extension"


def _sign(studio: Studio, patient: str, cap_g: int) -> int:
    envelope = full_envelope(KIND, now_ms=NOW_MS, phase_cap_g=cap_g, max_torque_nm=120)
    with store.writing(studio.engine) as connection:
        return prescribe(
            connection, patient, envelope, by="Dr Demo (DEMO)", reason="stronger", key=studio.keys.envelope
        )


def test_a_new_version_holds_from_the_next_sign_in(studio: Studio, machine: ScriptedMachine) -> None:
    patient = str(studio.rows(tables.patient)[0]["id"])

    assert _sign(studio, patient, 12_000) == 2
    plan = studio.plan(machine, studio.hear(machine.sign_in()))

    assert (plan.envelope.version, plan.envelope.phase_cap_g) == (2, 12_000)
    assert signing.is_signed_by(plan.envelope, studio.keys.envelope.key.public_key())
    versions = [row["version"] for row in studio.rows(tables.limits) if row["kind"] == KIND]
    assert sorted(versions) == [1, 2]


def test_every_credential_has_its_own_signed_envelope(studio: Studio) -> None:
    row = next(row for row in studio.rows(tables.limits) if row["kind"] == KIND)

    assert row["envelope"]["subject"] == subject(studio.keys.site, "badge-1")
    assert list(row["others"]) == [subject(studio.keys.site, "code-badge-1")]


def test_who_signed_what_and_why_is_in_the_audit(studio: Studio) -> None:
    entries = [row for row in studio.rows(tables.audit) if row["action"] == "limits.sign"]

    assert {row["actor"] for row in entries} == {"Dr Demo (DEMO)"}
    detail = next(row["detail"] for row in entries if row["detail"]["kind"] == KIND)
    assert detail["version"] == 1
    assert detail["reason"].startswith("hmac:")  # the words themselves stand with the limits only


def test_nobody_signs_for_a_person_who_cannot_sign_in(studio: Studio) -> None:
    with pytest.raises(UnknownPatientError):
        _sign(studio, "00000000-0000-4000-8000-000000000000", 1_000)
