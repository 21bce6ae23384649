from collections.abc import Callable

import pytest
from fake_service import papers
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.papers import Notes, list_notes
from dashboard.client import Client, Failure
from dashboard.format import Formatter
from dashboard.views.papers import notes as views
from dashboard.views.papers.notes import note_head


def test_a_massage_says_what_it_does(client: Client, show: Formatter) -> None:
    found = list_notes(client, "p-1")
    assert isinstance(found, Notes)
    massage, note = (note_head(one, show) for one in found.items)
    assert massage == "Ho Ka Ming on 20 Nov 2026 14:30 · Massage (nothing rises for 48 hours)"
    assert note == "Dr Wong Ka Yan on 12 Nov 2026 14:30"


@pytest.fixture
def notes(open_page: Callable[..., AppTest]) -> AppTest:
    return open_page("patient", role="clinician", patient="p-1", tab="notes")


def test_a_note_is_written_and_an_empty_one_is_not(notes: AppTest, fake_api: FakeApi) -> None:
    next(one for one in notes.button if one.label == "Write it down").click().run()
    assert fake_api.orders == []
    assert "nothing to write down" in str(notes.error[0].value)
    notes.text_area(key="note-body-p-1").set_value(" Slept badly. ")
    next(one for one in notes.button if one.label == "Write it down").click().run()
    body = {"kind": "note", "body": "Slept badly."}
    assert fake_api.orders == [("POST", "/v1/patients/p-1/notes", body)]
    assert notes.text_area(key="note-body-p-1").value == ""


def test_older_notes_come_page_by_page(
    open_page: Callable[..., AppTest], fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "NOTES_MOST", 1)
    app = open_page("patient", role="clinician", patient="p-1", tab="notes")
    app.button(key="older").click().run()
    assert "/v1/patients/p-1/notes?cursor=1" in fake_api.asked
    assert [str(text.value) for text in app.text] == ["Prefers mornings. Fears bending since March."]
    assert "older" not in [button.key for button in app.button]
    assert "newer ones are not shown" in str(app.info[0].value)
    app.button(key="newest").click().run()
    assert [str(text.value) for text in app.text] == ["Deep tissue at the lower back."]
    assert not app.info


def test_who_comes_back_from_another_person_begins_with_the_newest(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "NOTES_MOST", 1)
    app = open_page("patient", role="clinician", patient="p-1", tab="notes")
    app.button(key="older").click().run()
    for patient in ("p-2", "p-1"):
        app.query_params["patient"] = patient
        app.run()
    assert [str(text.value) for text in app.text] == ["Deep tissue at the lower back."]


def test_a_page_that_is_refused_does_not_shut_the_notes(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(client: Client, patient: str, cursor: str | None) -> Notes | Failure:
        return list_notes(client, patient) if cursor is None else Failure(reason="refused")

    monkeypatch.setattr(papers, "NOTES_MOST", 1)
    monkeypatch.setattr(views, "list_notes", refusing)
    app = open_page("patient", role="clinician", patient="p-1", tab="notes")
    app.button(key="older").click().run()
    assert len(app.error) == 1
    app.run()
    assert [str(text.value) for text in app.text] == ["Deep tissue at the lower back."]


def test_a_refused_note_is_not_lost(notes: AppTest, fake_api: FakeApi) -> None:
    fake_api.refusal = (503, "The database does not answer.")
    notes.text_area(key="note-body-p-1").set_value("Slept badly.")
    next(one for one in notes.button if one.label == "Write it down").click().run()
    assert len(notes.error) == 1
    assert notes.text_area(key="note-body-p-1").value == "Slept badly."


def test_only_ones_own_note_can_be_withdrawn(notes: AppTest, fake_api: FakeApi) -> None:
    own = [str(one.key) for one in notes.button if str(one.key).startswith("withdraw-")]
    assert own == ["withdraw-n-1"]
    notes.button(key="withdraw-n-1").click().run()
    assert fake_api.orders == [("POST", "/v1/notes/n-1/withdraw", None)]
