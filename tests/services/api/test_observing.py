from fastapi.testclient import TestClient


def test_every_request_is_noted_by_route_and_id_without_values(
    client: TestClient, notes: list[dict[str, object]]
) -> None:
    answer = client.get("/v1/patients", params={"search": "SECRET"})
    note = notes[-1]
    assert (note["event"], note["route"], note["status"]) == ("request", "/v1/patients", 200)
    assert note["request"] == answer.headers["x-request-id"]
    assert "SECRET" not in str(note)


def test_answers_are_not_kept_nor_framed(client: TestClient) -> None:
    headers = client.get("/v1/floor").headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_only_the_dashboard_may_call_from_a_browser(client: TestClient) -> None:
    ours = client.get("/v1/floor", headers={"Origin": "http://127.0.0.1:8501"})
    foreign = client.get("/v1/floor", headers={"Origin": "http://elsewhere.example"})
    assert ours.headers["access-control-allow-origin"] == "http://127.0.0.1:8501"
    assert "access-control-allow-origin" not in foreign.headers


def test_no_page_loads_foreign_scripts(client: TestClient) -> None:
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404
