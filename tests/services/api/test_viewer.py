from collections.abc import Callable

import pytest
from door_people import DoorPeople
from fastapi.testclient import TestClient
from studio_rows import StudioRows

from services.access import Actor, Role, Scope
from services.api.viewer import HEADER, mark_of

KEY = b"k" * 32
HERE = Scope(sites=frozenset({"studio"}))


def actor(name: str = "a-1", role: Role = "therapist") -> Actor:
    return Actor(id=name, name="Ho Wing Yan", role=role, scope=HERE)


def test_a_mark_is_of_an_account_in_its_role_and_keeps_its_id() -> None:
    mark = mark_of(actor(), KEY)
    others = (actor("a-2"), actor(role="clinician"))
    assert mark_of(actor(), KEY) == mark
    assert len({mark, *(mark_of(other, KEY) for other in others)}) == 3
    assert mark_of(actor(), b"another") != mark
    assert "a-1" not in mark


@pytest.mark.parametrize("key", [b"", b"k" * 200])
def test_any_key_will_do(key: bytes) -> None:
    assert len(mark_of(actor(), key)) == 24


def test_who_shares_a_floor_is_still_told_apart_also_where_nothing_is_sent_again(
    studio: StudioRows, client: TestClient, as_role: Callable[..., Actor]
) -> None:
    studio.machine()
    told: dict[str, str] = {}
    bodies = set()
    for who in ("wing", "chi", "wing"):
        as_role("therapist", actor_id=who, scope=HERE)
        whole = client.get("/v1/floor")
        same = client.get("/v1/floor", headers={"If-None-Match": whole.headers["etag"]})
        assert (whole.status_code, same.status_code) == (200, 304)
        assert whole.headers[HEADER] == same.headers[HEADER] == told.setdefault(who, whole.headers[HEADER])
        bodies.add(whole.content)
        assert who not in whole.headers[HEADER]
    assert told["wing"] != told["chi"]
    assert len(bodies) == 1


def test_the_mark_of_who_has_signed_in_is_that_of_the_floor_under_the_same_sign_in(door: DoorPeople) -> None:
    marks = []
    for login in ("mei", "lee"):
        _, seed = door.staff(login, "therapist")
        bearer = door.token(login, seed)
        me, floor = (door.client.get(f"/v1/{part}", headers=bearer) for part in ("me", "floor"))
        assert me.json()["mark"] == floor.headers[HEADER]
        marks.append(me.json()["mark"])
    assert len(set(marks)) == 2


def test_a_page_may_read_whose_answer_it_is(client: TestClient) -> None:
    answer = client.get("/v1/floor", headers={"Origin": "http://127.0.0.1:8501"})
    assert HEADER in answer.headers["access-control-expose-headers"]
