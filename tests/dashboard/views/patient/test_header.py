from dataclasses import replace
from datetime import timedelta

import pytest
from fake_service.people import NOW

from dashboard.api.health import PatientFile, read_patient_file
from dashboard.api.people import Patient, read_patient
from dashboard.api.standing import InForce, list_standing
from dashboard.client import Client
from dashboard.format import DASH, Formatter
from dashboard.language import traditional_chinese
from dashboard.views.patient.header import (
    STANDING,
    exclusion_lines,
    proposal_lines,
    standing_lines,
    station_lines,
)


@pytest.fixture
def patient(client: Client) -> Patient:
    answer = read_patient(client, "p-1")
    assert isinstance(answer, Patient)
    return answer


def test_a_station_shows_dose_and_signed_limits(patient: Patient, show: Formatter) -> None:
    who = "Dr Demo \\(DEMO\\)"
    assert station_lines(patient.stations[0], {}, show) == [
        "**Lumbar extension** · Build",
        "18.4 kg · 66 to 16° · 12 reps",
        f":gray[Limits v2: up to 28.5 kg, 12{DASH}72°, signed by {who}, valid until 21 Dec 2026]",
    ]


def test_a_station_without_limits_says_that_its_load_is_nought(patient: Patient, show: Formatter) -> None:
    bare = replace(patient.stations[0], limits=None)
    assert station_lines(bare, {}, show)[-1] == ":gray[Nothing is signed: load 0.]"


def test_an_account_that_signed_is_shown_by_name(patient: Patient, show: Formatter) -> None:
    account = "6a1f8f0e-54a3-5d0e-9c57-0f3d1f6f2b11"
    station = patient.stations[0]
    assert station.limits is not None
    signed = replace(station, limits=replace(station.limits, signed_by=account))
    assert "signed by Dr Wong Ka Yan" in station_lines(signed, {account: "Dr Wong Ka Yan"}, show)[-1]
    assert account not in station_lines(signed, {}, show)[-1]


def test_what_staff_laid_down_is_said_with_its_reason(client: Client, show: Formatter) -> None:
    standing = list_standing(client, "p-1")
    assert isinstance(standing, InForce)
    assert standing_lines(standing.items, show) == [
        "**Half load today** · Slept badly · Ho Wing Yan, 13:40",
        "**Paused at the machine** · Asked to stop · Ho Wing Yan, 14:28",
    ]
    one_side = replace(standing.items[1], kind="override", side="left")
    assert standing_lines([one_side], show)[0].startswith("**Staff set the dose (left)**")


def test_what_is_closed_says_what_opens_it_again(client: Client, show: Formatter) -> None:
    file = read_patient_file(client, "p-1")
    assert isinstance(file, PatientFile)
    bone = replace(file.exclusions[0], open=True, cleared_at=None, ends_at=None, text_en="Osteoporosis")
    bone = replace(bone, closes=("lumbar_flexion", "row"))
    ends = replace(bone, ends_at=NOW + timedelta(days=30), closes=("*",))
    cleared = replace(bone, cleared_at=NOW)
    assert exclusion_lines(replace(file, exclusions=(bone, ends, cleared)), show) == [
        "**Osteoporosis** · closed until a clinician clears it: Lumbar flexion, Row",
        "**Osteoporosis** · closed until 21 Dec 2026: every machine",
    ]


def test_every_word_of_what_holds_is_translated() -> None:
    assert set(STANDING.values()) - traditional_chinese().keys() == set()


def test_proposals_are_counted_on_every_machine(patient: Patient, show: Formatter) -> None:
    several = replace(patient, proposed_kinds=("leg_press", "trunk_rotation"))
    assert proposal_lines(several, show) == [
        "Wider limits wait for a second person (2): Leg press, Trunk rotation"
    ]
    assert proposal_lines(replace(patient, proposed_kinds=()), show) == []
