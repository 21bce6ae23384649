from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio
from studio_door import Door

from contract.messages import Event
from services.access import Scope
from services.insights.units import at
from services.office import health
from services.office.exclusions import Entry
from services.office.refusal import Act
from services.store import engine as store
from services.store import tables


def sign_in(studio: Studio, badge: str, machine: ScriptedMachine) -> None:
    studio.hear(machine.sign_in(badge))
    studio.hear(machine.weigh(), machine.answer("pain_before", 2))


def test_who_hurts_comes_before_who_waits_before_who_is_new(studio: Studio, door: Door) -> None:
    waits = studio.enrol("badge-2", "lumbar_extension", name="Ms Waits")
    studio.enrol("badge-3", "lumbar_extension", name="Mr New")
    hurts, new = ScriptedMachine("lumbar-1"), ScriptedMachine("lumbar-3")
    sign_in(studio, "badge-1", hurts)
    studio.hear(hurts.say(Event(what="pain")))
    sign_in(studio, "badge-3", new)
    with store.writing(studio.engine) as connection:
        act = Act(by="clinician", name="Dr Wong", at_ms=NOW_MS)
        health.exclude(connection, waits, Entry(condition="pregnancy"), act)
    door.now_ms = hurts.wall_ms

    needs = door.get("/needs")["items"]
    assert [one["patient"]["name"] for one in needs] == ["Mr Lee", "Ms Waits", "Mr New"]
    assert needs[0]["light"] == "red"
    assert "pain" in {reason["code"] for reason in needs[0]["reasons"]}
    assert [reason["code"] for reason in needs[1]["reasons"]] == ["waiting_clearance"]
    assert needs[1]["reasons"][0]["since"] == at(NOW_MS).isoformat().replace("+00:00", "Z")
    (pressed,) = [reason for reason in needs[0]["reasons"] if reason["code"] == "pain"]
    assert len(pressed["alerts"]) == 1
    door.post(f"/alerts/{pressed['alerts'][0]}/acknowledge", status=204)
    again = next(reason for reason in door.get("/needs")["items"][0]["reasons"] if reason["code"] == "pain")
    assert (again["alerts"], again["since"]) == ([], pressed["since"])
    weights = [one["weight"] for one in needs]
    assert weights == sorted(weights, reverse=True)
    assert all(reason["text_zh"] for one in needs for reason in one["reasons"])


def test_an_override_and_missed_visits_put_one_on_the_list(studio: Studio, door: Door) -> None:
    machine = ScriptedMachine("lumbar-1")
    sign_in(studio, "badge-1", machine)
    studio.hear(machine.sign_out())
    (patient,) = [row["id"] for row in studio.rows(tables.patient)]
    rows = [
        {
            "id": f"00000000-0000-5000-8000-00000000000{number}", "patient_id": patient, "origin": "sim",
            "site_id": "studio", "day": f"2030-01-0{number}", "starts_ms": door.now_ms - number,
            "minutes": 40, "state": "missed", "stations": [], "version": 1, "made_by": "therapist",
            "made_ms": 1, "changed_ms": 1,
        }
        for number in (1, 2)
    ]  # fmt: skip
    with store.writing(studio.engine) as connection:
        connection.execute(tables.booking.insert(), rows[:1])
    codes = {reason["code"] for one in door.get("/needs")["items"] for reason in one["reasons"]}
    assert "missed_visits" not in codes
    with store.writing(studio.engine) as connection:
        connection.execute(tables.booking.insert(), rows[1:])
    (need,) = door.get("/needs")["items"]
    missed = next(reason for reason in need["reasons"] if reason["code"] == "missed_visits")
    assert missed["text_en"] == "Missed 2 of the last visits."
    last = at(door.now_ms - 1).isoformat().replace("+00:00", "Z")
    assert (missed["since"], missed["alerts"]) == (last, [])


def test_another_site_needs_nobody_of_ours(studio: Studio, door: Door) -> None:
    machine = ScriptedMachine("lumbar-1")
    sign_in(studio, "badge-1", machine)
    studio.hear(machine.say(Event(what="pain")))
    assert door.get("/needs")["items"] != []
    door.as_role("clinician", scope=Scope(sites=frozenset({"elsewhere"})))
    assert door.get("/needs")["items"] == []
    door.as_role("patient", scope=Scope(patient="x"))
    door.get("/needs", status=403)
