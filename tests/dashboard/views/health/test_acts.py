"""Blood pressure, signed pain, consent and profile: what is said, and what reaches the service."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.health import PatientFile, read_patient_file
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.health.consents import consent_words, newest_version
from dashboard.views.health.pain import is_signed, signed_words
from dashboard.views.health.pressure import meaning_of, pressure_words

OpenPage = Callable[..., AppTest]


@pytest.fixture
def file(client: Client) -> PatientFile:
    found = read_patient_file(client, "p-1")
    assert isinstance(found, PatientFile)
    return found


@pytest.fixture
def part(open_page: OpenPage) -> Callable[[str], AppTest]:
    return lambda name: open_page("patient", role="therapist", patient="p-1", tab="health", part=name)


@pytest.mark.parametrize(
    ("systolic", "diastolic", "meaning"),
    [
        (179, 99, "no test, little effort"),
        (180, 80, "no session"),
        (120, 110, "no session"),
        (160, 80, "no test, little effort"),
        (159, 100, "no test, little effort"),
        (159, 99, ""),
    ],
)
def test_a_blood_pressure_says_what_it_keeps_from(systolic: int, diastolic: int, meaning: str) -> None:
    assert meaning_of(systolic, diastolic) == meaning


def test_a_blood_pressure_is_told_and_entered(
    file: PatientFile, show: Formatter, part: Callable[[str], AppTest], fake_api: FakeApi
) -> None:
    assert pressure_words(file.pressures[0], show) == "18 Nov 2026 14:30: 148/86 mmHg"
    app = part("blood-pressure")
    app.number_input(key="systolic-p-1").set_value(142)
    next(one for one in app.button if one.label == "Enter it").click().run()
    body = {"systolic_mmhg": 142, "diastolic_mmhg": 80}
    assert fake_api.orders == [("POST", "/v1/patients/p-1/blood-pressure", body)]


def test_signed_pain_is_told_signed_and_taken_back(
    file: PatientFile, show: Formatter, part: Callable[[str], AppTest], fake_api: FakeApi
) -> None:
    until = datetime(2026, 12, 19, tzinfo=UTC)
    signed = replace(file, baseline_signed_nrs=6, baseline_signed_until=until, pain_signed=True)
    assert signed_words(file, show) == {"settled": "Not signed.", "baseline": "Not signed."}
    assert signed_words(signed, show)["baseline"] == "Signed at pain 6, until 19 Dec 2026."
    assert (is_signed(file, "baseline"), is_signed(signed, "settled")) == (False, True)
    part("signed-pain").button(key="sign-baseline").click().run()
    assert fake_api.orders == [("PUT", "/v1/patients/p-1/pain-signature", {"what": "baseline"})]


def test_a_consent_is_told_with_its_version_and_a_new_one_kept(
    file: PatientFile, show: Formatter, part: Callable[[str], AppTest], fake_api: FakeApi
) -> None:
    agreed, refused = (consent_words(one, show) for one in file.consents)
    assert agreed == "Training, and keeping what is measured: agreed, version 2026-10, 2 Sep 2026"
    assert "not agreed" in refused
    assert newest_version(()) == ""
    app = part("consent")
    app.radio(key="given-p-1").set_value(False)
    app.text_input(key="version-p-1").set_value("of today!")
    next(one for one in app.button if one.label == "Keep it").click().run()
    assert fake_api.orders == []
    app.text_input(key="version-p-1").set_value("2026-11")
    next(one for one in app.button if one.label == "Keep it").click().run()
    body = {"purpose": "training", "version": "2026-11", "given": False}
    assert fake_api.orders == [("POST", "/v1/patients/p-1/consents", body)]


def test_a_profile_needs_a_reason(part: Callable[[str], AppTest], fake_api: FakeApi) -> None:
    app = part("profile")
    next(one for one in app.button if one.label == "Change the profile").click().run()
    assert fake_api.orders == []
    app.text_input(key="reason-profile-p-1").set_value("Without pain for a year.")
    next(one for one in app.button if one.label == "Change the profile").click().run()
    body = {"profile": "studio", "reason": "Without pain for a year."}
    assert fake_api.orders == [("PUT", "/v1/patients/p-1/profile", body)]
