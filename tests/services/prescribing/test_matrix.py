"""Every role at every route that signs limits, with whose they are: what must come stands here by hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import product
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from rights_by_hand import RELATIONS, SITES, is_within
from scripted_machine import NOW_MS
from scripted_studio import Studio

from services.access import Role
from services.prescribing import case, operators
from services.prescribing.settings import PrescribingSettings
from services.store import people, staff, tables, tokens
from services.store.engine import writing

KIND = "lumbar_extension"
NOTHING = "00000000-0000-4000-8000-000000000000"
OF_LIMITS = "/v1/patients/{patient_id}/limits/{kind}"
READS = {("GET", ""), ("GET", "/proposals")}
WRITES = {("PUT", "")} | {
    ("POST", f"/{what}")
    for what in (
        "restore",
        "renew",
        "withdraw",
        "proposals/{proposal_id}/sign",
        "proposals/{proposal_id}/withdraw",
    )
}
OPEN = {("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics")}
OVERTAKEN = {"If-Match": '"99"'}  # so that whoever is let in does nothing
STAFF: tuple[Role, ...] = ("therapist", "clinician", "admin", "auditor")
Bearer = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody with a token; an operator's is listed and has no account."""

    role: Role
    bearer: Bearer
    stepped_up: bool
    is_operator: bool = False


@pytest.fixture
def database(database_url: str) -> str:
    """Override: PostgreSQL fences the rows as well."""
    return database_url


@pytest.fixture
def things(studio: Studio) -> dict[str, str]:
    """Two people at the first site and one at the other, all with limits; ids by relation."""
    found = {one: studio.enrol(f"badge {one}", KIND) for one in ("own", "other", "other site")}
    with writing(studio.engine) as connection:
        people.add_site(connection, {"id": SITES[1], "name": SITES[1], "time_zone": "UTC"})
        moved = tables.patient.update().where(tables.patient.c.id == found["other site"])
        connection.execute(moved.values(site_id=SITES[1]))
    return found | {"none": NOTHING}


@pytest.fixture
def callers(studio: Studio, things: dict[str, str], settings: PrescribingSettings) -> list[Caller]:
    found = [Caller(role="anonymous", bearer={}, stepped_up=False)]
    with writing(studio.engine) as connection:
        for role, fresh in product((*STAFF, "patient"), (False, True)):
            whose: dict[str, Any] = {"patient": things["own"]}
            if role != "patient":
                login = f"{role}-{fresh}"
                who = staff.add(connection, login=login, name=login, language="en", now_ms=NOW_MS)
                staff.give_role(connection, who, role, [SITES[0]])
                whose = {"staff": who}
            token = tokens.make(connection, role, NOW_MS, **whose)
            if fresh:
                tokens.step_up(connection, token, NOW_MS)
            bearer = {"Authorization": f"Bearer {token}"}
            found.append(Caller(role=role, bearer=bearer, stepped_up=fresh))
    listed = operators.admit(settings.operators_file(), "Dr Wong")
    bearer = {"Authorization": f"Bearer {listed}"}
    return [*found, Caller(role="clinician", bearer=bearer, stepped_up=True, is_operator=True)]


def expected(caller: Caller, relation: str, *, writes: bool) -> int:
    if caller.role in ("anonymous", "patient"):  # a patient's token is nobody's here
        return HTTPStatus.UNAUTHORIZED
    if caller.role != "clinician" or (writes and not caller.stepped_up):
        return HTTPStatus.FORBIDDEN
    is_there = relation != "none" if caller.is_operator else is_within("clinician", "patient_id", relation)
    if not is_there:
        return HTTPStatus.NOT_FOUND
    return HTTPStatus.PRECONDITION_FAILED if writes else HTTPStatus.OK


def asked(
    things: dict[str, str], new_limits: Callable[..., dict[str, object]]
) -> Iterator[tuple[str, str, str, dict[str, object] | None]]:
    """Name every request: method, path, relation, and a body that nothing is wrong with."""
    because: dict[str, object] = {"reason": "As agreed."}
    for (method, what), relation in product(sorted(READS | WRITES), RELATIONS):
        path = (OF_LIMITS + what).format(patient_id=things[relation], kind=KIND, proposal_id=NOTHING)
        body = {"": new_limits(), "/restore": because | {"version": 1}}.get(what, because)
        yield method, path, relation, None if method == "GET" else body


def test_every_role_at_every_route_with_everybodys_limits(
    stranger: TestClient,
    studio: Studio,
    things: dict[str, str],
    callers: list[Caller],
    new_limits: Callable[..., dict[str, object]],
) -> None:
    wrong = []
    before = studio.rows(tables.limits)
    for caller, (method, path, relation, body) in product(callers, list(asked(things, new_limits))):
        seen = OVERTAKEN if body is not None else {}
        got = stranger.request(method, path, json=body, headers=caller.bearer | seen).status_code
        if got != expected(caller, relation, writes=body is not None):
            wrong.append((caller.role, caller.stepped_up, method, path, relation, got))
    assert wrong == []
    assert studio.rows(tables.limits) == before


def test_postgresql_keeps_other_sites_apart_where_the_rights_forget_them(
    stranger: TestClient,
    studio: Studio,
    things: dict[str, str],
    callers: list[Caller],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(case, "authorize", lambda *_: True)
    bearer = next(one.bearer for one in callers if one.role == "clinician")
    got = {
        relation: stranger.get(OF_LIMITS.format(patient_id=patient, kind=KIND), headers=bearer).status_code
        for relation, patient in things.items()
    }
    is_fenced = studio.engine.dialect.name == "postgresql"
    assert got == {"own": 200, "other": 200, "other site": 404 if is_fenced else 200, "none": 404}


def test_every_route_is_asked(stranger: TestClient) -> None:
    routes = iter_route_contexts(cast("FastAPI", stranger.app).routes)
    served = {(method, str(route.path)) for route in routes for method in (route.methods or {"GET"})}
    described = {("GET", "/openapi.json"), ("HEAD", "/openapi.json")}  # nobody reaches it without a token
    assert served - described == OPEN | {(method, OF_LIMITS + what) for method, what in READS | WRITES}
