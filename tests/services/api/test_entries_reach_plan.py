"""What is entered over the API is what the machine is told at the next sign-in."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio, open_studio
from sqlalchemy import update

from contract.messages import Plan
from services.access import Actor
from services.store import tables

Ask = Callable[..., Actor]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def trained(tmp_path: Path, client: TestClient) -> Iterator[Studio]:
    """A studio that plans sessions, behind the HTTP application."""
    for studio in open_studio(f"sqlite:///{tmp_path / 'trained.sqlite'}", tmp_path):
        app = cast("FastAPI", client.app)
        context = app.state.context
        app.state.context = replace(
            context, engine=studio.engine, now_ms=lambda: NOW_MS, site_key=studio.keys.site
        )
        yield studio
        app.state.context = context


def plan(studio: Studio, machine: str, kind: str, badge: str = "badge-1") -> Plan:
    scripted = ScriptedMachine(machine, kind)
    return studio.plan(scripted, studio.hear(scripted.sign_in(badge)))


def loads(of: Plan) -> set[int]:
    return {one.load_g for one in of.settings if one.mode == "train"}


def test_an_exclusion_takes_the_load_of_its_kinds_and_of_no_other(
    trained: Studio, client: TestClient, as_role: Ask
) -> None:
    url = f"/v1/patients/{trained.rows(tables.patient)[0]['id']}"
    as_role("therapist")
    told = {"condition": "hernia", "note": "left groin"}
    assert client.post(f"{url}/exclusions", json=told).status_code == 204
    assert loads(plan(trained, "lumbar-1", "lumbar_extension")) <= {0}
    as_role("clinician", stepped_up=True)
    entry = client.get(f"{url}/file").json()["exclusions"][0]["id"]
    client.post(f"{url}/exclusions/{entry}/clearance", json={"reason": "Repaired in May."})
    assert max(loads(plan(trained, "lumbar-2", "lumbar_extension"))) > 0


def test_a_neck_that_is_unstable_closes_no_back(trained: Studio, client: TestClient, as_role: Ask) -> None:
    as_role("therapist")
    url = f"/v1/patients/{trained.rows(tables.patient)[0]['id']}"
    client.post(f"{url}/exclusions", json={"condition": "neck_instability"})
    assert max(loads(plan(trained, "lumbar-1", "lumbar_extension"))) > 0


def test_osteoporosis_narrows_the_window_and_pressure_stops(
    trained: Studio, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    url = f"/v1/patients/{trained.rows(tables.patient)[0]['id']}"
    client.post(f"{url}/exclusions", json={"condition": "osteoporosis"})
    narrowed = [one for one in plan(trained, "lumbar-1", "lumbar_extension").settings if one.mode == "train"]
    assert narrowed
    assert all(one.start_cdeg >= 3_600 for one in narrowed)
    client.post(f"{url}/blood-pressure", json={"systolic_mmhg": 185, "diastolic_mmhg": 100})
    assert loads(plan(trained, "rotation-1", "trunk_rotation")) <= {0}


def test_a_locked_badge_and_an_archived_person_open_nothing(
    trained: Studio, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    url = f"/v1/patients/{trained.rows(tables.patient)[0]['id']}"
    client.put(f"{url}/cards/badge/lock", json={"locked": True})
    assert plan(trained, "lumbar-1", "lumbar_extension").settings == ()
    client.put(f"{url}/cards/badge/lock", json={"locked": False})
    assert plan(trained, "lumbar-2", "lumbar_extension").settings
    client.post(f"{url}/archive", json={"reason": "Moved away."})
    assert plan(trained, "lumbar-3", "lumbar_extension").settings == ()


def test_a_new_badge_opens_the_machine_when_the_limits_are_signed_for_it(
    trained: Studio, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    url = f"/v1/patients/{trained.rows(tables.patient)[0]['id']}"
    issued = client.put(f"{url}/badge", json={"badge": "badge-9"}).json()
    assert issued["limits_to_renew"] == ["lumbar_extension", "trunk_rotation"]
    assert plan(trained, "lumbar-1", "lumbar_extension", badge="badge-9").settings == ()
    assert plan(trained, "lumbar-2", "lumbar_extension").settings == ()  # the one before is nobody's


def test_who_no_longer_agrees_to_train_is_planned_nothing_and_staff_read_why(
    trained: Studio, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    url = f"/v1/patients/{trained.rows(tables.patient)[0]['id']}/consents"
    research = {"purpose": "research", "version": "2026-01", "given": False}
    assert client.post(url, json=research).status_code == 204
    assert max(loads(plan(trained, "lumbar-1", "lumbar_extension"))) > 0
    training = research | {"purpose": "training"}
    assert client.post(url, json=training).status_code == 204
    stopped = plan(trained, "lumbar-2", "lumbar_extension")
    assert (stopped.settings, stopped.envelope.max_load_g, stopped.greeting != "") == ((), 0, True)
    told = [one for one in trained.rows(tables.alert) if one["code"] == "consent_withdrawn"]
    assert [(one["severity"], one["machine"]) for one in told] == [("amber", "lumbar-2")]
    with trained.engine.begin() as connection:
        connection.execute(update(tables.consent).values(at_ms=NOW_MS - 1))  # before what comes now
    assert client.post(url, json=training | {"given": True}).status_code == 204
    assert max(loads(plan(trained, "lumbar-3", "lumbar_extension"))) > 0
