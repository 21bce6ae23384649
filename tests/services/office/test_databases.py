"""A day's work on PostgreSQL, where statements and locks differ: one tour through every route of it."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import open_studio
from studio_door import Door, open_door

from contract.messages import Applied, Event, Receipt
from openspine.postgres import Postgres
from services.insights.units import at
from services.rounds import Rounds
from services.store import tables

NONE = Applied(load_g=0, start_cdeg=0, end_cdeg=0)


@pytest.fixture
def door(postgres_server: Postgres, tmp_path: Path) -> Iterator[Door]:
    url = postgres_server.create_database(f"office_{uuid.uuid4().hex}")
    for studio in open_studio(url, tmp_path):
        with open_door(studio) as opened:
            yield opened


def train(door: Door, machine: ScriptedMachine) -> None:
    studio = door.studio
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 2))
    for row in plan.settings[:-1]:
        studio.hear(*machine.train(row))
    body = {"side": "both", "because": "pain", "reason": "Careful", "load_kg": 0.1}
    door.post(f"/sessions/{machine.session}/override", body)
    held = door.post("/machines/lumbar-1/hold", {"action": "freeze", "reason": "Tired"})
    studio.hear(machine.say(Receipt(result="applied", hold=held["id"], applied=NONE)))
    sent = studio.hear(*machine.train(plan.settings[-1]))
    assert studio.settings(machine, sent) == []
    studio.hear(machine.say(Event(what="pain")))


def test_a_days_work(door: Door) -> None:
    machine, studio = ScriptedMachine(), door.studio
    train(door, machine)
    door.now_ms = machine.wall_ms
    (patient,) = [row["id"] for row in studio.rows(tables.patient)]
    door.as_role("clinician")

    (item,) = door.get("/floor")["items"]
    assert (item["overridden"], item["hold"]["delivery"]) == (True, "applied")
    assert len(door.get(f"/sessions/{machine.session}/orders")["items"]) == 2
    door.post(f"/sessions/{machine.session}/give-back", {}, 204)
    pain = door.get("/alerts", code="pain", patient=patient)["groups"][0]["alerts"][0]
    for act in ("acknowledge", "undo", "resolve"):
        door.post(f"/alerts/{pain['id']}/{act}", status=204)
    assert door.get("/needs")["items"][0]["patient"]["id"] == patient


def test_the_papers_of_a_day(door: Door) -> None:
    machine, studio = ScriptedMachine(), door.studio
    train(door, machine)
    door.now_ms = machine.wall_ms
    (patient,) = [row["id"] for row in studio.rows(tables.patient)]
    door.as_role("clinician")

    door.post("/bookings", {"patient": patient, "starts_at": at(NOW_MS).isoformat()})
    door.post(f"/patients/{patient}/ticks", {"source": "station", "item": "walk"}, 204)
    (visit,) = door.get("/visits")["items"]
    assert (visit["state"], visit["stations"][0]["done"]) == ("came", True)
    assert door.get("/free-machines")["items"] == []

    door.post(f"/patients/{patient}/notes", {"kind": "massage", "body": "Lower back."})
    door.post(f"/patients/{patient}/home-exercises", {"exercise": "pelvic_tilt", "times_a_week": 7})
    door.post(f"/patients/{patient}/tests", {"kind": "lumbar_extension", "test": "mobility"})
    door.post(f"/patients/{patient}/questionnaires/nrs", {"answers": {"pain": 3}})
    assert len(door.get(f"/patients/{patient}/tests")["waiting"]) == 1
    assert len(door.get(f"/patients/{patient}/questionnaires")["items"]) == 1

    changes = door.get("/countersign")
    ids = [one["decision"] for one in changes["items"]]
    assert changes["items"][0]["by_staff"] is True
    assert door.post("/countersign", {"day": changes["day"], "decisions": ids}, 200)["signed"] == len(ids)

    door.post(f"/patients/{patient}/presets", {"kind": "half_load", "reason": "Tired"})
    studio.hear(machine.sign_out())
    again = studio.plan(machine, studio.hear(machine.sign_in()))
    assert {"no_increase"} <= set(again.flags)

    rounds = Rounds(
        engine=studio.engine, origin="sim", now_ms=lambda: door.now_ms + 86_400_000, model=lambda: "rule"
    )
    assert rounds.go() >= 0
    door.now_ms += 86_400_000
    body = {"question": "pain_next_morning", "value": 4}
    door.post(f"/patients/{patient}/answers", body, 204)
    door.post(f"/patients/{patient}/answers", body, 409)


def test_a_setting_that_waits_is_confirmed(door: Door) -> None:
    machine, studio = ScriptedMachine(), door.studio
    door.as_role("admin")
    door.post("/sites/studio/advice", {"advice": True}, 204)
    door.as_role("therapist")
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 2), *machine.train(plan.settings[0]))
    (waiting, *_) = door.get("/proposals")["items"][::-1]
    door.post(f"/settings/{waiting['id']}/confirm", status=204)
