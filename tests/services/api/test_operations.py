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
