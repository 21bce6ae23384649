import json
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import Body, FastAPI
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from services.api.application import application
from services.api.body_limit import BODY_MOST_BYTES, DEPTH_MOST, Nesting
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

    @app.post("/anything")
    def accept_anything(body: Annotated[Any, Body()]) -> int:
        return len(body)

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


def nested(depth: int, *, is_closed: bool = True) -> bytes:
    """Open lists and objects in turn."""
    kinds = [(b"[", b"]") if level % 2 else (b'{"a[": ', b"}") for level in range(depth)]
    closing = b"".join(end for _, end in reversed(kinds)) if is_closed else b""
    return b"".join(start for start, _ in kinds) + (b'"]}"' + closing if is_closed else b"")


@pytest.mark.parametrize("is_announced", [True, False])
@pytest.mark.parametrize("depth", [DEPTH_MOST, DEPTH_MOST + 1, 9_000])
@pytest.mark.parametrize("is_closed", [True, False])
def test_a_body_that_is_nested_too_deep_is_refused_for_that_alone(
    client: TestClient, depth: int, *, is_closed: bool, is_announced: bool
) -> None:
    content = nested(depth, is_closed=is_closed)
    answer = client.post(
        "/anything",
        content=content if is_announced else in_pieces(content),
        headers={"content-type": "application/json"},
    )
    if depth > DEPTH_MOST:
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert answer.json()["type"] == "urn:openspine:problem:too-deep"
        assert answer.json()["values"] == {"levels": str(DEPTH_MOST)}
    else:
        assert answer.status_code == (200 if is_closed else 422)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_json_is_read_in_utf_8_only_where_its_brackets_are_counted(client: TestClient, encoding: str) -> None:
    deep = "[" * (DEPTH_MOST + 1) + "]" * (DEPTH_MOST + 1)
    content = f'{{"\u2261": {deep}}}'.encode(encoding)  # one byte of the sign is that of a quotation mark
    answer = client.post("/anything", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["type"] == "urn:openspine:problem:unreadable"


@pytest.mark.parametrize("text", ["", "[" * 100, '\\"' + "[" * 100, '"' + "{" * 100 + "\\"])
@pytest.mark.parametrize("piece_bytes", [1, 7, 10_000])
def test_brackets_within_strings_do_not_count_however_they_are_cut(text: str, piece_bytes: int) -> None:
    content = json.dumps({text: [text] * 3}).encode()
    nesting = Nesting()
    pieces = [content[start : start + piece_bytes] for start in range(0, len(content), piece_bytes)]
    assert [one for one in pieces if nesting.is_too_deep(one)] == []
    assert nesting.is_too_deep(b"[" * (DEPTH_MOST + 1))
