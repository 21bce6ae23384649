"""What somebody has at a site that one does not see is taken all the same, on every database."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from new_people import body
from studio_rows import StudioRows

from services.access import Actor, Scope

WHO = "/v1/patients"
Ask = Callable[..., Actor]


def test_what_is_taken_at_a_site_that_one_does_not_see_is_taken(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    studio.site(id="other", name="Other")
    as_role("therapist")
    other = client.post("/v1/sites/other/patients", json=body(code="P-1", badge="badge-1")).json()
    as_role("therapist", scope=Scope(sites=frozenset({"studio"})))
    assert client.get(f"{WHO}/{other['id']}/file").status_code == 404
    url = "/v1/sites/studio/patients"
    assert client.post(url, json=body(code="P-1")).status_code == 409
    assert client.post(url, json=body(code="P-2", badge="badge-1")).status_code == 409
    mine = client.post(url, json=body(code="P-3")).json()["id"]
    assert client.put(f"{WHO}/{mine}/badge", json={"badge": "badge-1"}).status_code == 409
    assert client.put(f"{WHO}/{mine}/badge", json={"badge": "badge-3"}).status_code == 200
