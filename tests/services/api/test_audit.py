from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from studio_rows import StudioRows

from services.access import Scope
from services.store import audit
from services.store.engine import writing


@pytest.fixture
def written(studio: StudioRows) -> None:
    """Three entries: of two people, about two patients."""
    said = (
        ("dr-wong", "limits.sign", "p1"),
        ("dr-lee", "patient.read", "p1"),
        ("dr-wong", "patient.read", "p2"),
    )
    with writing(studio.engine) as connection:
        for number, (actor, action, patient) in enumerate(said):
            audit.record(
                connection,
                audit.Entry(
                    at_ms=number, actor=actor, action=action, thing="patient", thing_id=patient,
                    detail={"version": 1, "reason": "hurts less"},
                ),
            )  # fmt: skip


@pytest.mark.usefixtures("written")
def test_entries_are_listed_newest_first_in_pages_and_without_words_of_people(
    client: TestClient, as_role: Callable[..., object]
) -> None:
    as_role("auditor")
    first = client.get("/v1/audit?limit=2")
    second = client.get(f"/v1/audit?limit=2&cursor={first.json()['next']}").json()
    assert [one["number"] for one in first.json()["items"] + second["items"]] == [3, 2, 1]
    assert second["next"] is None
    assert "hurts less" not in first.text
    assert first.json()["items"][0]["detail"]["version"] == 1


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("actor=dr-wong", [3, 1]),
        ("action=patient.read", [3, 2]),
        ("thing_id=p1", [2, 1]),
        ("actor=nobody", []),
    ],
)
def test_entries_are_filtered(
    client: TestClient, as_role: Callable[..., object], query: str, numbers: list[int]
) -> None:
    as_role("auditor")
    assert [one["number"] for one in client.get(f"/v1/audit?{query}").json()["items"]] == numbers


@pytest.mark.usefixtures("written")
def test_an_auditor_of_some_sites_sees_no_chain_of_all(
    client: TestClient, as_role: Callable[..., object]
) -> None:
    as_role("auditor", scope=Scope(sites=frozenset({"studio"})))
    answer = client.get("/v1/audit")
    assert (answer.status_code, "items" in answer.json()) == (403, False)


@pytest.mark.parametrize("role", ["patient", "therapist", "clinician", "machine", "emulator"])
def test_nobody_but_auditors_sees_it(client: TestClient, as_role: Callable[..., object], role: str) -> None:
    as_role(role)
    assert client.get("/v1/audit").status_code == 403
