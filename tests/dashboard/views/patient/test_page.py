from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.people import Patient, read_patient
from dashboard.client import Client
from dashboard.format import DASH, Formatter
from dashboard.views.patient.page import station_lines

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]


@pytest.fixture
def patient(client: Client) -> Patient:
    answer = read_patient(client, "p-1")
    assert isinstance(answer, Patient)
    return answer


def test_the_head_says_who_it_is(open_page: OpenPage, texts: Texts) -> None:
    app = open_page("patient", patient="p-1")
    assert app.title[0].value == "Chan Mei Ling"
    assert "P-0001 · 72 years, female · 23 visits, last on 20 Nov 2026 · usual pain 3" in texts(app)


def test_only_the_open_tab_asks_the_service(open_page: OpenPage, fake_api: FakeApi) -> None:
    open_page("patient", patient="p-1", tab="progress")
    parts = {
        path.split("?")[0].rsplit("/", 1)[1]
        for path in fake_api.asked
        if path.startswith("/v1/patients/p-1/")
    }
    assert parts == {"progress"}


def test_a_station_shows_dose_and_signed_limits(patient: Patient, show: Formatter) -> None:
    who = "Dr Demo \\(DEMO\\)"
    assert station_lines(patient.stations[0], show) == [
        "**Lumbar extension** · Build",
        "18.4 kg · 66 to 16° · 12 reps",
        f":gray[Limits v2: up to 28.5 kg, 12{DASH}72°, signed by {who}, valid until 21 Dec 2026]",
    ]


def test_a_station_without_limits_says_that_its_load_is_nought(patient: Patient, show: Formatter) -> None:
    bare = replace(patient.stations[0], limits=None)
    assert station_lines(bare, show)[-1] == ":gray[Nothing is signed: load 0.]"


def test_without_a_person_the_page_leads_to_the_list(open_page: OpenPage, texts: Texts) -> None:
    app = open_page("patient")
    assert "No person is chosen." in texts(app)
    assert [link.label for link in app.page_link] == ["Patients"]


def test_an_unknown_person_is_said_so(open_page: OpenPage, texts: Texts) -> None:
    assert "There is nothing under this address." in texts(open_page("patient", patient="nobody"))
