"""Sites and machines over the API."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from studio_rows import DAY_MS, NOW_MS, StudioRows

from services.access import Actor, Scope
from services.api.problems import STEP_UP
from services.store import tables

Ask = Callable[..., Actor]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
SITE = "/v1/sites/studio"
MACHINE = "/v1/machines/rotation-9"
NEW = {"id": "rotation-9", "kind": "trunk_rotation", "name": "Rotation 9"}
HASH = "A" * 86 + "=="
SOLD = {"reason": "Sold."}
KEYS = {"command-1": {"use": "command", "public": "00" * 32}}


def machine_row(studio: StudioRows, name: str = "rotation-9") -> Any:
    with studio.engine.connect() as connection:
        return connection.execute(select(tables.machine).where(tables.machine.c.id == name)).one()


def rows_of(studio: StudioRows, table: Any) -> list[Any]:
    with studio.engine.connect() as connection:
        return list(connection.execute(select(table)))


def later(client: TestClient, ms: int) -> None:
    app = cast("FastAPI", client.app)
    app.state.context = replace(app.state.context, now_ms=lambda: NOW_MS + ms)


@pytest.fixture
def keyed(client: TestClient) -> TestClient:
    app = cast("FastAPI", client.app)
    app.state.context = replace(app.state.context, site_key=b"k" * 32, agent_keys=lambda: KEYS)
    return client


def claim(client: TestClient, code: str) -> Any:
    secret = {"salt": "c2FsdHNhbHRzYWx0", "password_hash": HASH}
    return client.post("/v1/machines/claim", json={"code": code} | secret)


def test_sites_are_added_changed_closed_and_opened(client: TestClient, as_role: Ask) -> None:
    as_role("admin", stepped_up=True)
    new = {"id": "kowloon", "name": "Kowloon", "time_zone": "Asia/Hong_Kong", "address": "12 Nathan Road"}
    assert client.post("/v1/sites", json=new).json() == new | {"closed_at": None, "advice": False}
    assert client.post("/v1/sites", json=new).status_code == 409
    assert client.post("/v1/sites", json=new | {"id": "x", "time_zone": "SECRET"}).status_code == 422
    assert client.post("/v1/sites", json=new | {"id": "No Id"}).status_code == 422
    url = "/v1/sites/kowloon"
    assert client.patch(url, json={"name": "Kowloon East"}).status_code == 204
    assert client.patch(url, json={}).status_code == 422
    assert client.patch(url, json={"time_zone": "Mars/Base"}).status_code == 422
    assert client.post(f"{url}/open").status_code == 409
    assert client.post(f"{url}/close").status_code == 204
    assert client.post(f"{url}/close").status_code == 409
    assert client.post(f"{url}/machines", json=NEW).status_code == 409
    shown = client.get("/v1/sites").json()["items"]
    assert [(one["name"], one["closed_at"] is None) for one in shown] == [
        ("Kowloon East", False),
        ("Studio", True),
    ]
    assert client.post(f"{url}/open").status_code == 204


def test_a_site_in_use_is_not_closed(studio: StudioRows, client: TestClient, as_role: Ask) -> None:
    as_role("admin")
    studio.machine()
    assert client.post(f"{SITE}/close").status_code == 409
    client.post("/v1/machines/rotation-1/retire", json={"reason": "sold"})
    studio.patient()
    answer = client.post(f"{SITE}/close")
    assert (answer.status_code, "People" in answer.json()["detail"]) == (409, True)


def test_who_manages_one_site_sees_it_alone_and_adds_none(client: TestClient, as_role: Ask) -> None:
    as_role("admin", scope=Scope(sites=frozenset({"elsewhere"})))
    assert client.get("/v1/sites").json()["items"] == []
    assert client.post("/v1/sites", json={"id": "x", "name": "X", "time_zone": "UTC"}).status_code == 403
    assert client.patch(SITE, json={"name": "Mine"}).status_code == 404
    assert client.post(f"{SITE}/machines", json=NEW).status_code == 404
    as_role("therapist")
    assert client.post(f"{SITE}/machines", json=NEW).status_code == 403


def test_every_code_that_lets_a_machine_in_asks_for_a_fresh_proof(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("admin")
    studio.machine("hip-1")
    studio.machine("hip-2", retired=True)
    wishes = (
        (f"{SITE}/machines", NEW),
        ("/v1/machines/hip-1/code", None),
        ("/v1/machines/hip-2/return", SOLD),
    )
    for url, body in wishes:
        answer = client.post(url, json=body)
        assert (answer.status_code, answer.json()["type"]) == (403, STEP_UP)
    assert rows_of(studio, tables.machine_code) == []
    as_role("admin", stepped_up=True)
    assert [client.post(url, json=body).status_code for url, body in wishes] == [201] * 3


def test_a_code_makes_a_machine_of_whoever_sends_it_once(
    studio: StudioRows, keyed: TestClient, as_role: Ask
) -> None:
    as_role("admin", stepped_up=True)
    made = keyed.post(f"{SITE}/machines", json=NEW).json()
    assert (len(made["code"]), made["expires_at"]) == (32, "2026-11-18T11:16:40Z")
    as_role("anonymous")
    answer = claim(keyed, made["code"])
    assert answer.status_code == 201
    assert answer.json() == {
        "machine": "rotation-9",
        "kind": "trunk_rotation",
        "mode": "sim",
        "client": "sim-rotation-9",
        "site_key": (b"k" * 32).hex(),
        "keys": KEYS,
    }
    assert claim(keyed, made["code"]).status_code == 422
    assert claim(keyed, "0" * 32).status_code == 422
    client = rows_of(studio, tables.machine_client)[0]
    assert (client.name, client.password_hash, client.dismissed_ms) == ("sim-rotation-9", HASH, None)
    assert made["code"] not in str(rows_of(studio, tables.machine_code))


def test_a_code_ends_after_ten_minutes_and_with_the_next_one(keyed: TestClient, as_role: Ask) -> None:
    as_role("admin", stepped_up=True)
    first = keyed.post(f"{SITE}/machines", json=NEW).json()["code"]
    second = keyed.post(f"{MACHINE}/code").json()["code"]
    assert claim(keyed, first).status_code == 422
    later(keyed, 10 * 60_000)
    assert claim(keyed, second).status_code == 422
    later(keyed, 10 * 60_000 - 1)
    assert claim(keyed, second).status_code == 201


def test_without_published_keys_no_code_is_used_up(
    client: TestClient, studio: StudioRows, as_role: Ask
) -> None:
    as_role("admin", stepped_up=True)
    code = client.post(f"{SITE}/machines", json=NEW).json()["code"]
    assert claim(client, code).status_code == 409
    assert rows_of(studio, tables.machine_code)[0].claimed_ms is None


def test_a_retired_machine_is_let_in_no_more_until_it_is_claimed_anew(
    studio: StudioRows, keyed: TestClient, as_role: Ask
) -> None:
    as_role("admin", stepped_up=True)
    claim(keyed, keyed.post(f"{SITE}/machines", json=NEW).json()["code"])
    waiting = keyed.post(f"{MACHINE}/code").json()["code"]
    assert keyed.post(f"{MACHINE}/return", json=SOLD).status_code == 409
    assert keyed.post(f"{MACHINE}/retire", json=SOLD).status_code == 204
    assert keyed.post(f"{MACHINE}/retire", json=SOLD).status_code == 409
    assert claim(keyed, waiting).status_code == 422
    assert keyed.post(f"{MACHINE}/code").status_code == 409
    calibration = {"load_error_pct": 0.1, "angle_error_deg": 0.1}
    assert keyed.post(f"{MACHINE}/calibrations", json=calibration).status_code == 409
    assert rows_of(studio, tables.machine_client)[0].dismissed_ms == NOW_MS
    code = keyed.post(f"{MACHINE}/return", json=SOLD).json()["code"]
    assert claim(keyed, code).status_code == 201
    assert rows_of(studio, tables.machine_client)[0].dismissed_ms is None


def test_what_cannot_be_a_machine_is_refused(client: TestClient, studio: StudioRows, as_role: Ask) -> None:
    as_role("admin", stepped_up=True)
    studio.machine("rotation-9")
    assert client.post(f"{SITE}/machines", json=NEW).status_code == 409
    assert client.post(f"{SITE}/machines", json=NEW | {"id": "x-1", "kind": "SECRET"}).status_code == 422
    assert client.post(f"{SITE}/machines", json=NEW | {"id": "Not An Id"}).status_code == 422
    assert client.get("/v1/machines/nothing-1").status_code == 404


def test_a_machine_gets_another_name_and_site(client: TestClient, studio: StudioRows, as_role: Ask) -> None:
    as_role("admin")
    studio.machine("rotation-9")
    studio.site(id="other", name="Other")
    assert client.patch(MACHINE, json={"name": "By the window", "site": "other"}).status_code == 204
    assert (machine_row(studio).name, machine_row(studio).site_id) == ("By the window", "other")
    assert client.patch(MACHINE, json={}).status_code == 422
    assert client.patch(MACHINE, json={"site": "nowhere"}).status_code == 422
    as_role("admin", scope=Scope(sites=frozenset({"other"})))
    assert client.patch(MACHINE, json={"site": "studio"}).status_code == 404


@pytest.mark.parametrize(
    ("found", "days", "state"),
    [
        ((0.5, 0.2), 0, "fine"),
        ((3.1, 0.2), 0, "failed"),
        ((0.5, -1.1), 0, "failed"),
        ((0.5, 0.2), 170, "due_soon"),
        ((0.5, 0.2), 180, "due"),
    ],
)
def test_health_tells_when_a_calibration_is_due(
    client: TestClient,
    studio: StudioRows,
    as_role: Ask,
    found: tuple[float, float],
    days: int,
    state: str,
) -> None:
    as_role("admin")
    studio.machine("rotation-9")
    studio.status("rotation-9")
    shown = client.get("/v1/machine-health").json()["items"][0]
    assert (shown["calibration"], shown["firmware"], shown["stale"]) == ("never", "1.4.0", False)
    measured = {"load_error_pct": found[0], "angle_error_deg": found[1], "note": "Weights A"}
    assert client.post(f"{MACHINE}/calibrations", json=measured).json() == {"passed": state != "failed"}
    later(client, days * DAY_MS)
    shown = client.get(MACHINE).json()
    assert (shown["calibration"], shown["calibrations"][0]["note"]) == (state, "Weights A")


def test_firmware_is_listed_by_kind_and_version(client: TestClient, studio: StudioRows, as_role: Ask) -> None:
    as_role("admin")
    for name, version in (("rotation-1", "1.4.0"), ("rotation-2", "1.4.0"), ("rotation-3", "1.5.0")):
        studio.machine(name)
        studio.status(name, firmware=version)
    items = client.get("/v1/firmware").json()["items"]
    assert [(one["version"], one["machines"]) for one in items] == [
        ("1.4.0", ["rotation-1", "rotation-2"]),
        ("1.5.0", ["rotation-3"]),
    ]
    as_role("admin", scope=Scope(sites=frozenset({"elsewhere"})))
    assert client.get("/v1/firmware").json()["items"] == []
    assert client.get("/v1/machines/rotation-1").status_code == 404
