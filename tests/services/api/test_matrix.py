"""Every role at every route, with what is theirs, another's, of another site, and not there at all.

What must come is worked out from the table of rights alone; what comes is asked of the running service with
the tokens of people who have signed in. A route that is not in the table fails.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, cast

import database_copies
import pytest
from door_people import DoorPeople
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from studio_rows import NOW_MS, named

from openspine.bench.fence import filled
from services.access import ALLOWED, Actor, Role, Scope, Thing, authorize, may
from services.api import admission
from services.api.rights import RIGHTS, Right
from services.live import Hub
from services.store import screens, tables
from services.store.engine import open_engine, writing
from services.store.reading import owners

OPEN_METHODS = ("GET",)
NOT_A_KEY = {"Idempotency-Key": "!"}  # so that what is allowed is let in and then does nothing
DAY = "2026-01-05"  # long ago: nothing of it is on a list of today
NOTHING = "00000000-0000-4000-8000-000000000000"
SITES = ("studio", "elsewhere")
OTHER_PARAMETERS = {"card": "badge", "name": "page.css"}
PROVES_ITSELF = "step_up"  # let in, it may say 401 of a proof that is missing
RELATIONS = ("own", "other", "other site", "none")
# A plain run leaves out what differs in nothing for a role: staff see their whole site, and what is of
# another is answered as what is not there. `--full` asks everything.
QUICK = {
    "therapist": ("own", "other site"),
    "clinician": ("other", "none"),
    "admin": ("own", "other site"),
    "auditor": ("other site", "none"),
}


BELONGING = {
    "booking_id": tables.booking,
    "note_id": tables.note,
    "exercise_id": tables.home_exercise,
    "test_order_id": tables.test_order,
    "functional_test_id": tables.functional_test,
    "preset_id": tables.preset,
}


class Silent(Hub):
    """A floor without a word: streams end at once."""

    async def watch(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
        nothing: tuple[Any, ...] = ()
        for one in nothing:
            yield one


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who asks: as the table knows them, and with which headers."""

    actor: Actor
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


def furnish(door: DoorPeople) -> dict[str, dict[str, str]]:
    """Put two people into one site and one into another, with one of everything; ids by parameter."""
    found: dict[str, dict[str, str]] = {by: {"none": NOTHING} for by in owners.OWNERS}
    found["machine"]["none"] = "nowhere-1"
    found["site_id"]["none"] = "nowhere"
    door.studio.site(id=SITES[1])
    for relation, site in (("own", SITES[0]), ("other", SITES[0]), ("other site", SITES[1])):
        name, machine = relation.replace(" ", "-"), f"rotation-{relation.replace(' ', '-')}"
        door.studio.machine(machine, site_id=site)
        patient = door.patient(name, site)
        door.studio.session(f"s-{name}", name, machine=machine)
        door.studio.decision(f"d-{name}", f"s-{name}", name)
        setting = door.studio.setting(f"setting-{name}", f"s-{name}", f"d-{name}")
        door.studio.alert("PAIN", "red", machine=machine, patient_id=patient, session_id=named(f"s-{name}"))
        with writing(door.studio.engine) as connection:
            screen, _ = screens.add(connection, site=site, name=name, now_ms=NOW_MS)
        door.studio.dead_letter(f"letter-{name}", machine=machine)
        staff, _ = door.staff(f"colleague-{name}", "therapist", [site])
        ids = {
            "patient_id": patient,
            "machine": machine,
            "site_id": site,
            "session_id": named(f"s-{name}"),
            "decision_id": named(f"d-{name}"),
            "setting_id": setting,
            "alert_id": named(f"alert/PAIN/{named(f's-{name}')}"),
            "screen_id": screen,
            "staff_id": staff,
            "letter_id": named(f"letter-{name}"),
        } | {by: belonging(door, by, patient, site) for by in BELONGING}
        for by, thing_id in ids.items():
            found[by][relation] = thing_id
    return found


def belonging(door: DoorPeople, by: str, patient: str, site: str) -> str:
    """Add something that belongs to a person; what stands in it is no matter here."""
    row = {"id": named(f"{by}/{patient}"), "patient_id": patient, "site_id": site, "origin": "sim"}
    test = "chair_stand" if by == "functional_test_id" else "strength"
    row |= {"kind": "note", "test": test, "exercise": "pelvic_tilt", "from_day": DAY, "day": DAY}
    known = {name: value for name, value in row.items() if name in BELONGING[by].c}
    door.studio.put(BELONGING[by], filled(BELONGING[by], known))
    return row["id"]


def callers(door: DoorPeople) -> list[Caller]:
    """Sign one of each role in; machines and emulators have no way to, and are asked for by name."""
    found = [Caller(actor=Actor(id="anonymous", name="", role="anonymous"), plain={}, stepped_up={})]
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
        scope = Scope(sites=None if sites is None else frozenset(sites))
        actor = Actor(id=role, name=role, role=role, scope=scope)
        found.append(
            Caller(actor=actor, plain=plain, stepped_up=door.token(f"the-{role}", seed, stepped_up=True))
        )
    own = named("own")
    plain, stepped = door.patient_token("own"), door.patient_token("own")
    assert door.client.post("/v1/step-up", json={"pin": "204816"}, headers=stepped).status_code == 200
    me = Actor(id=own, name="own", role="patient", scope=Scope(sites=frozenset({SITES[0]}), patient=own))
    return [*found, Caller(actor=me, plain=plain, stepped_up=stepped)]


def expected(caller: Actor, right: Right | None, owner: owners.Owner | None, *, fresh: bool) -> int | None:
    """Work out what must come; None = let in."""
    if right is None:
        return None
    if not may(caller.role, right.action, right.kind):
        return HTTPStatus.UNAUTHORIZED if caller.role == "anonymous" else HTTPStatus.FORBIDDEN
    if right.by is not None:
        if owner is None:
            return HTTPStatus.NOT_FOUND
        thing = Thing(kind=right.kind, origin="sim", id="x", site=owner.site, patient=owner.patient)
        if not authorize(caller, right.action, thing):
            return HTTPStatus.NOT_FOUND
    return None if fresh or not right.step_up else HTTPStatus.FORBIDDEN


def is_as_expected(wanted: int | None, got: int, name: str) -> bool:
    if wanted is not None:
        return got == wanted
    if name == PROVES_ITSELF:
        return got in (401, 422, 429)
    return got not in (401, 403) and got < 500


def address(path: str, right: Right | None, things: dict[str, dict[str, str]], relation: str) -> str:
    """Fill the parameters of a path: what names the object by relation, everything else with anything."""
    for by, known in things.items():
        thing = known[relation] if right is not None and by == right.by else NOTHING
        path = path.replace(f"{{{by}}}", thing)
    for parameter, value in OTHER_PARAMETERS.items():
        path = path.replace(f"{{{parameter}}}", value)
    return path if "{" not in path else path.replace("{", "").replace("}", "")


def whose(engine: Engine, by: str, thing_id: str) -> owners.Owner | None:
    with engine.connect() as connection:
        return owners.owner(connection, by, thing_id, "sim")


def asked(client: TestClient, method: str, path: str, headers: dict[str, str]) -> int:
    client.cookies.clear()
    if method in OPEN_METHODS:
        return client.request(method, path, headers=headers).status_code
    return client.request(method, path, headers=headers | NOT_A_KEY).status_code


def relations(right: Right | None, role: Role, *, full: bool) -> tuple[str, ...]:
    """Say what a role asks a route for: where it may not, or the route names nothing, once is enough."""
    if right is None or right.by is None or not may(role, right.action, right.kind):
        return ("own",)
    return RELATIONS if full else QUICK.get(role, RELATIONS)


def questions(door: DoorPeople, things: dict[str, dict[str, str]], *, full: bool) -> Iterator[Question]:
    """Ask every role for everything, with and without a fresh proof where the route wants one."""
    people = callers(door)
    for route in iter_route_contexts(cast("FastAPI", door.client.app).routes):
        name = str(route.name)
        assert name in RIGHTS, f"{route.path} is in no table of rights"
        right = RIGHTS[name]
        by = None if right is None else right.by
        assert by is None or set(things[by]) == set(RELATIONS), f"the world of this test has no {by}"
        (method,) = route.methods or {"GET"}
        for caller in people:
            for relation in relations(right, caller.actor.role, full=full):
                owner = whose(door.studio.engine, by, things[by][relation]) if by else None
                path = address(str(route.path), right, things, relation)
                for fresh in (False, True) if right is not None and right.step_up else (False,):
                    wanted = expected(caller.actor, right, owner, fresh=fresh)
                    headers = caller.stepped_up if fresh else caller.plain
                    who = f"{caller.actor.role}, {relation}, fresh proof {fresh}"
                    yield Question(name=name, who=who, ask=(method, path, headers), wanted=wanted)


def test_every_role_at_every_route_with_every_kind_of_object(
    door: DoorPeople, request: pytest.FixtureRequest
) -> None:
    things = furnish(door)
    door.context = replace(door.context, hub=Silent(lambda: NOW_MS))
    cast("FastAPI", door.client.app).state.context = door.context
    wrong, seen = [], Counter[str]()
    for question in questions(door, things, full=request.config.getoption("--full")):
        method, path, headers = question.ask
        if RIGHTS[question.name] is None and method not in OPEN_METHODS:
            continue  # open to everybody, and it would do something
        got = asked(door.client, method, path, headers)
        seen["let in" if question.wanted is None else str(int(question.wanted))] += 1
        if not is_as_expected(question.wanted, got, question.name):
            wrong.append((question.name, question.who, question.wanted, got))
    assert wrong == []
    assert seen.total() > 800
    assert min(seen[one] for one in ("let in", "401", "403", "404")) > 50


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
