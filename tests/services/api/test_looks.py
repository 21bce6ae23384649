"""Every page that shows people leaves a trace of who looked: by what it shows, not by its right."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import select
from studio_rows import NOW_MS, StudioRows, named

from services.access import Actor
from services.api.context import Context
from services.api.rights import RIGHTS
from services.live import Hub
from services.store import tables
from services.store.reads import ReadLog

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")

# Written by hand, apart from the table of rights: whoever adds a page that shows nobody adds it here.
SHOWS_NOBODY = """
    read_me list_staff list_waiting_staff list_colleagues list_screens list_sites list_machines
    list_machine_health count_alerts list_firmware read_machine list_free_machines list_dead_letters
    read_model list_audit read_questionnaire list_conformance read_conformance read_retention
"""


class Silent(Hub):
    """A floor without a word: streams end at once."""

    async def watch(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
        nothing: tuple[Any, ...] = ()
        for one in nothing:
            yield one


@pytest.fixture
def patient_id(client: TestClient, context: Context, studio: StudioRows) -> str:
    """Name a person who has trained, in a service that writes looks down."""
    patient = studio.patient("Chan")
    studio.machine("rotation-1")
    studio.session("s-1", "Chan")
    studio.decision("d-1", "s-1", "Chan")
    watched = replace(context, reads=ReadLog(studio.engine), hub=Silent(lambda: NOW_MS))
    cast("FastAPI", client.app).state.context = watched
    return patient


def looks(studio: StudioRows) -> set[tuple[str, str]]:
    with studio.engine.connect() as connection:
        rows = connection.execute(select(tables.audit).where(tables.audit.c.action == "patient.read")).all()
    return {(row.detail["screen"], row.object_id) for row in rows}


def pages(client: TestClient, patient_id: str) -> dict[str, str]:
    """List the addresses of all pages that one must be let into, by name."""
    things = {
        "patient_id": patient_id,
        "machine": "rotation-1",
        "session_id": named("s-1"),
        "decision_id": named("d-1"),
        "kind": "trunk_rotation",
        "instrument": "odi",
        "report_id": named("report"),
    }
    routes = iter_route_contexts(cast("FastAPI", client.app).routes)
    listed = [one for one in routes if "GET" in (one.methods or ()) and RIGHTS[str(one.name)] is not None]
    return {str(one.name): str(one.path).format(**things) for one in listed}


def test_every_page_that_shows_people_leaves_a_trace(
    client: TestClient, as_role: Callable[..., Actor], studio: StudioRows, patient_id: str
) -> None:
    asked = pages(client, patient_id)
    for role in ("clinician", "admin", "auditor"):
        as_role(role, stepped_up=True)
        for address in asked.values():
            client.get(address, params={"q": "Chan"})
    found = looks(studio)
    assert {name for name, _ in found} == set(asked) - set(SHOWS_NOBODY.split())
    assert len(found) > 40
    of_a_person = {name for name, address in asked.items() if patient_id in address}
    assert of_a_person <= {name for name, whose in found if whose == patient_id}
    assert ("search_everything", "*") in found


def test_who_may_see_nobody_searches_without_a_look_at_people(
    client: TestClient, as_role: Callable[..., Actor], studio: StudioRows, patient_id: str
) -> None:
    as_role("admin")
    assert client.get("/v1/search", params={"q": "Chan"}).json()["items"] == []
    as_role("therapist")
    assert looks(studio) == set()
    found = client.get("/v1/search", params={"q": "Chan"}).json()["items"]
    assert [one["id"] for one in found] == [patient_id]
    assert looks(studio) == {("search_everything", "*")}
