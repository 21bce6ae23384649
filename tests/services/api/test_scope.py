"""Lists show the scope of whoever asks: by a filter on SQLite, by a filter and the fence on PostgreSQL."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy.exc import ProgrammingError
from studio_rows import BOOT, NOW_MS, StudioRows, named

from contract.messages import Status
from services.access import EVERYTHING, Actor, Scope
from services.api import deps, problems
from services.api.context import Context
from services.api.routes.floor import STREAM_MOST_MS, router, watch_floor

HERE = Scope(sites=frozenset({"studio"}))


@pytest.fixture
def two_sites(studio: StudioRows) -> StudioRows:
    studio.site(id="elsewhere")
    for name, site, machine in (("Chan", "studio", "rotation-1"), ("Wong", "elsewhere", "rotation-2")):
        studio.machine(machine, site_id=site)
        studio.patient(name, site_id=site)
        studio.session(f"s-{name}", name, machine=machine)
        studio.status(machine, session_id=named(f"s-{name}"))
        studio.dead_letter(f"letter-{name}", machine=machine)
    return studio


@pytest.mark.usefixtures("two_sites")
def test_lists_show_own_sites_only(client: TestClient, as_role: Callable[..., Actor]) -> None:
    as_role("therapist", scope=HERE)
    people = client.get("/v1/patients").json()["items"]
    machines = client.get("/v1/machines").json()["items"]
    floor = client.get("/v1/floor").json()
    assert [one["name"] for one in people] == ["Chan"]
    assert [one["machine"] for one in machines] == ["rotation-1"]
    assert "Wong" not in str(floor)
    assert "rotation-2" not in str(floor)
    as_role("therapist")
    assert len(client.get("/v1/patients").json()["items"]) == 2
    assert len(client.get("/v1/machines").json()["items"]) == 2
    assert "Wong" in str(client.get("/v1/floor").json())


def test_a_guest_of_another_site_is_nobody_on_the_floor(
    client: TestClient, as_role: Callable[..., Actor], two_sites: StudioRows
) -> None:
    two_sites.machine("rotation-3")
    two_sites.session("s-guest", "Wong", machine="rotation-3", opened_ms=NOW_MS + 1)
    two_sites.status("rotation-3", session_id=named("s-guest"))
    as_role("therapist", scope=HERE)
    floor = str(client.get("/v1/floor").json())
    assert "rotation-3" in floor
    assert "Wong" not in floor


def test_an_admin_of_a_site_sees_the_broken_messages_of_its_machines(
    client: TestClient, as_role: Callable[..., Actor], two_sites: StudioRows
) -> None:
    two_sites.dead_letter("nowhere", machine=None)
    as_role("admin", scope=HERE)
    assert [one["machine"] for one in client.get("/v1/dead-letters").json()["items"]] == ["rotation-1"]
    as_role("admin")
    assert len(client.get("/v1/dead-letters").json()["items"]) == 3


def test_nobody_in_particular_is_told_of_no_alert(
    client: TestClient, as_role: Callable[..., Actor], studio: StudioRows
) -> None:
    studio.alert("MODEL_REFUSED", "amber", machine=None)
    as_role("anonymous")
    assert client.get("/v1/about").json()["attention"] == []
    as_role("therapist")
    assert len(client.get("/v1/about").json()["attention"]) == 1


def a_status() -> Status:
    return Status(online=True, wall_ms=NOW_MS, mono_ms=1, boot=BOOT, state="WORKING")


def watched(context: Context, scope: Scope) -> list[str]:
    """Watch the floor until a second word of the first machine; returns whose states were shown."""

    async def watch() -> list[str]:
        found = []
        who = Actor(id="t", name="t", role="therapist", scope=scope)
        async for seen in watch_floor(context, "sim", {"rotation-1": "trunk_rotation"}, who):
            found.append(seen.data.machine)
            context.hub.close()
        return found

    for machine in ("rotation-1", "rotation-2"):
        context.hub.on_live("sim", machine, a_status())
    return asyncio.run(watch())


def test_a_stream_shows_own_sites_only(context: Context) -> None:
    assert watched(context, HERE) == ["rotation-1"]
    assert sorted(watched(context, EVERYTHING)) == ["rotation-1", "rotation-2"]


def test_a_stream_ends_so_that_the_cookie_is_asked_for_again(context: Context) -> None:
    times = iter((NOW_MS, NOW_MS + STREAM_MOST_MS))
    identity = replace(context.identity, sign_in=True)
    assert watched(replace(context, identity=identity, now_ms=lambda: next(times)), EVERYTHING) == []


def connections_of(dependant: Dependant) -> set[object]:
    """List what of a route's dependencies keeps something until its answer has been sent."""
    inner = [connections_of(one) for one in dependant.dependencies]
    return {dependant.call}.union(*inner) & {deps.view, deps.work}


def test_a_stream_keeps_no_connection() -> None:
    routes = {one.name: one for one in router.routes if isinstance(one, APIRoute)}
    for name in ("watch_floor", "watch_machine"):
        assert connections_of(routes[name].dependant) == set()
    assert connections_of(routes["list_machines"].dependant) == {deps.view}


class DatabaseRefusal(Exception):  # noqa: N818 (stands for the driver's)
    def __init__(self, sqlstate: str) -> None:
        super().__init__("refused")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(("sqlstate", "status"), [("42501", 403), ("42P01", 500)])
def test_a_write_that_the_fence_refuses_is_answered_as_a_refusal(sqlstate: str, status: int) -> None:
    app = FastAPI()
    problems.install(app)

    @app.put("/")
    def write() -> None:
        raise ProgrammingError("UPDATE", {}, DatabaseRefusal(sqlstate))

    answer = TestClient(app, raise_server_exceptions=False).put("/")
    assert answer.status_code == status
