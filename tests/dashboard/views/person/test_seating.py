"""Seat and pads: what stands, and what is sent when it changes."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.health import PatientFile, read_patient_file
from dashboard.client import Client, Failure
from dashboard.format import Formatter
from dashboard.views.person import seating
from dashboard.views.person.seating import PARTS, changed_set_up, places_words

OpenPage = Callable[..., AppTest]
HELD: dict[str, dict[str, int | str]] = {"lumbar_extension": {"seat": 4, "pad": "B"}, "row": {"seat": 2}}


def test_only_one_machine_changes_and_numbers_stay_numbers() -> None:
    changed = changed_set_up(HELD, "row", {"seat": " 3 ", "handle": "wide", "pad": ""})
    assert changed == {"lumbar_extension": {"seat": 4, "pad": "B"}, "row": {"seat": 3, "handle": "wide"}}
    assert changed_set_up(HELD, "row", {"seat": ""}) == {"lumbar_extension": {"seat": 4, "pad": "B"}}
    assert changed_set_up(HELD, "row", {"seat": "2", "pad": " "}) is None
    assert changed_set_up(HELD, "neck_extension", dict.fromkeys(PARTS, "")) is None


def test_positions_are_words(show: Formatter) -> None:
    assert places_words({"hip_pad": 4, "seat": "B2"}, show) == "Hip pad 4 · Seat B2"


def test_positions_are_seen_and_changed_after_enrolment(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("patient", role="therapist", patient="p-1", tab="person", part="seat-and-pads")
    app.selectbox(key="seating-p-1").select("lumbar_extension").run()
    assert app.text_input(key="place-p-1-lumbar_extension-seat").value == "4"
    save = next(one for one in app.button if one.label == "Save")
    save.click().run()
    assert fake_api.orders == []
    app.text_input(key="place-p-1-lumbar_extension-hip_pad").set_value("2")
    next(one for one in app.button if one.label == "Save").click().run()
    body = {"set_up": {"lumbar_extension": {"seat": 4, "hip_pad": 2}}}
    assert fake_api.orders == [("PATCH", "/v1/patients/p-1", body)]
    assert "from the next sign-in on" in str(app.toast[0].value)


def test_what_a_colleague_has_entered_meanwhile_is_not_put_back(
    open_page: OpenPage, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("patient", role="therapist", patient="p-1", tab="person", part="seat-and-pads")
    app.selectbox(key="seating-p-1").select("lumbar_extension").run()
    app.text_input(key="place-p-1-lumbar_extension-hip_pad").set_value("2")
    read = read_patient_file

    def moved(client: Client, patient: str) -> PatientFile | Failure:
        found = read(client, patient)
        assert isinstance(found, PatientFile)
        return replace(found, set_up={"lumbar_extension": {"seat": 6}})

    monkeypatch.setattr(seating, "read_patient_file", moved)
    next(one for one in app.button if one.label == "Save").click().run()
    assert fake_api.orders == []
    assert "Somebody else has changed these positions" in str(app.warning[0].value)
    assert app.text_input(key="place-p-1-lumbar_extension-seat").value == "6"
    app.text_input(key="place-p-1-lumbar_extension-hip_pad").set_value("2")
    next(one for one in app.button if one.label == "Save").click().run()
    body = {"set_up": {"lumbar_extension": {"seat": 6, "hip_pad": 2}}}
    assert fake_api.orders == [("PATCH", "/v1/patients/p-1", body)]


def test_the_studio_looks_and_changes_nothing(open_page: OpenPage) -> None:
    app = open_page("patient", role="studio", patient="p-1", tab="person", part="seat-and-pads")
    assert not [one for one in app.button if one.label == "Save"]
