from datetime import UTC, datetime

import msgspec
import pytest
from fake_service.api import FakeApi, Mood

from dashboard.api.adjustments import AdjustmentPage, list_adjustments
from dashboard.api.balance import Balance, read_balance
from dashboard.api.door import About, read_about
from dashboard.api.floor import Floor, read_floor
from dashboard.api.people import Patient, PatientPage, list_patients, read_patient
from dashboard.api.progress import Progress, read_progress
from dashboard.api.sessions import SessionDetail, SessionPage, list_sessions, read_session
from dashboard.client import Client, Failure, decode
from dashboard.views.floor import faults_first


def test_every_answer_of_the_service_is_read_into_its_type(client: Client) -> None:
    assert isinstance(read_about(client), About)
    assert isinstance(read_floor(client), Floor)
    assert isinstance(list_patients(client), PatientPage)
    assert isinstance(read_patient(client, "p-1"), Patient)
    assert isinstance(read_balance(client, "p-1"), Balance)
    assert isinstance(read_progress(client, "p-1"), Progress)
    assert isinstance(list_adjustments(client, "p-1", 20), AdjustmentPage)
    assert isinstance(list_sessions(client, "p-1"), SessionPage)
    assert isinstance(read_session(client, "s-0"), SessionDetail)


def test_moments_are_aware_and_from_becomes_before(client: Client) -> None:
    ledger = list_adjustments(client, "p-1", 2)
    assert isinstance(ledger, AdjustmentPage)
    assert ledger.items[0].at == datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
    before = ledger.items[1].before
    assert before is not None
    assert ledger.items[1].after.load_kg == pytest.approx(before.load_kg + 0.5)


def test_search_and_limit_reach_the_service(client: Client, fake_api: FakeApi) -> None:
    found = list_patients(client, "mei ling & co")
    list_adjustments(client, "p-1", 40)
    assert fake_api.asked[0] == "/v1/patients?search=mei+ling+%26+co&limit=50"
    list_adjustments(client, "p-1", 40, "lb")
    read_floor(client, "lb")
    assert fake_api.asked[1].endswith("/adjustments?limit=40")
    assert fake_api.asked[2].endswith("/adjustments?limit=40&unit=lb")
    assert fake_api.asked[3] == "/v1/floor?unit=lb"
    assert isinstance(found, PatientPage)
    assert found.items == ()


def test_an_id_cannot_reach_another_address(client: Client, fake_api: FakeApi) -> None:
    assert isinstance(read_patient(client, "../about"), Failure)
    assert "/v1/about" not in fake_api.asked


@pytest.mark.parametrize(
    ("mood", "reason", "status"), [("broken", "broken", 503), ("garbled", "garbled", None)]
)
def test_a_bad_answer_is_a_value(
    mood: Mood, reason: str, status: int | None, client: Client, fake_api: FakeApi
) -> None:
    fake_api.mood = mood
    answer = read_floor(client)
    assert isinstance(answer, Failure)
    assert (answer.reason, answer.status) == (reason, status)


def test_an_unknown_person_is_missing_with_the_words_of_the_service(client: Client) -> None:
    found = read_patient(client, "nobody")
    assert isinstance(found, Failure)
    assert (found.reason, found.status, found.detail) == ("missing", 404, "Unknown.")
    assert found.reference == "0b6c2a1e-8a53-4f6e-9f56-7b6b3c8f2d10"


def test_a_service_that_is_away_is_unreachable(free_port: int) -> None:
    assert read_about(Client(f"http://127.0.0.1:{free_port}")) == Failure(reason="unreachable")


def test_a_body_of_another_shape_names_the_place() -> None:
    answer = decode(b'{"name": "x", "version": "1", "demo": "yes", "zone": "UTC"}', About)
    assert isinstance(answer, Failure)
    assert answer.reason == "garbled"
    assert "demo" in answer.detail


def test_a_word_that_is_new_breaks_no_page(client: Client) -> None:
    floor = read_floor(client)
    assert isinstance(floor, Floor)
    body = msgspec.json.encode(floor).replace(b'"light":"amber"', b'"light":"violet"')
    newer = decode(body, Floor)
    assert isinstance(newer, Floor)
    assert "violet" in {tile.light for tile in newer.items}
    assert faults_first(newer.items)[-1].light == "violet"
