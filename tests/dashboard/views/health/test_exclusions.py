from collections.abc import Callable

import pytest
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL
from streamlit.testing.v1 import AppTest

from dashboard.api.health import PatientFile, read_patient_file
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.health.exclusions import exclusion_lines, kind_lines

OpenPage = Callable[..., AppTest]


@pytest.fixture
def file(client: Client) -> PatientFile:
    found = read_patient_file(client, "p-1")
    assert isinstance(found, PatientFile)
    return found


def test_open_and_closed_machines_are_named(file: PatientFile, show: Formatter) -> None:
    closed, opened = kind_lines(file, show)
    assert closed.endswith("Closed now: Lumbar flexion, Neck extension, Neck lateral, Leg press")
    assert opened.endswith("Row")


def test_a_condition_says_what_has_become_of_it(file: PatientFile, show: Formatter) -> None:
    standing, cleared = (exclusion_lines(one, show) for one in file.exclusions)
    assert "**Glaucoma** · closes Lumbar flexion" in standing[0]
    assert standing[-1] == "Entered on 12 Oct 2026."
    assert cleared[-1] == "Cleared on 9 Nov 2026: Seen by the surgeon."


def test_staff_enter_with_its_date_and_clinicians_clear(open_page: OpenPage, fake_api: FakeApi) -> None:
    fake_api.stepped_up_until = FRESH_UNTIL
    app = open_page("patient", role="clinician", patient="p-1", tab="health")
    app.selectbox(key="condition-p-1").set_value("birth").run()
    app.text_input(key="note-p-1-birth").set_value("Caesarean.").run()
    app.button(key="exclude").click().run()
    method, path, body = fake_api.orders[-1]
    assert (method, path) == ("POST", "/v1/patients/p-1/exclusions")
    assert (body["condition"], body["note"], len(body["since_day"])) == ("birth", "Caesarean.", 10)
    app.text_input(key="reason-clear-p-1").set_value("Pressure is normal.")
    next(one for one in app.button if one.label == "Clear it").click().run()
    where = "/v1/patients/p-1/exclusions/e-1/clearance"
    assert fake_api.orders[-1] == ("POST", where, {"reason": "Pressure is normal."})
    app.text_input(key="reason-symptoms-p-1").set_value("Examined.")
    next(one for one in app.button if one.label == "Clear the symptoms").click().run()
    assert fake_api.orders[-1] == ("POST", "/v1/patients/p-1/symptoms/clearance", {"reason": "Examined."})


def test_a_therapist_enters_but_does_not_clear(open_page: OpenPage) -> None:
    app = open_page("patient", role="therapist", patient="p-1", tab="health")
    labels = [one.label for one in app.button]
    assert "Enter it" in labels
    assert not {"Clear it", "Clear the symptoms"} & set(labels)
    assert "Only clinicians sign this." in str(app.info[-1].value)
