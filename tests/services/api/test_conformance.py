"""Reports of the conformance kit over the API: handed in, listed, and never changed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from studio_rows import NOW_MS, StudioRows

from dashboard.views.operations.report_file import read_report
from emulator.conformance import report as kit
from emulator.conformance.rim import Played
from emulator.conformance.rule import Rule, passed
from emulator.conformance.transcript import Transcript
from services.access import Actor, Scope
from services.store import tables

Ask = Callable[..., Actor]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
URL = "/v1/machines/rotation-1/conformance"
TESTED = "2026-11-18T11:00:00Z"  # six minutes before the studio's now
RULE = {
    "level": "full",
    "section": "values",
    "does": "looks",
    "sees": "it",
    "note": "so",
    "evidence": ["1 s"],
}


def report(**changes: Any) -> dict[str, Any]:
    rules = [
        RULE | {"id": "VAL-01", "result": "pass"},
        RULE | {"id": "VAL-02", "result": "fail", "note": "nothing came"},
        RULE | {"id": "VAL-03", "result": "skip"},
    ]
    about = {"machine": "rotation-1", "origin": "sim", "level": "full", "kit": "0.1.0", "protocol": "1.1"}
    return about | {"firmware": "1.4.0", "tested_at": TESTED, "rules": rules} | changes


@pytest.fixture
def admin(client: TestClient, studio: StudioRows, as_role: Ask) -> TestClient:
    studio.machine()
    studio.status()
    as_role("admin")
    return client


def test_a_report_is_kept_counted_and_shown(admin: TestClient) -> None:
    assert admin.get("/v1/machine-health").json()["items"][0]["conformance"] is None
    kept = admin.post(URL, json=report())
    assert kept.status_code == 201
    (shown,) = admin.get(URL).json()["items"]
    assert (shown["passed"], shown["failed"], shown["skipped"]) == (1, 1, 1)
    assert [rule["id"] for rule in shown["rules"]] == ["VAL-02"]  # a list tells what was broken
    assert (shown["tested_at"], shown["uploaded_by"]) == (TESTED, "admin")
    whole = admin.get(f"{URL}/{kept.json()['id']}").json()
    assert [rule["id"] for rule in whole["rules"]] == ["VAL-01", "VAL-02", "VAL-03"]
    short = admin.get("/v1/machines/rotation-1").json()["conformance"]
    assert (short["failed"], short["firmware"], short["is_of_other_firmware"]) == (1, "1.4.0", False)
    assert not short["ended_early"]


def test_a_test_that_ended_early_says_so(admin: TestClient) -> None:
    admin.post(URL, json=report(problem="link lost"))
    assert admin.get("/v1/machine-health").json()["items"][0]["conformance"]["ended_early"]


def test_a_report_of_other_firmware_says_so(admin: TestClient) -> None:
    admin.post(URL, json=report(firmware="1.3.9"))
    assert admin.get("/v1/machine-health").json()["items"][0]["conformance"]["is_of_other_firmware"]


def test_reports_come_in_pages_the_newest_test_first(admin: TestClient) -> None:
    times = [f"2026-11-1{day}T11:00:00Z" for day in (6, 8, 7)]
    for tested_at in times:
        assert admin.post(URL, json=report(tested_at=tested_at)).status_code == 201
    first = admin.get(URL, params={"limit": 2}).json()
    second = admin.get(URL, params={"limit": 2, "cursor": first["next"]}).json()
    seen = [item["tested_at"] for page in (first, second) for item in page["items"]]
    assert (seen, second["next"]) == (sorted(times, reverse=True), None)
    assert admin.get("/v1/machine-health").json()["items"][0]["conformance"]["tested_at"] == times[1]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"machine": "rotation-2"}, 422),
        ({"origin": "real"}, 422),
        ({"tested_at": "2026-12-01T00:00:00Z"}, 422),
        ({"tested_at": "2026-11-01T00:00:00"}, 422),  # without a zone
        ({"rules": []}, 422),
        ({"rules": [RULE | {"id": "VAL-01", "result": "skip"}]}, 422),
        ({"rules": [RULE | {"id": "VAL-01", "result": "pass"}] * 2}, 422),
        ({"rules": [RULE | {"id": "VAL-01", "result": "perhaps"}]}, 422),
        ({"rules": [RULE | {"id": "VAL-01", "result": "pass", "note": "a\x00b"}]}, 422),
        ({"ok": True}, 422),
    ],
)
def test_what_is_no_report_of_this_machine_is_refused(
    admin: TestClient, changes: dict[str, Any], status: int
) -> None:
    assert admin.post(URL, json=report(**changes)).status_code == status
    assert admin.get(URL).json()["items"] == []


def test_the_same_test_comes_once_and_none_to_a_retired_machine(admin: TestClient) -> None:
    assert admin.post(URL, json=report()).status_code == 201
    assert admin.post(URL, json=report(firmware="2")).status_code == 409
    admin.post("/v1/machines/rotation-1/retire", json={"reason": "sold"})
    assert admin.post(URL, json=report(tested_at="2026-11-18T11:01:00Z")).status_code == 409


def test_who_runs_the_place_hands_in_and_staff_look(admin: TestClient, as_role: Ask) -> None:
    report_id = admin.post(URL, json=report()).json()["id"]
    as_role("therapist")
    assert admin.post(URL, json=report()).status_code == 403
    assert admin.get(f"{URL}/{report_id}").status_code == 200
    as_role("admin", scope=Scope(sites=frozenset({"elsewhere"})))
    assert {admin.get(URL).status_code, admin.post(URL, json=report()).status_code} == {404}
    assert admin.get(f"{URL}/{report_id}").status_code == 404


def test_what_the_kit_writes_is_what_the_service_takes(admin: TestClient) -> None:
    rule = Rule(
        id="VAL-01",
        level="basic",
        section="values",
        does="reads `rep`",
        sees="it",
        judge=lambda _: passed("seen"),
    )
    played = Played(
        transcript=Transcript([], "rotation-1"),
        problem=None,
        seconds=1.0,
        began_at=TESTED.replace("Z", "+00:00"),
    )
    made = kit.made(played, [rule], "rotation-1", "full")
    body = read_report(json.dumps(kit.as_json(made)).encode())
    assert body is not None
    assert admin.post(URL, json=body).status_code == 201
    (shown,) = admin.get(URL).json()["items"]
    assert (shown["tested_at"], shown["passed"], shown["protocol"]) == (TESTED, 1, "1.0")


def test_the_audit_names_the_machine_and_what_came_of_it(admin: TestClient, studio: StudioRows) -> None:
    admin.post(URL, json=report())
    with studio.engine.connect() as connection:
        noted = connection.execute(select(tables.audit).where(tables.audit.c.action == "machine.conformance"))
        (entry,) = noted.all()
    assert (entry.object_id, entry.detail["state"], entry.at_ms) == ("rotation-1", "broken", NOW_MS)
