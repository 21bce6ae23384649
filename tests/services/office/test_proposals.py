import pytest
from scripted_machine import ScriptedMachine, setting_in
from scripted_studio import Studio
from sqlalchemy import select, update
from studio_door import Door

from contract import signing
from contract.messages import Plan
from services.access import Scope
from services.store import tables


@pytest.fixture
def advised(studio: Studio, door: Door) -> Studio:
    """The site lets the model advise only."""
    door.as_role("admin")
    door.post("/sites/studio/advice", {"advice": True}, 204)
    door.as_role("therapist")
    return studio


def sign_in(studio: Studio, machine: ScriptedMachine) -> Plan:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 2))
    return plan


def test_a_setting_waits_until_staff_confirm_it(
    advised: Studio, machine: ScriptedMachine, door: Door
) -> None:
    plan = sign_in(advised, machine)
    outcome = advised.hear(*machine.train(plan.settings[0]))
    assert advised.settings(machine, outcome) == []
    waiting = door.get("/proposals")["items"]
    newest = waiting[-1]
    assert (newest["machine"], newest["patient"]["name"], newest["set"]) == ("lumbar-1", "Mr Lee", 2)
    assert newest["machine_name"]
    assert newest["clinical_start_deg"] + newest["start_deg"] == 72  # deg, of an extension machine
    assert [reason["text_en"] for reason in newest["why"]] != []

    door.post(f"/settings/{newest['id']}/confirm", status=204)

    with advised.engine.connect() as connection:
        payloads = connection.scalars(
            select(tables.outbox.c.payload).where(tables.outbox.c.topic.endswith("down/setting"))
        ).all()
    sent = [setting_in(payload, machine) for payload in payloads][-1]
    assert (sent.id, sent.set, sent.basis.seq) == (newest["id"], 2, machine.seq)
    assert signing.is_signed_by(sent, advised.desk.command.key.public_key())
    assert sent.seq == max(row["commands"] for row in advised.rows(tables.session))
    door.post(f"/settings/{newest['id']}/confirm", status=409)


def test_an_older_proposal_or_one_of_a_begun_set_is_not_confirmed(
    advised: Studio, machine: ScriptedMachine, door: Door
) -> None:
    plan = sign_in(advised, machine)
    advised.hear(*machine.train(plan.settings[0]))
    older = door.get("/proposals")["items"][-1]["id"]
    advised.hear(machine.answer("rir", "many", 1))
    newer = door.get("/proposals")["items"][-1]["id"]
    assert older != newer
    door.post(f"/settings/{older}/confirm", status=409)
    advised.hear(*machine.train(plan.settings[1]))
    door.post(f"/settings/{newer}/confirm", status=409)


def test_what_the_limits_of_now_do_not_allow_is_not_confirmed(
    advised: Studio, machine: ScriptedMachine, door: Door
) -> None:
    plan = sign_in(advised, machine)
    for row in plan.settings[:-1]:
        advised.hear(*machine.train(row))
    waiting = door.get("/proposals")["items"][-1]
    assert waiting["load_kg"] > 0
    path = f"/settings/{waiting['id']}/confirm"
    with advised.engine.begin() as connection:
        frame = advised.rows(tables.session)[0]["frame"]
        frame["envelope"]["max_load_g"] = 100
        connection.execute(update(tables.session).values(frame=frame))
    answer = door.post(path, status=409)
    assert "at most 0.1 kg" in answer["detail"]


def test_unconfirmed_the_plans_row_holds_and_the_end_of_the_session_ends_it(
    advised: Studio, machine: ScriptedMachine, door: Door
) -> None:
    plan = sign_in(advised, machine)
    advised.hear(*machine.train(plan.settings[0]))
    waiting = door.get("/proposals")["items"][-1]["id"]
    advised.hear(machine.sign_out())
    assert door.get("/proposals")["items"] == []
    door.post(f"/settings/{waiting}/confirm", status=409)
    assert "proposed" not in {row["state"] for row in advised.rows(tables.setting)}


def test_only_the_own_site_sees_and_confirms(advised: Studio, machine: ScriptedMachine, door: Door) -> None:
    plan = sign_in(advised, machine)
    advised.hear(*machine.train(plan.settings[0]))
    waiting = door.get("/proposals")["items"][-1]["id"]
    door.as_role("therapist", scope=Scope(sites=frozenset({"elsewhere"})))
    assert door.get("/proposals")["items"] == []
    door.post(f"/settings/{waiting}/confirm", status=404)
    door.as_role("therapist")
    door.post("/settings/00000000-0000-5000-8000-000000000000/confirm", status=404)


def test_the_mode_is_switched_by_who_runs_the_place(advised: Studio, door: Door) -> None:
    door.post("/sites/studio/advice", {"advice": False}, 403)
    door.as_role("admin")
    door.post("/sites/studio/advice", {"advice": True}, 409)
    door.post("/sites/studio/advice", {"advice": False}, 204)
    door.post("/sites/nowhere/advice", {"advice": False}, 404)
    assert [row["advice"] for row in advised.rows(tables.site)] == [False]


def test_staffs_own_dose_needs_nobodys_confirmation(
    advised: Studio, machine: ScriptedMachine, door: Door
) -> None:
    plan = sign_in(advised, machine)
    for row in plan.settings[:-1]:
        advised.hear(*machine.train(row))
    body = {"side": "both", "because": "pain", "reason": "Careful", "load_kg": 0.1}
    door.post(f"/sessions/{machine.session}/override", body)
    outcome = advised.hear(machine.answer("rir", "many", len(plan.settings) - 1))
    assert [one.load_g for one in advised.settings(machine, outcome)] == [100]
