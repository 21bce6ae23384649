from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from studio_rows import NOW_MS, StudioRows, named


def test_about_names_version_zone_and_model(client: TestClient) -> None:
    assert client.get("/v1/about").json() == {
        "name": "OpenSpine",
        "version": "0.1.0",
        "demo": True,
        "zone": "Asia/Hong_Kong",
        "origin": "sim",
        "policy": "steady",
        "model": "effort-1",
        "sign_in": False,
        "attention": [],
    }


def test_dead_letter_tells_the_reason_and_never_the_content(studio: StudioRows, client: TestClient) -> None:
    studio.dead_letter("poison")
    answer = client.get("/v1/dead-letters")
    assert answer.json()["items"][0]["reason"] == "VALUE"
    assert answer.json()["items"][0]["size_bytes"] == 25
    assert "Secret Person" not in answer.text


def test_dead_letters_without_legible_origin_are_shown_under_both(
    studio: StudioRows, client: TestClient
) -> None:
    studio.dead_letter("where", origin=None, machine=None, stream=None, seq=None)
    studio.dead_letter("sim")
    assert len(client.get("/v1/dead-letters").json()["items"]) == 2
    assert len(client.get("/v1/dead-letters?origin=real").json()["items"]) == 1


def test_dead_letters_are_paged_newest_first(studio: StudioRows, client: TestClient) -> None:
    for number in range(3):
        studio.dead_letter(f"poison-{number}", received_ms=NOW_MS + number)
    first = client.get("/v1/dead-letters?limit=2").json()
    second = client.get(f"/v1/dead-letters?limit=2&cursor={first['next']}").json()
    seen = [item["id"] for item in first["items"] + second["items"]]
    assert seen == [named(f"poison-{number}") for number in (2, 1, 0)]
    assert client.get("/v1/dead-letters?limit=1000").status_code == 422


def test_a_dead_letter_is_tried_again_when_staff_ask(
    studio: StudioRows, client: TestClient, as_role: Callable[..., object]
) -> None:
    as_role("admin")
    studio.dead_letter("poison")
    assert client.post(f"/v1/dead-letters/{named('poison')}/requeue").status_code == 202
    assert [item["state"] for item in client.get("/v1/dead-letters").json()["items"]] == ["asked"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"requeued_ms": NOW_MS}, 409), ({"size_bytes": 70_000}, 409), ({"origin": "real"}, 404)],
)
def test_a_dead_letter_that_cannot_be_tried_again_is_refused(
    studio: StudioRows,
    client: TestClient,
    as_role: Callable[..., object],
    changes: dict[str, object],
    status: int,
) -> None:
    as_role("admin")
    studio.dead_letter("poison", **changes)
    assert client.post(f"/v1/dead-letters/{named('poison')}/requeue").status_code == status


@pytest.mark.parametrize(
    ("changes", "state"),
    [({}, "kept"), ({"failed_ms": NOW_MS}, "failed"), ({"requeued_ms": NOW_MS}, "taken")],
)
def test_the_list_tells_what_became_of_a_dead_letter(
    studio: StudioRows, client: TestClient, changes: dict[str, object], state: str
) -> None:
    studio.dead_letter("poison", **changes)
    assert [item["state"] for item in client.get("/v1/dead-letters").json()["items"]] == [state]
