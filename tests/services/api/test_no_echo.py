"""Whatever is planted into a request, in whichever place, no answer and no log line ever holds it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, cast

import pytest
from door_people import DoorPeople
from fastapi import FastAPI
from fastapi.testclient import TestClient
from planted_secret import FIELD, SECRET, around, within
from sqlalchemy import Engine

from services.access import Actor, Role, may
from services.api import admission, problems
from services.api.__main__ import description
from services.api.rights import RIGHTS
from services.api.schemas import Mistake
from services.api.schemas.shape import Shape
from services.store.engine import open_engine, upgrade

ROLES: tuple[Role, ...] = ("clinician", "admin", "auditor", "patient")


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


@cache
def _described() -> dict[str, Any]:
    return description()


def as_who_may(door: DoorPeople, name: str, *, is_let_in: bool) -> TestClient:
    """Ask as somebody whose role has the right to a route; let in, also where there is no such thing."""
    app = cast("FastAPI", door.client.app)
    door.context = replace(door.context, site_key=b"k" * 32)
    app.state.context = door.context
    right = RIGHTS[name]
    role = next(role for role in ROLES if right is None or may(role, right.action, right.kind))
    somebody = Actor(id=role, name=role, role=role, stepped_up=True)
    app.dependency_overrides[admission.actor] = lambda: somebody
    app.dependency_overrides.pop(admission.admit, None)
    if is_let_in:
        app.dependency_overrides[admission.admit] = lambda: somebody
    return door.client


def said(door: DoorPeople, method: str, path: str, operation: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return what is answered to what stands around a body, and to what stands within one."""
    name, wish = operation["operationId"], (method, path, operation)
    outer = [*around(as_who_may(door, name, is_let_in=False), *wish)]
    return outer, [*within(as_who_may(door, name, is_let_in=True), *wish, _described())]


def test_no_answer_and_no_line_of_the_log_holds_what_was_planted(
    door: DoorPeople, notes: list[dict[str, object]]
) -> None:
    asked, echoed, unread = 0, [], []
    for method, path, operation in operations():
        outer, inner = said(door, method, path, operation)
        asked += len(outer) + len(inner)
        echoed += [(method, path, text[:200]) for text in (*outer, *inner) if SECRET in text]
        if inner and not any(FIELD.search(text) for text in inner):
            unread.append((method, path))
    assert echoed == []
    assert unread == []  # a body that nobody looked at proves nothing
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
    [operation] = [one for one in operations() if one[:2] == ("POST", "/v1/sites")]
    assert any(SECRET in text for text in said(door, *operation)[1])


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
