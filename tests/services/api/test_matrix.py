"""Every role at every route, with what is theirs, another's, of another site, and not there at all.

What a route asks for is read in its table; who may, and whose the things are, stands by hand in
`rights_by_hand.py`. What comes is asked of the running service with the tokens of people who have signed in.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import product
from typing import Any, cast

import database_copies
import pytest
from door_people import DoorPeople
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from furnished_sites import NOTHING, furnish
from rights_by_hand import (
    PERSONAL,
    RELATIONS,
    SITE_OF,
    SITES,
    every_right,
    is_within,
    may_by_hand,
)
from sqlalchemy import Engine
from studio_rows import NOW_MS

from services.access import ALLOWED, Actor, Role, may
from services.api import admission
from services.api.rights import RIGHTS, Right
from services.live import Hub
from services.store import tables
from services.store.engine import open_engine
from services.store.reading import owners

OPEN_METHODS = ("GET",)
NOT_A_KEY = {"Idempotency-Key": "!"}  # so that what is allowed is let in and then does nothing
OTHER_PARAMETERS = {"card": "badge", "name": "page.css"}
PROVES_ITSELF = "step_up"  # let in, it may say 401 of a proof that is missing
NO_OBJECT = {"card", "name", "kind", "instrument"}  # parameters of a path that name nothing of anybody's
PARTS = {"exclusion_id": "patient_id", "report_id": "machine"}  # found within what the other one names


class Silent(Hub):
    """A floor without a word: streams end at once."""

    async def watch(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
        nothing: tuple[Any, ...] = ()
        for one in nothing:
            yield one


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who asks: in which role, and with which headers."""

    role: Role
    plain: dict[str, str]
    stepped_up: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request, and what must come of it; `wanted` None = let in."""

    name: str
    who: str
    ask: tuple[str, str, dict[str, str]]
    wanted: int | None


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Override: rights are asked in front of the store; `test_fence.py` asks what PostgreSQL adds."""
    url = f"sqlite:///{tmp_path_factory.mktemp('matrix') / 'openspine.sqlite'}"
    database_copies.migrate(url)
    engine = open_engine(url)
    yield engine
    engine.dispose()


def callers(door: DoorPeople) -> list[Caller]:
    """Sign one of each role in; machines and emulators have no way to, and are asked for by name."""
    found = [Caller(role="anonymous", plain={}, stepped_up={})]
    roles: tuple[tuple[Role, list[str] | None], ...] = (
        ("therapist", [SITES[0]]),
        ("clinician", [SITES[0]]),
        ("admin", [SITES[0]]),
        ("auditor", None),
    )
    for role, sites in roles:
        _, seed = door.staff(f"the-{role}", role, sites)
        plain = door.token(f"the-{role}", seed)
        door.now_ms += 30_000
        stepped = door.token(f"the-{role}", seed, stepped_up=True)
        found.append(Caller(role=role, plain=plain, stepped_up=stepped))
    plain, stepped = door.patient_token("own"), door.patient_token("own")
    assert door.client.post("/v1/step-up", json={"pin": "204816"}, headers=stepped).status_code == 200
    return [*found, Caller(role="patient", plain=plain, stepped_up=stepped)]


def expected(role: Role, right: Right | None, relation: str, *, fresh: bool) -> int | None:
    """Say what must come; None = let in."""
    if right is None:
        return None
    if not may_by_hand(role, right.action, right.kind):
        return HTTPStatus.UNAUTHORIZED if role == "anonymous" else HTTPStatus.FORBIDDEN
    if right.by is not None and not is_within(role, right.by, relation):
        return HTTPStatus.NOT_FOUND
    return None if fresh or not right.step_up else HTTPStatus.FORBIDDEN


def is_as_expected(wanted: int | None, got: int, name: str) -> bool:
    if wanted is not None:
        return got == wanted
    if name == PROVES_ITSELF:
        return got in (401, 422, 429)
    return got not in (401, 403, 404) and got < 500


def address(path: str, right: Right | None, things: dict[str, dict[str, str]], relation: str) -> str:
    """Fill the parameters of a path: what names the object by relation, everything else with anything."""
    for by, known in things.items():
        thing = known[relation] if right is not None and by == right.by else NOTHING
        path = path.replace(f"{{{by}}}", thing)
    for parameter, value in OTHER_PARAMETERS.items():
        path = path.replace(f"{{{parameter}}}", value)
    return path if "{" not in path else path.replace("{", "").replace("}", "")


def asked(client: TestClient, method: str, path: str, headers: dict[str, str]) -> int:
    client.cookies.clear()
    if method in OPEN_METHODS:
        return client.request(method, path, headers=headers).status_code
    return client.request(method, path, headers=headers | NOT_A_KEY).status_code


def questions(door: DoorPeople, things: dict[str, dict[str, str]]) -> Iterator[Question]:
    """Ask every role for everything, with and without a fresh proof where the route wants one."""
    people = callers(door)
    for route in iter_route_contexts(cast("FastAPI", door.client.app).routes):
        name = str(route.name)
        assert name in RIGHTS, f"{route.path} is in no table of rights"
        right = RIGHTS[name]
        by = None if right is None else right.by
        assert by is None or set(things[by]) == set(RELATIONS), f"the world of this test has no {by}"
        (method,) = route.methods or {"GET"}
        for caller, relation in product(people, RELATIONS if by else ("own",)):
            path = address(str(route.path), right, things, relation)
            for fresh in (False, True) if right is not None and right.step_up else (False,):
                wanted = expected(caller.role, right, relation, fresh=fresh)
                headers = caller.stepped_up if fresh else caller.plain
                who = f"{caller.role}, {relation}, fresh proof {fresh}"
                yield Question(name=name, who=who, ask=(method, path, headers), wanted=wanted)


def test_every_role_at_every_route_with_every_kind_of_object(door: DoorPeople) -> None:
    things = furnish(door)
    door.context = replace(door.context, hub=Silent(lambda: NOW_MS))
    cast("FastAPI", door.client.app).state.context = door.context
    wrong, seen = [], Counter[str]()
    for question in questions(door, things):
        method, path, headers = question.ask
        if RIGHTS[question.name] is None and method not in OPEN_METHODS:
            continue  # open to everybody, and it would do something
        got = asked(door.client, method, path, headers)
        seen["let in" if question.wanted is None else str(int(question.wanted))] += 1
        if not is_as_expected(question.wanted, got, question.name):
            wrong.append((question.name, question.who, question.wanted, got))
    assert wrong == []
    assert seen.total() > 3_000
    assert min(seen[one] for one in ("let in", "401", "403", "404")) > 300


def test_roles_may_do_what_is_written_by_hand_and_nothing_else() -> None:
    assert [one for one in every_right() if may(*one) != may_by_hand(*one)] == []


def test_whose_a_thing_is_stands_where_it_was_put(door: DoorPeople) -> None:
    things = furnish(door)
    assert set(things) == set(owners.OWNERS)
    wrong = []
    with door.studio.engine.connect() as connection:
        for by, relation in product(things, RELATIONS):
            patient = things["patient_id"][relation] if by in PERSONAL else None
            there = owners.Owner(site=SITE_OF.get(relation), patient=patient)
            found = owners.owner(connection, by, things[by][relation], "sim")
            if found != (None if relation == "none" else there):
                wrong.append((by, relation, found))
    assert wrong == []


def test_a_route_whose_path_names_an_object_asks_whose_it_is(door: DoorPeople) -> None:
    wrong = []
    for route in iter_route_contexts(cast("FastAPI", door.client.app).routes):
        named = set(re.findall(r"\{(\w+)", str(route.path))) - NO_OBJECT
        named -= {part for part, whole in PARTS.items() if whole in named}
        right = RIGHTS[str(route.name)]
        if named != ({right.by} if right is not None and right.by else set()):
            wrong.append((route.path, named))
    assert wrong == []


def test_machines_and_emulators_have_nothing_to_ask_here(door: DoorPeople) -> None:
    assert ALLOWED["emulator"] == ALLOWED["machine"] == {}
    app = cast("FastAPI", door.client.app)
    app.dependency_overrides[admission.actor] = lambda: Actor(id="m", name="m", role="machine")
    listed = [route for route in iter_route_contexts(app.routes) if RIGHTS.get(str(route.name)) is not None]
    for route in listed:
        path = str(route.path).replace("{", "").replace("}", "")
        (method,) = route.methods or {"GET"}
        assert asked(door.client, method, path, {}) == HTTPStatus.FORBIDDEN


def test_a_route_that_nobody_listed_is_open_to_nobody(
    door: DoorPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, seed = door.staff("root", "admin")
    bearer = door.token("root", seed)
    assert door.client.get("/v1/model", headers=bearer).status_code == HTTPStatus.OK
    shortened = {name: right for name, right in RIGHTS.items() if name != "read_model"}
    monkeypatch.setattr(admission, "RIGHTS", shortened)
    assert door.client.get("/v1/model", headers=bearer).status_code == HTTPStatus.FORBIDDEN


def test_the_table_names_no_route_that_is_not_there(door: DoorPeople) -> None:
    app = cast("FastAPI", door.client.app)
    assert set(RIGHTS) - {str(route.name) for route in iter_route_contexts(app.routes)} == set()


def test_an_object_that_is_not_mine_is_answered_as_one_that_is_not_there(door: DoorPeople) -> None:
    door.studio.site(id="elsewhere")
    patient = door.patient("P01", "elsewhere")
    _, seed = door.staff("mei", "therapist", ["studio"])
    bearer = door.token("mei", seed)
    answers = [
        door.client.get(f"/v1/patients/{one}", headers=bearer).json() | {"instance": ""}
        for one in (patient, NOTHING)
    ]
    assert answers[0] == answers[1]
    assert tables.patient.name not in RIGHTS
