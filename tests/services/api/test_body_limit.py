from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from services.api.application import application
from services.api.body_limit import BODY_MOST_BYTES
from services.api.metrics import Traffic


class Text(BaseModel):
    text: str


@pytest.fixture
def client() -> TestClient:
    app: FastAPI = application(
        version="0", origins=[], traffic=Traffic(CollectorRegistry()), note=lambda *_, **__: None
    )

    @app.post("/try")
    def accept(body: Text) -> int:
        return len(body.text)

    return TestClient(app, raise_server_exceptions=False)


def body(size: int) -> bytes:
    return b'{"text": "' + b"x" * (size - 12) + b'"}'


def in_pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), 10_000):
        yield content[start : start + 10_000]


@pytest.mark.parametrize("is_announced", [True, False])
@pytest.mark.parametrize(("size", "status"), [(BODY_MOST_BYTES, 200), (BODY_MOST_BYTES + 1, 413)])
def test_body_beyond_the_limit_is_refused_announced_or_not(
    client: TestClient, is_announced: bool, size: int, status: int
) -> None:
    content = body(size)
    answer = client.post(
        "/try",
        content=content if is_announced else in_pieces(content),
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == status
    if status == 413:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-request-id"]


@pytest.mark.parametrize("opening", [b"[", b'{"text": '])
@pytest.mark.parametrize("is_closed", [True, False])
def test_a_body_that_is_nested_too_deep_is_refused_and_breaks_nothing(
    client: TestClient, opening: bytes, *, is_closed: bool
) -> None:
    deep = (BODY_MOST_BYTES // 2) // len(opening)
    closing = b"]" if opening == b"[" else b"}"
    content = opening * deep + (b"1" + closing * deep if is_closed else b"")
    answer = client.post("/try", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code // 100, answer.headers["content-type"]) == (4, "application/problem+json")
    assert client.post("/try", json={"text": "as before"}).json() == 9
