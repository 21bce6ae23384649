"""docs/openapi.json is what clients read: a change of the API must be seen in a review."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.api.__main__ import description, text

SNAPSHOT = Path(__file__).parents[3] / "docs" / "openapi.json"
EVENTS = ("LiveFrame", "LiveFrames", "LiveState", "Heartbeat")


def operations() -> list[tuple[str, dict[str, Any]]]:
    """Of the written description, which is cheaper to read than to make, and shown to be the same."""
    paths = json.loads(SNAPSHOT.read_text(encoding="utf-8"))["paths"]
    return [(path, operation) for path, methods in paths.items() for operation in methods.values()]


OPERATIONS = operations()


def test_snapshot_is_up_to_date() -> None:
    written = SNAPSHOT.read_text(encoding="utf-8")
    assert written == text(), "stale: run `python -m services.api > docs/openapi.json`"


@pytest.mark.parametrize(("path", "operation"), OPERATIONS, ids=[path for path, _ in OPERATIONS])
def test_every_refusal_is_a_problem_and_every_answer_has_a_shape(
    path: str, operation: dict[str, Any]
) -> None:
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if status in ("204", "304"):
            assert list(content) == []
        elif status.startswith("2"):
            assert list(content) != []
        elif path != "/readyz":
            assert list(content) == ["application/problem+json"]


def test_every_shape_has_an_example() -> None:
    schemas = description()["components"]["schemas"]
    assert set(EVENTS) <= set(schemas)
    assert [name for name, schema in schemas.items() if not schema.get("examples")] == []


def test_operation_names_are_unique() -> None:
    names = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(names) == len(set(names)) == len(OPERATIONS)
