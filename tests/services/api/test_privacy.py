from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from planted import Planted
from studio_rows import StudioRows

from services.store import audit
from services.store.engine import writing

AsRole = Callable[..., object]


@pytest.fixture
def eve(studio: StudioRows) -> Planted:
    with writing(studio.engine) as connection:
        planted = Planted(connection, "eve-")
        planted.plant()
    return planted


def entries(studio: StudioRows) -> list[tuple[str, str]]:
    with studio.engine.connect() as connection:
        return [(row.action, row.object_id) for row in audit.stored(connection)]


def test_a_person_takes_everything_away_and_that_is_written_down(
    client: TestClient, as_role: AsRole, studio: StudioRows, eve: Planted
) -> None:
    as_role("clinician", stepped_up=True)
    answer = client.get(f"/v1/patients/{eve.patient_id}/everything")
    assert answer.status_code == 200
    assert answer.json()["tables"]["note"][0]["body"] == eve.markers["note", "body"]
    assert ("patient.export", eve.patient_id) in entries(studio)


def test_an_admin_erases_and_sees_nothing(
    client: TestClient, as_role: AsRole, studio: StudioRows, eve: Planted
) -> None:
    url = f"/v1/patients/{eve.patient_id}/erasure"
    as_role("admin")
    assert client.post(url, json={"reason": "asked in writing"}).status_code == 403
    as_role("admin", stepped_up=True)
    assert client.get(f"/v1/patients/{eve.patient_id}/everything").status_code == 403
    answer = client.post(url, json={"reason": "asked in writing"})
    assert answer.status_code == 200
    assert (answer.json()["patient"], answer.json()["sessions_kept"]) == (eve.patient_id, 0)
    assert ("patient.erase", eve.patient_id) in entries(studio)
    assert client.post(url, json={"reason": "again"}).status_code == 404


def test_a_reason_is_asked_for_and_care_alone_does_not_erase(
    client: TestClient, as_role: AsRole, eve: Planted
) -> None:
    url = f"/v1/patients/{eve.patient_id}/erasure"
    as_role("admin", stepped_up=True)
    assert client.post(url, json={}).status_code == 422
    as_role("therapist", stepped_up=True)
    assert client.post(url, json={"reason": "mistake"}).status_code == 403
