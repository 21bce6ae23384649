import json
from typing import Annotated, Literal

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from pydantic import BaseModel, Field, FiniteFloat

from services.api.application import application
from services.api.metrics import Traffic
from services.api.problems import bad_value


class Plate(BaseModel):
    kind: Literal["plate"]


class Band(BaseModel):
    kind: Literal["band"]


class Body(BaseModel, extra="forbid"):
    load_kg: FiniteFloat
    made_of: Annotated[Plate | Band, Field(discriminator="kind")] | None = None


@pytest.fixture
def app() -> FastAPI:
    app = application(
        version="0", origins=[], traffic=Traffic(CollectorRegistry()), note=lambda *_, **__: None
    )

    @app.post("/try")
    def accept(body: Body) -> Body:
        if body.load_kg < 0:
            raise bad_value("body.load_kg", "Must not be negative.")
        return Body(load_kg=1 / body.load_kg)

    return app


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


def send(client: TestClient, body: str) -> tuple[int, str]:
    answer = client.post("/try", content=body, headers={"content-type": "application/json"})
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    "body",
    [
        '{"load_kg": "SECRET"}',
        '{"load_kg": NaN, "SECRET": NaN}',
        '{"load_kg": [NaN, Infinity, 1e999, "SECRET"]}',
        '{"load_kg": "\\ud800SECRET"}',
        '{"SECRET": 1}',
        '["SECRET"]',
        '{"load_kg": 1, "SECRET": 2}',
        '{"load_kg": 1, "made_of": {"kind": "SECRET"}}',
        "{SECRET",
        "",
    ],
)
def test_bad_body_is_a_422_that_repeats_nothing(client: TestClient, body: str) -> None:
    status, text = send(client, body)
    assert (status, "SECRET" in text) == (422, False)
    assert "NaN" not in text
    assert json.loads(text)["mistakes"]


def test_refused_value_names_its_place(client: TestClient) -> None:
    status, text = send(client, '{"load_kg": -1}')
    assert status == 422
    wrong = {"where": "body.load_kg", "what": "Must not be negative.", "type": "about:blank", "values": {}}
    assert json.loads(text)["mistakes"] == [wrong]
    assert json.loads(text)["type"] == "urn:openspine:problem:mistake"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ('{"load_kg": "SECRET"}', "body.load_kg"),
        ("{}", "body.load_kg"),
        ('{"load_kg": 1, "weeks": 2}', "body"),  # one of our words elsewhere, and the sender's own here
        ('["SECRET"]', "body"),
    ],
)
def test_a_value_that_cannot_be_read_names_its_place_if_that_is_a_word_of_ours(
    client: TestClient, body: str, where: str
) -> None:
    _, text = send(client, body)
    assert [one["where"] for one in json.loads(text)["mistakes"]] == [where]


def test_a_key_of_the_senders_own_is_no_place(app: FastAPI, client: TestClient) -> None:
    @app.post("/many")
    def many(body: dict[str, dict[str, Body]]) -> None:
        del body

    sent = {"SECRET": {"reps": {"load_kg": "heavy"}}}
    mistakes = client.post("/many", json=sent).json()["mistakes"]
    assert mistakes == [
        {
            "where": "body.reps.load_kg",
            "what": "Input should be a valid number, unable to parse string as a number",
            "type": "urn:openspine:problem:number-unread",
            "values": {},
        }
    ]


def test_bug_is_a_500_without_a_trace(client: TestClient) -> None:
    status, text = send(client, '{"load_kg": 0}')
    assert status == 500
    assert "ZeroDivisionError" not in text
    assert json.loads(text)["instance"].startswith("urn:uuid:")


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("GET", "/try", 405)])
def test_unrouted_requests_are_problems(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
