import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
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
from dashboard.client import Client, Failure, File, Order, _problem, decode
from dashboard.screen import urgency


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
    assert max(newer.items, key=lambda tile: urgency(tile.light)).light == "violet"


def test_an_order_carries_body_version_and_a_key(client: Client, fake_api: FakeApi) -> None:
    order = Order(path="/v1/step-up", body={"pin": "1234"}, version='"3"')
    assert client.do(order) is None
    assert fake_api.orders == [("POST", "/v1/step-up", {"pin": "1234"})]
    assert fake_api.headers[-1]["if-match"] == '"3"'
    assert client.do(replace(order, body={"pin": "5678"})) is None
    assert client.do(replace(order, key="of-its-own")) is None
    keys = [sent["idempotency-key"] for sent in fake_api.headers]
    assert len(set(keys)) == len(keys) == 3
    assert keys[-1] == "of-its-own"


def test_a_second_click_is_the_same_order_though_its_body_names_a_newer_version(
    client: Client, fake_api: FakeApi
) -> None:
    def move(version: int, minutes: int = 40) -> Order:
        body = {"version": version, "minutes": minutes}
        return Order(path="/v1/bookings/b-1/move", body=body, seen="version")

    assert [client.do(move(3)), client.do(move(4))] == [None, None]
    assert len(fake_api.orders) == 1
    client.do(move(4, minutes=50))
    client.move_on()
    client.do(move(4))
    assert [body["version"] for _, _, body in fake_api.orders] == [3, 4, 4]


def test_the_same_order_is_sent_once_until_its_answer_was_seen(client: Client, fake_api: FakeApi) -> None:
    order = Order(path="/v1/staff", body={"name": "Wong"})
    first = client.send(order, dict[str, object])
    assert client.send(replace(order, version='"2"'), dict[str, object]) == first
    assert len(fake_api.orders) == 1
    client.move_on()
    assert client.send(order, dict[str, object]) == first
    one, other = (sent["idempotency-key"] for sent in fake_api.headers)
    assert one != other


def test_a_second_click_waits_for_the_answer_of_the_first(
    client: Client, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = client._http.request

    def late(*order: Any, **more: Any) -> httpx2.Response:
        time.sleep(0.2)  # long enough for the other click
        return request(*order, **more)

    monkeypatch.setattr(client._http, "request", late)
    order = Order(path="/v1/staff", body={"name": "Wong"})
    with ThreadPoolExecutor(max_workers=2) as clicks:
        one, other = clicks.map(lambda _: client.send(order, dict[str, object]), range(2))
    assert one == other
    assert not isinstance(one, Failure)
    assert len(fake_api.orders) == 1


def test_a_refused_order_is_sent_again(client: Client, fake_api: FakeApi) -> None:
    order = Order(path="/v1/step-up", body={"pin": "1234"})
    fake_api.refusal = (409, "Not now.")
    assert isinstance(client.do(order), Failure)
    fake_api.refusal = None
    assert client.do(order) is None
    assert len(fake_api.orders) == 1


def test_a_refused_order_is_a_value_with_the_words_of_the_service(client: Client, fake_api: FakeApi) -> None:
    fake_api.refusal = (409, "Somebody was faster.")
    answer = client.do(Order(path="/v1/step-up"))
    assert isinstance(answer, Failure)
    assert (answer.reason, answer.status, answer.detail) == ("refused", 409, "Somebody was faster.")


def test_a_wish_for_a_fresh_proof_is_told_from_a_role_that_never_may() -> None:
    asked = problem_of(403, type="urn:openspine:problem:step-up", detail="Prove again.")
    never = problem_of(403, type="about:blank", detail="Your role may not do this.")
    assert (asked.reason, never.reason) == ("step_up", "forbidden")


def test_every_mistake_of_a_body_is_named() -> None:
    mistakes = [{"where": "body", "what": "Too short."}, {"where": "query.day", "what": "No day."}]
    found = problem_of(422, type="about:blank", detail="The request has mistakes.", mistakes=mistakes)
    assert found.detail == "The request has mistakes. body: Too short. query.day: No day."


def problem_of(status: int, **body: object) -> Failure:
    return _problem(httpx2.Response(status, json=body))


def test_an_order_whose_answer_was_lost_is_sent_once_more_under_the_same_key() -> None:
    """A server that hangs up on the first request: the second one must be recognisable."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        serving = threading.Thread(target=hang_up_once, args=(server, heard), daemon=True)
        serving.start()
        client = Client(f"http://127.0.0.1:{server.getsockname()[1]}")
        assert client.do(Order(path="/v1/holds", key="the-same-key")) is None
        serving.join(timeout=5)
    assert [b"the-same-key" in request for request in heard] == [True, True]


def hang_up_once(server: socket.socket, heard: list[bytes]) -> None:
    for answer in (b"", b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"):
        connection, _ = server.accept()
        with connection:
            heard.append(connection.recv(4096))
            connection.sendall(answer)


def test_a_file_keeps_its_type_and_bytes(client: Client) -> None:
    found = client.get_file("/v1/about", "about.json")
    assert isinstance(found, File)
    assert (found.name, found.media_type) == ("about.json", "application/json")
    assert found.content.startswith(b"{")
