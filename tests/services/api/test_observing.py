import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry

from services.api.application import application
from services.api.metrics import Traffic


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


def failing(notes: list[dict[str, object]]) -> FastAPI:
    app = application(
        version="0",
        origins=[],
        traffic=Traffic(CollectorRegistry()),
        note=lambda event, **values: notes.append({"event": event} | values),
    )

    @app.get("/bug")
    def fail() -> int:
        raise ValueError("SECRET")

    @app.get("/late")
    def fail_late() -> StreamingResponse:
        def body() -> object:
            yield b"x"
            raise ValueError("SECRET")

        return StreamingResponse(body())  # type: ignore[arg-type]

    return app


def test_failure_is_noted_by_place_and_never_by_its_message(notes: list[dict[str, object]]) -> None:
    answer = TestClient(failing(notes)).get("/bug")
    assert answer.status_code == 500
    assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    failed = next(note for note in notes if note["event"] == "request failed")
    assert failed["request"] == answer.headers["x-request-id"]
    assert failed["error"] == "ValueError"
    assert "test_observing.py" in str(failed["places"])
    assert "SECRET" not in str(notes)


def test_failure_after_the_first_byte_breaks_off_without_its_message(notes: list[dict[str, object]]) -> None:
    with pytest.raises(RuntimeError, match="broke off") as caught:
        TestClient(failing(notes)).get("/late")
    assert "SECRET" not in str(caught.value)
    assert "SECRET" not in str(notes)
