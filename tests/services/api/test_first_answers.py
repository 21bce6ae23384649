"""A request that comes again is done once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Table
from studio_rows import NOW_MS, StudioRows

from services.access import Scope
from services.store import first_answers, tables
from services.store.engine import writing

AsRole = Callable[..., None]
DOCS = Path(__file__).parents[3] / "docs"
WRITES = {"post", "put", "patch", "delete"}
WITHOUT_KEY = {  # and why the same request twice does no harm
    "sign_in": "one more token, of the one who proved it",
    "sign_in_patient": "one more token, of the one who proved it",
    "step_up": "the five minutes begin anew",
    "sign_out": "who is out stays out",
    "take_up_invitation": "an invitation is good once",
    "claim_screen": "a code is good once",
    "leave_for_provider": "one more trip, which lapses",
    "return_from_provider": "a trip is good once",
    "prove_provider_code": "a trip is good once",
    "erase_patient": "a second one finds nobody",
    "sign_limits": "If-Match",
    "restore_limits": "If-Match",
    "renew_limits": "If-Match",
    "withdraw_limits": "If-Match",
    "sign_proposal": "If-Match",
    "withdraw_proposal": "If-Match, and it is open once",
}
HOLD = "/v1/machines/lumbar-1/hold"
WISH = {"action": "pause", "reason": "belt"}


def rows(studio: StudioRows, table: Table) -> list[Any]:
    with studio.engine.connect() as connection:
        return list(connection.execute(table.select()))


def test_every_write_takes_a_key_or_says_why_not() -> None:
    taken: dict[str, set[str]] = {}
    for name in ("openapi.json", "openapi-prescriber.json"):
        for methods in json.loads((DOCS / name).read_text(encoding="utf-8"))["paths"].values():
            for method in WRITES & methods.keys():
                asked = methods[method].get("parameters", ())
                headers = {one["name"].lower() for one in asked if one["in"] == "header"}
                taken[methods[method]["operationId"]] = headers
    keyless = {name for name, headers in taken.items() if "idempotency-key" not in headers}
    assert len(taken) > 80
    assert keyless == WITHOUT_KEY.keys()
    guarded = {name for name, why in WITHOUT_KEY.items() if why.startswith("If-Match")}
    assert guarded == {name for name in keyless if "if-match" in taken[name]}


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
