"""Whatever is planted into a request, in whichever place, no answer and no log line ever holds it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, cast

import pytest
from door_people import DoorPeople
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from services.access import Actor
from services.api import admission, problems
from services.api.__main__ import description
from services.api.schemas import Mistake
from services.api.schemas.shape import Shape
from services.store.engine import open_engine, upgrade

SECRET = "Zq7-planted-9vX"  # noqa: S105 (what is looked for)
BODIES = (
    f'{{"{SECRET}": 1}}',
    f'"{SECRET}"',
    f'["{SECRET}"]',
    f"{{{SECRET}",
    f'{{"a": "\\u0000{SECRET}"}}',
    f'{{"a": "\\ud800{SECRET}"}}',
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Override: SQLite alone; refusals come before the store."""
    url = f"sqlite:///{tmp_path_factory.mktemp('echo') / 'openspine.sqlite'}"
    upgrade(url)
    engine = open_engine(url)
    yield engine
    engine.dispose()


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, methods in _described()["paths"].items()
        for method, operation in methods.items()
        if "live" not in path
    ]


def planted(client: TestClient, method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    """Ask with the secret in the path, each parameter, headers, the body and each of its fields."""
    names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
    whole = path.replace("{", "").replace("}", "")
    secret_path = path.replace("{", f"{SECRET}-").replace("}", "")
    yield client.request(method, secret_path).text
    yield client.request(method, whole, params=dict.fromkeys([*names, SECRET], SECRET)).text
    headers = dict.fromkeys(
        ("Idempotency-Key", "If-Match", "Accept", "X-Note", "Content-Type", "Origin"), SECRET
    )
    yield client.request(method, whole, headers=headers).text
    if "requestBody" not in operation:
        return
    for body in (*BODIES, *_bodies(operation)):
        yield client.request(method, whole, content=body, headers={"Content-Type": "application/json"}).text


def _bodies(operation: dict[str, Any]) -> Iterator[str]:
    """Put the secret into each field of the example of a body, where it is refused."""
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    schema = next((one for one in schema.get("anyOf", ()) if "$ref" in one), schema)
    shape = description_of(schema["$ref"].rpartition("/")[2])
    for name in shape["properties"]:
        for wrong in (f"{SECRET}\u0000", [SECRET], {SECRET: SECRET}):
            yield json.dumps(shape["examples"][0] | {name: wrong})


def description_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = _described()["components"]["schemas"][name]
    return found


@cache
def _described() -> dict[str, Any]:
    return description()


def as_anybody_who_may(door: DoorPeople) -> TestClient:
    """Let everything in: what comes back is what the routes themselves refuse."""
    app = cast("FastAPI", door.client.app)
    door.context = replace(door.context, site_key=b"k" * 32)
    app.state.context = door.context
    studio = Actor(id="studio", name="studio", role="studio", stepped_up=True)
    app.dependency_overrides[admission.actor] = lambda: studio
    return door.client


def test_no_answer_and_no_line_of_the_log_holds_what_was_planted(
    door: DoorPeople, notes: list[dict[str, object]]
) -> None:
    client, asked = as_anybody_who_may(door), 0
    echoed = []
    for method, path, operation in operations():
        for text in planted(client, method, path, operation):
            asked += 1
            if SECRET in text:
                echoed.append((method, path, text[:200]))
    assert echoed == []
    assert asked > 1_000
    assert not [one for one in notes if SECRET in str(one)]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (("body", "set_up", "91234567", "seat", "int"), "body.set_up"),  # a key of the sender, all digits
        (("body", "set_up", "\u0669\u0661\u0662", "[key]"), "body.set_up"),  # and in other writing
        (("body", "stations", 2, "kind"), "body.stations.2.kind"),  # a place in a list
        (("query", "limit"), "query.limit"),
    ],
)
def test_of_a_place_only_our_words_and_places_in_lists_are_said(
    place: tuple[str | int, ...], said: str
) -> None:
    assert problems._where({"type": "string_type", "loc": place}) == said


def test_an_echo_is_found(door: DoorPeople, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    monkeypatch.setattr(problems, "_mistake", lambda error: Mistake(where="body", what=str(error["input"])))
    client = as_anybody_who_may(door)
    [operation] = [one for one in operations() if one[:2] == ("POST", "/v1/sites")]
    assert any(SECRET in text for text in planted(client, *operation))


def test_every_body_that_comes_in_forbids_what_it_does_not_know() -> None:
    assert Shape.model_config["extra"] == "forbid"
    schemas = _described()["components"]["schemas"]
    sent = {
        schema["$ref"].rpartition("/")[2]
        for _, _, operation in operations()
        if "requestBody" in operation
        for schema in [operation["requestBody"]["content"]["application/json"]["schema"]]
        if "$ref" in schema
    }
    assert sent
    assert [name for name in sent if schemas[name].get("additionalProperties") is not False] == []
