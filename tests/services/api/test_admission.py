"""Who gets through the door, by role and by whose the object is."""

from collections.abc import Callable
from http import HTTPStatus

from fastapi.testclient import TestClient
from studio_rows import StudioRows

from services.access import Actor, Scope


def test_the_role_of_who_asks_decides(client: TestClient, as_role: Callable[..., Actor]) -> None:
    as_role("anonymous")
    assert client.get("/v1/patients").status_code == HTTPStatus.UNAUTHORIZED
    as_role("admin")
    assert client.get("/v1/patients").status_code == HTTPStatus.FORBIDDEN
    as_role("therapist")
    assert client.get("/v1/patients").status_code == HTTPStatus.OK


def test_a_person_of_another_site_is_not_there(
    client: TestClient, as_role: Callable[..., Actor], studio: StudioRows
) -> None:
    patient_id = studio.patient("p-1")
    as_role("therapist", scope=Scope(sites=frozenset({"elsewhere"})))
    foreign = client.get(f"/v1/patients/{patient_id}")
    missing = client.get("/v1/patients/00000000-0000-4000-8000-000000000000")
    assert foreign.status_code == missing.status_code == HTTPStatus.NOT_FOUND
    assert foreign.json()["detail"] == missing.json()["detail"]
