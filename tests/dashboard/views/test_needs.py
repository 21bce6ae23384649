from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fake_service.api import FakeApi
from opened_dialog import open_dialog
from streamlit.testing.v1 import AppTest

from dashboard.api.needs import Need, Needs, list_needs
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.needs import OUTCOMES, TESTS, call, call_note, clear, helps, note, order, since
from dashboard.views.proof import PROVEN

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]
NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)


@pytest.fixture
def needs(client: Client, fake_api: FakeApi) -> dict[str, Need]:
    answer = list_needs(client)
    assert isinstance(answer, Needs)
    fake_api.role = "clinician"
    return {need.patient.id: need for need in answer.items}


def test_what_helps_fits_the_reasons(needs: dict[str, Need]) -> None:
    assert helps(needs["p-1"], "clinician") == ("acknowledge", "note")
    assert helps(needs["p-2"], "clinician") == ("acknowledge", "clear", "note")
    assert helps(needs["p-2"], "therapist") == ("acknowledge", "note")
    assert helps(needs["p-3"], "therapist") == ("health", "note")
    assert helps(needs["p-6"], "therapist") == ("call", "book")
    (missed,) = needs["p-6"].reasons
    uneven = replace(needs["p-6"], reasons=(replace(missed, code="asymmetry"),))
    assert helps(uneven, "therapist") == ("test", "note")


def test_a_reason_says_since_when_and_of_today_the_time_alone(
    needs: dict[str, Need], show: Formatter
) -> None:
    assert since(needs["p-1"].reasons[0], NOW, show).endswith(":gray[since 14:21]")
    assert since(needs["p-6"].reasons[0], NOW, show).endswith(":gray[since 18 Nov 2026 14:30]")


def test_one_click_acknowledges_all_that_nobody_has_seen(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("needs", role="therapist")
    assert next(link.label for link in app.page_link if link.label.startswith("**")) == "**Chan Mei Ling**"
    app.button(key="acknowledge-p-1").click().run()
    assert [where for _, where, _ in fake_api.orders] == [
        "/v1/alerts/al-0/acknowledge",
        "/v1/alerts/al-1/acknowledge",
    ]
    keys = {button.key for button in app.button}
    assert "acknowledge-p-1" not in keys
    assert "undo" in keys


def test_a_call_is_noted_with_what_came_of_it(
    needs: dict[str, Need], api_url: str, fake_api: FakeApi, show_lb: Formatter
) -> None:
    app = open_dialog(api_url, call, needs["p-6"])
    app.pills(key="outcome-p-6").set_value("No answer").run()
    app.text_input(key="said-p-6").set_value(" Try on Monday. ").run()
    app.button(key="called-p-6").click().run()
    body = {"kind": "note", "body": "Called: no answer. Try on Monday."}
    assert fake_api.orders == [("POST", "/v1/patients/p-6/notes", body)]
    assert "已聯絡上" in call_note("Reached", "", show_lb)


def test_a_note_is_kept_only_when_something_is_written(
    needs: dict[str, Need], api_url: str, fake_api: FakeApi
) -> None:
    app = open_dialog(api_url, note, needs["p-1"])
    assert app.button(key="kept-p-1").disabled
    app.text_area(key="words-p-1").set_value(" Looks well. ").run()
    app.button(key="kept-p-1").click().run()
    assert fake_api.orders[-1] == ("POST", "/v1/patients/p-1/notes", {"kind": "note", "body": "Looks well."})


def test_symptoms_are_cleared_with_a_proof_and_a_reason(
    needs: dict[str, Need], api_url: str, fake_api: FakeApi
) -> None:
    assert "cleared-p-2" not in {one.key for one in open_dialog(api_url, clear, needs["p-2"]).button}
    fake_api.stepped_up_until = "2099-01-01T00:00:00Z"
    app = open_dialog(api_url, clear, needs["p-2"])
    assert app.button(key="cleared-p-2").disabled
    app.text_input(key="reason-clear-p-2").set_value("Seen and examined.").run()
    app.button(key="cleared-p-2").click().run()
    assert fake_api.orders[-1][1:] == (
        "/v1/patients/p-2/symptoms/clearance",
        {"reason": "Seen and examined."},
    )


def test_the_dialog_that_asked_for_a_proof_is_open_again_after_it(
    open_page: Callable[..., AppTest], fake_api: FakeApi
) -> None:
    fake_api.stepped_up_until = "2099-01-01T00:00:00Z"
    app = open_page("needs", role="clinician")
    assert "reason-clear-p-2" not in {one.key for one in app.text_input}
    app.session_state[PROVEN] = "clear-p-2"
    assert "reason-clear-p-2" in {one.key for one in app.run().text_input}
    assert PROVEN not in app.session_state


def test_a_test_is_ordered_on_one_of_the_persons_stations(
    needs: dict[str, Need], api_url: str, fake_api: FakeApi
) -> None:
    app = open_dialog(api_url, order, needs["p-1"])
    app.selectbox(key="kind-p-1").select("trunk_rotation").run()
    app.segmented_control(key="which-p-1").set_value("strength").run()
    app.button(key="ordered-p-1").click().run()
    body = {"kind": "trunk_rotation", "test": "strength"}
    assert fake_api.orders[-1] == ("POST", "/v1/patients/p-1/tests", body)


def test_every_word_is_translated() -> None:
    assert {*OUTCOMES, *TESTS.values()} - traditional_chinese().keys() == set()
