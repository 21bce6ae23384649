from collections.abc import Callable
from datetime import date

import pytest
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL
from streamlit.testing.v1 import AppTest

from dashboard.api.files import FILES, get_patient_file
from dashboard.client import Client, File
from dashboard.format import Formatter
from dashboard.views.files import facts_words, file_name, size_words

OpenPage = Callable[..., AppTest]
CHOICES = {"language": "zh-HK", "unit": "lb"}


@pytest.mark.parametrize("what", FILES)
def test_every_file_is_asked_for_in_what_it_takes(what: str, client: Client, fake_api: FakeApi) -> None:
    found = get_patient_file(client, "p-1", what, "a-name", CHOICES)
    assert isinstance(found, File)
    address, _, query = fake_api.asked[-1].partition("?")
    assert address == f"/v1/patients/p-1/{FILES[what].address}"
    taken = [part.split("=")[0] for part in query.split("&") if part]
    assert set(taken) == set(FILES[what].takes)
    assert found.zone == ("Asia/Hong_Kong" if FILES[what].ending == "csv" else "UTC")  # as the service says


def test_a_name_says_what_and_when_but_not_of_whom() -> None:
    assert file_name("record", date(2026, 11, 21)) == "openspine-record-2026-11-21.fhir.json"


@pytest.mark.parametrize(("count", "said"), [(812, "812 B"), (12_400, "12.4 kB"), (3_100_000, "3.1 MB")])
def test_a_size_is_readable(count: int, said: str) -> None:
    assert size_words(count) == said


def test_unit_and_zone_are_said(show: Formatter) -> None:
    file = File(name="x.pdf", media_type="application/pdf", content=b"12345", zone="Asia/Tokyo")
    said = "x.pdf · 5 B · weights in lb · times in Asia/Tokyo"  # as it was written, not as the screen is
    assert facts_words("report", file, "lb", show) == said
    assert "weights in kg" in facts_words("progress", file, "lb", show)


def test_a_file_is_made_on_asking_and_offered_until_another_is_chosen(
    open_page: OpenPage, fake_api: FakeApi
) -> None:
    fake_api.stepped_up_until = FRESH_UNTIL
    app = open_page("patient", role="therapist", patient="p-1", tab="files", unit="lb")
    assert not [path for path in fake_api.asked if "report.pdf" in path]
    app.button(key="make-file").click().run()
    assert "/v1/patients/p-1/report.pdf?unit=lb&language=en" in fake_api.asked
    assert "weights in lb" in "\n".join(str(one.value) for one in app.markdown)
    app.selectbox(key="file-p-1").set_value("pain").run()
    assert "weights in" not in "\n".join(str(one.value) for one in app.markdown)


def test_nothing_leaves_before_a_fresh_proof(open_page: OpenPage) -> None:
    app = open_page("patient", role="therapist", patient="p-1", tab="files")
    assert app.text_input(key="proof-words-files")
    assert not [one for one in app.button if one.key == "make-file"]
