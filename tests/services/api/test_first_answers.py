"""A request that comes again is done once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Table
from studio_rows import NOW_MS, StudioRows

from services.access import Scope
from services.store import first_answers, tables
from services.store.engine import writing

AsRole = Callable[..., None]
HOLD = "/v1/machines/lumbar-1/hold"
WISH = {"action": "pause", "reason": "belt"}


def rows(studio: StudioRows, table: Table) -> list[Any]:
    with studio.engine.connect() as connection:
        return list(connection.execute(table.select()))


@pytest.fixture
def floor(studio: StudioRows, as_role: AsRole) -> StudioRows:
    studio.machine("lumbar-1")
    as_role("therapist", scope=Scope(sites=frozenset(("studio",))))
    return studio


def test_the_same_key_is_done_once_and_answered_as_the_first_time(
    floor: StudioRows, client: TestClient
) -> None:
    key = {"Idempotency-Key": "a-key-of-mine"}
    first = client.post(HOLD, json=WISH, headers=key)
    again = client.post(HOLD, json=WISH, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again.headers["idempotent-replay"] == "true"
    assert "idempotent-replay" not in first.headers
    assert len(rows(floor, tables.staff_order)) == 1
    assert client.post(HOLD, json=WISH).status_code == 201  # without a key it is another wish
    assert len(rows(floor, tables.staff_order)) == 2


def test_another_request_under_the_same_key_is_refused(floor: StudioRows, client: TestClient) -> None:
    key = {"Idempotency-Key": "a-key-of-mine"}
    client.post(HOLD, json=WISH, headers=key)
    other = client.post(HOLD, json=WISH | {"action": "freeze"}, headers=key)
    assert other.status_code == 422
    assert len(rows(floor, tables.staff_order)) == 1


def test_what_was_refused_may_be_tried_again(floor: StudioRows, client: TestClient) -> None:
    key = {"Idempotency-Key": "a-key-of-mine"}
    assert client.post("/v1/machines/lumbar-9/hold", json=WISH, headers=key).status_code == 404
    assert rows(floor, tables.first_answer) == []
    assert client.post(HOLD, json=WISH, headers=key).status_code == 201


def test_a_lost_answer_is_said_so_and_nothing_is_done_twice(floor: StudioRows, client: TestClient) -> None:
    key = {"Idempotency-Key": "a-key-of-mine"}
    client.post(HOLD, json=WISH, headers=key)
    with writing(floor.engine) as connection:
        connection.execute(tables.first_answer.update().values(status=None, answer=None))
    assert client.post(HOLD, json=WISH, headers=key).status_code == 409
    assert len(rows(floor, tables.staff_order)) == 1


def test_of_many_at_once_one_is_done(floor: StudioRows, client: TestClient) -> None:
    key = {"Idempotency-Key": "many-at-once"}
    with ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(lambda _: client.post(HOLD, json=WISH, headers=key), range(8)))
    assert {answer.status_code for answer in answers} <= {201, 409}  # 409: the first is still being answered
    assert len(rows(floor, tables.staff_order)) == 1


def test_a_key_is_one_persons_and_lasts_a_day(floor: StudioRows) -> None:
    mine = first_answers.Claim(actor="a", key="a-key-of-mine", request_hash="1" * 64)
    yours = first_answers.Claim(actor="b", key="a-key-of-mine", request_hash="2" * 64)
    with writing(floor.engine) as connection:
        assert first_answers.claim(connection, mine, NOW_MS) is None
        assert first_answers.claim(connection, yours, NOW_MS) is None
        assert first_answers.claim(connection, mine, NOW_MS + first_answers.KEPT_MS) is not None
        assert first_answers.claim(connection, mine, NOW_MS + first_answers.KEPT_MS + 1) is None
        first_answers.forget_all(connection)
    assert rows(floor, tables.first_answer) == []


@pytest.mark.parametrize("key", ["short", "with space in it", "x" * 65, "naïve-key"])
def test_a_key_of_another_shape_is_refused(key: str, floor: StudioRows, client: TestClient) -> None:
    answer = client.post(HOLD, json=WISH, headers={b"Idempotency-Key": key.encode()})
    assert answer.status_code == 422
    assert rows(floor, tables.staff_order) == []
