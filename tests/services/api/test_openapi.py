"""The descriptions in docs are what clients read: a change of an API must be seen in a review."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.api import __main__ as service
from services.prescribing import __main__ as prescriber

DOCS = Path(__file__).parents[3] / "docs"
SNAPSHOTS = {"openapi.json": service, "openapi-prescriber.json": prescriber}
EVENTS = ("LiveFrame", "LiveFrames", "LiveState", "Heartbeat")


def operations(name: str) -> list[tuple[str, dict[str, Any]]]:
    """Of the written description, which is cheaper to read than to make, and shown to be the same."""
    paths = json.loads((DOCS / name).read_text(encoding="utf-8"))["paths"]
    return [(path, operation) for path, methods in paths.items() for operation in methods.values()]


OPERATIONS = [one for name in SNAPSHOTS for one in operations(name)]
snapshots = pytest.mark.parametrize("name", SNAPSHOTS)


@snapshots
def test_snapshot_is_up_to_date(name: str) -> None:
    package = SNAPSHOTS[name].__name__.removesuffix(".__main__")
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == SNAPSHOTS[name].text(), f"stale: run `python -m {package} > docs/{name}`"


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


@snapshots
def test_every_shape_has_an_example(name: str) -> None:
    schemas = SNAPSHOTS[name].description()["components"]["schemas"]
    assert schemas
    assert [name for name, schema in schemas.items() if not schema.get("examples")] == []


def test_the_shapes_of_events_are_described() -> None:
    assert set(EVENTS) <= set(service.description()["components"]["schemas"])


@snapshots
def test_operation_names_are_unique(name: str) -> None:
    names = [operation["operationId"] for _, operation in operations(name)]
    assert len(names) == len(set(names)) > 0
