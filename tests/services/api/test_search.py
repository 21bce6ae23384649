"""One search box: what fits best comes first, and only what one may see."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from studio_rows import DAY_MS, NOW_MS, StudioRows, named

from services.access import Actor, Scope

Ask = Callable[..., Actor]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")


def names(client: TestClient, asked: str) -> list[tuple[str, str]]:
    answer = client.get("/v1/search", params={"q": asked})
    assert answer.status_code == 200
    return [(one["what"], one["name"]) for one in answer.json()["items"]]


def test_exact_comes_before_beginning_before_word_before_part(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    for name in ("Alan", "Mei Lan", "Lan", "Lan Kwok"):
        studio.patient(name, code=f"X-{name.replace(' ', '')}")
    assert [name for _, name in names(client, "lan")] == ["Lan", "Lan Kwok", "Mei Lan", "Alan"]


def test_people_machines_and_sites_are_found_by_name_and_code(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    studio.patient()
    studio.machine("rotation-1")
    assert names(client, "p-ling") == [("patient", "Chan Mei Ling")]
    assert names(client, "rotation-1") == [("machine", "Rotation 1")]
    assert names(client, "STUDIO") == [("site", "Studio")]
    assert names(client, "nobody at all") == []


def test_sessions_are_found_by_the_studios_day(studio: StudioRows, client: TestClient, as_role: Ask) -> None:
    as_role("therapist")
    studio.patient()
    studio.visit("today", started_ms=NOW_MS)
    studio.session("today", opened_ms=NOW_MS)
    studio.session("before", visit="today", opened_ms=NOW_MS - DAY_MS)
    assert names(client, "2026-11-18") == [("session", "Chan Mei Ling")]
    assert names(client, "2026-11-19") == []


def test_alerts_are_found_by_whose_they_are_and_what_they_say(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    patient = studio.patient()
    studio.visit("today", started_ms=NOW_MS)
    studio.session("today", opened_ms=NOW_MS)
    studio.alert("pain", "red", patient_id=patient, session_id=named("today"))
    assert names(client, "chan mei ling") == [("patient", "Chan Mei Ling"), ("alert", "Chan Mei Ling")]
    assert names(client, "痛") == names(client, "pressed pain") == [("alert", "Chan Mei Ling")]
    (found,) = client.get("/v1/search", params={"q": "痛"}).json()["items"]
    assert (found["hint"], found["patient"], found["at"] is not None) == ("pain", patient, True)
    as_role("admin")
    assert names(client, "pressed pain") == []


def test_who_comes_no_more_is_found_last(studio: StudioRows, client: TestClient, as_role: Ask) -> None:
    as_role("therapist")
    studio.patient("Chan A", archived_ms=NOW_MS)
    studio.patient("Chan B")
    found = client.get("/v1/search", params={"q": "chan"}).json()["items"]
    assert [(one["name"], one["active"]) for one in found] == [("Chan B", True), ("Chan A", False)]


def test_each_role_finds_what_it_may_read_and_of_its_sites(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    studio.patient("Studio Chan")
    studio.machine("studio-1")
    as_role("admin")
    assert {what for what, _ in names(client, "studio")} == {"site", "machine"}
    as_role("auditor")
    assert {what for what, _ in names(client, "studio")} == {"site"}
    as_role("therapist", scope=Scope(sites=frozenset({"elsewhere"})))
    assert names(client, "studio") == []
    as_role("anonymous")
    assert client.get("/v1/search", params={"q": "studio"}).status_code == 401


def test_at_most_twenty_are_found_and_nothing_is_no_question(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    for number in range(25):
        studio.patient(f"Chan {number:02}", code=f"C-{number}")
    assert len(names(client, "chan")) == 20
    for asked in ("", "a\u0000b", "x" * 65):
        assert client.get("/v1/search", params={"q": asked}).status_code == 422
