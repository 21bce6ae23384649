"""Signing, renewing and withdrawing over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio

from contract import signing
from services.prescribing.sign import DAY_MS
from services.store import tables

KIND = "lumbar_extension"
Body = Callable[..., dict[str, object]]


@pytest.fixture
def url(studio: Studio) -> str:
    patient = studio.rows(tables.patient)[0]["id"]
    return f"/v1/patients/{patient}/limits/{KIND}"


def versions(studio: Studio) -> list[int]:
    return sorted(row["version"] for row in studio.rows(tables.limits) if row["kind"] == KIND)


def seen(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def test_what_is_signed_holds_at_the_next_sign_in(
    client: TestClient, studio: Studio, url: str, new_limits: Body, machine: ScriptedMachine
) -> None:
    answer = client.put(url, json=new_limits(), headers=seen(1))

    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'
    shown = answer.json()
    assert (shown["version"], shown["signed_by"], shown["key_id"]) == (2, "Dr Wong", "demo-envelope")
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    assert (plan.envelope.version, plan.envelope.phase_cap_g) == (2, 12_000)
    assert signing.is_signed_by(plan.envelope, studio.keys.envelope.key.public_key())
    entry = studio.rows(tables.audit)[-1]
    assert (entry["actor"], entry["action"], entry["detail"]["version"]) == ("Dr Wong", "limits.sign", 2)
    assert client.get(url).json() == shown


def test_a_renewal_is_the_same_for_another_42_days(client: TestClient, studio: Studio, url: str) -> None:
    before = client.get(url).json()
    after = client.post(f"{url}/renew", json={"reason": "still right"}, headers=seen(1)).json()

    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"version", "reason", "signed_by"}  # it was signed at the same studio time
    assert studio.rows(tables.limits)[-1]["valid_until_ms"] == NOW_MS + 42 * DAY_MS


def test_what_is_withdrawn_allows_nothing(
    client: TestClient, studio: Studio, url: str, new_limits: Body, machine: ScriptedMachine
) -> None:
    shown = client.post(f"{url}/withdraw", json={"reason": "fracture"}, headers=seen(1)).json()

    assert (shown["version"], shown["withdrawn"], shown["max_load_g"], shown["sides"]) == (2, True, 0, {})
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    assert (plan.settings, plan.envelope.max_load_g) == ((), 0)
    again = client.post(f"{url}/renew", json={"reason": "no"}, headers=seen(2))
    assert again.status_code == 409
    assert client.put(url, json=new_limits(), headers=seen(2)).json()["withdrawn"] is False


def test_a_machine_in_use_stops_when_its_limits_are_withdrawn(
    client: TestClient, studio: Studio, url: str, machine: ScriptedMachine
) -> None:
    studio.plan(machine, studio.hear(machine.sign_in()))
    other = url.replace(KIND, "trunk_rotation")
    client.post(f"{other}/withdraw", json={"reason": "fracture"}, headers=seen(1))
    assert studio.rows(tables.staff_order) == []
    client.post(f"{url}/withdraw", json={"reason": "fracture"}, headers=seen(1))
    (stop,) = studio.rows(tables.staff_order)
    assert (stop["kind"], stop["session_id"]) == ("stop", machine.session)
    assert [row["topic"] for row in studio.rows(tables.outbox)][-1].endswith("down/hold")
    assert "fracture" not in stop["reason"]


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({}, 428),
        (seen(7), 412),
        (seen(0), 412),
        ({"If-Match": 'W/"7"'}, 412),
        ({"If-Match": "1"}, 422),
        ({"If-Match": '"one"'}, 422),
    ],
)
def test_a_change_stands_on_the_version_that_was_seen(
    client: TestClient, studio: Studio, url: str, new_limits: Body, header: dict[str, str], status: int
) -> None:
    for answer in (
        client.put(url, json=new_limits(), headers=header),
        client.post(f"{url}/renew", json={"reason": "x"}, headers=header),
        client.post(f"{url}/withdraw", json={"reason": "x"}, headers=header),
    ):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
    assert versions(studio) == [1]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"max_load_g": 100_100}, "body.max_load_g"),
        ({"max_load_g": 24_050}, "body.max_load_g"),
        ({"sides": {"left": {"lowest_cdeg": 0, "highest_cdeg": 1, "start_highest_cdeg": 1}}}, "body.sides"),
        ({"valid_days": 43}, "body.valid_days"),
        ({"max_load_g": 24_000.0}, "body.max_load_g"),
        ({"max_load_g": "24000"}, "body.max_load_g"),
        ({"reason": ""}, "body.reason"),
        ({"reason": "a\u0000b"}, "body.reason"),
        ({"SECRET": 1}, "body"),
        ({"sides": {"SECRET": {}}}, "body.sides"),
    ],
)
def test_what_cannot_be_signed_is_a_problem_that_repeats_nothing(
    client: TestClient, studio: Studio, url: str, new_limits: Body, changes: dict[str, object], where: str
) -> None:
    answer = client.put(url, json=new_limits(**changes), headers=seen(1))

    assert answer.status_code == 422
    assert where in {mistake["where"] for mistake in answer.json()["mistakes"]}
    assert "SECRET" not in answer.text
    assert versions(studio) == [1]


def test_without_a_reason_nothing_is_signed(client: TestClient, url: str, new_limits: Body) -> None:
    body = new_limits()
    del body["reason"]
    assert client.put(url, json=body, headers=seen(1)).status_code == 422
    assert client.post(f"{url}/renew", json={}, headers=seen(1)).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/v1/patients/00000000-0000-4000-8000-000000000000/limits/lumbar_extension",
        "{patient}/limits/nothing",
        "{patient}/limits/hip_abduction",
    ],
)
def test_what_is_not_there_is_not_found(client: TestClient, url: str, path: str) -> None:
    answer = client.get(path.format(patient=url.split("/limits", maxsplit=1)[0]))
    assert answer.status_code == 404


def test_the_first_version_stands_on_none(client: TestClient, url: str, new_limits: Body) -> None:
    window = {"lowest_cdeg": 0, "highest_cdeg": 3_000, "start_highest_cdeg": 1_000}
    other = url.replace(KIND, "hip_abduction")
    body = new_limits(sides={"left": window, "right": window}, max_speed_cdeg_s=3_000)

    answer: Any = client.put(other, json=body, headers=seen(0))
    assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
