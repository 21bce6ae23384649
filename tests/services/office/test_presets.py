import pytest
from scripted_machine import NOW_MS, ScriptedMachine, setting_in
from scripted_studio import Studio
from sqlalchemy import select
from studio_door import Door

from contract import codec
from contract.messages import Hold, Plan
from services.insights.units import at
from services.store import tables

DAY_MS = 86_400_000


@pytest.fixture
def patient(studio: Studio, door: Door) -> str:
    (row,) = studio.rows(tables.patient)
    door.now_ms = NOW_MS
    return str(row["id"])


def sign_in(studio: Studio, machine: ScriptedMachine) -> Plan:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 2))
    return plan


def outbox(studio: Studio, channel: str) -> list[tuple[str, bytes]]:
    with studio.engine.connect() as connection:
        rows = connection.execute(select(tables.outbox.c.topic, tables.outbox.c.payload)).all()
    return [(row.topic, row.payload) for row in rows if row.topic.endswith(channel)]


def holds(studio: Studio) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for topic, payload in outbox(studio, "down/hold"):
        message = codec.decode_down(topic, payload)
        assert isinstance(message, Hold)
        found.append((topic.split("/")[2], message.action))
    return found


def preset(door: Door, patient: str, kind: str, status: int = 201, **more: str) -> str:
    wish = {"kind": kind, "reason": "Looks tired"} | more
    return str(door.post(f"/patients/{patient}/presets", wish, status).get("id"))


def work_g(plan: Plan) -> set[int]:
    return {row.load_g for row in plan.settings if row.mode == "train"}


def test_half_load_holds_in_the_session_that_runs_and_in_the_next_of_the_day(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    first = sign_in(studio, machine)
    for row in first.settings[:-1]:
        studio.hear(*machine.train(row))
    made = preset(door, patient, "half_load")
    (whole_g,) = work_g(first)
    sent = [setting_in(payload, machine) for _, payload in outbox(studio, "down/setting")]
    assert sent[-1].load_g == whole_g // 2 // 100 * 100

    studio.hear(machine.sign_out())
    other = ScriptedMachine("rotation-1", "trunk_rotation")
    other.wall_ms = machine.wall_ms
    halved = sign_in(studio, other)
    assert "no_increase" in halved.flags
    studio.hear(other.sign_out())

    door.post(f"/presets/{made}/end", status=204)
    door.post(f"/presets/{made}/end", status=409)
    other.wall_ms += 60_000
    whole = sign_in(studio, other)
    assert [2 * row.load_g // 200 for row in halved.settings if row.mode == "train"] == [
        row.load_g // 2 // 100 for row in whole.settings if row.mode == "train"
    ]


def test_half_load_stays_half_after_every_set(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    preset(door, patient, "half_load")
    plan = sign_in(studio, machine)
    for row in plan.settings:
        outcome = studio.hear(*machine.train(row), machine.answer("rir", "many", row.set))
        for sent in studio.settings(machine, outcome):
            assert sent.mode != "train" or sent.load_g in work_g(plan)
    assert work_g(plan) != {0}


def test_hold_freezes_today_and_not_tomorrow(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    sign_in(studio, machine)
    preset(door, patient, "hold")
    assert holds(studio) == [("lumbar-1", "freeze")]
    studio.hear(machine.sign_out())
    assert "no_increase" in sign_in(studio, machine).flags
    studio.hear(machine.sign_out())
    machine.rest(1)
    assert "no_increase" not in sign_in(studio, machine).flags


def test_who_ended_the_visit_trains_no_more_today(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    sign_in(studio, machine)
    preset(door, patient, "end_visit")
    assert holds(studio) == [("lumbar-1", "stop")]
    studio.hear(machine.sign_out())
    again = studio.plan(machine, studio.hear(machine.sign_in()))
    assert again.settings == ()
    machine.rest(1)
    assert sign_in(studio, machine).settings != ()


def test_a_station_is_swapped_for_one_that_is_open(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    preset(door, patient, "swap_station", 422, station="lumbar_extension")
    door.post("/bookings", {"patient": patient, "starts_at": at(NOW_MS).isoformat()})
    sign_in(studio, machine)
    preset(door, patient, "swap_station", 422, station="row")
    preset(door, patient, "swap_station", 422, station="lumbar_extension", into="trunk_rotation")
    preset(door, patient, "swap_station", 422, station="lumbar_extension", into="ball_bridge")
    assert holds(studio) == []
    preset(door, patient, "swap_station", station="lumbar_extension", into="hamstring_stretch")
    assert holds(studio) == [("lumbar-1", "pause")]
    (visit,) = door.get("/visits")["items"]
    names = [one["station"] for one in visit["stations"]]
    assert names[:3] == ["walk", "hamstring_stretch", "trunk_rotation"]
    studio.hear(machine.sign_out())
    again = studio.plan(machine, studio.hear(machine.sign_in()))
    assert again.settings == ()
    assert again.next is not None
    assert again.next.name == "hamstring_stretch"


def test_a_swap_brings_no_seventh_machine(door: Door, patient: str) -> None:
    kinds = ("row", "leg_press", "hip_extension", "hip_abduction", "neck_extension", "neck_lateral")
    made = door.post("/bookings", {"patient": patient, "starts_at": at(NOW_MS).isoformat()})["id"]
    six = [{"station": kind, "guided": False, "minutes": 5} for kind in kinds]
    mat = {"station": "pelvic_tilt", "guided": True, "minutes": 5}
    door.send("PUT", f"/bookings/{made}/stations", {"version": 1, "stations": [mat, *six]}, 204)
    preset(door, patient, "swap_station", 422, station="pelvic_tilt", into="lumbar_extension")
    preset(door, patient, "swap_station", station="row", into="lumbar_extension")
    preset(door, patient, "swap_station", station="pelvic_tilt", into="sit_to_stand")


def lay_down(door: Door, patient: str, kind: str) -> list[dict[str, object]]:
    """Lay a preset down and return what the sessions that run were told."""
    answer = door.post(f"/patients/{patient}/presets", {"kind": kind, "reason": "Looks tired"})
    return [dict(one) for one in answer["sent"]]


def test_two_clicks_halve_once(studio: Studio, machine: ScriptedMachine, door: Door, patient: str) -> None:
    plan = sign_in(studio, machine)
    for row in plan.settings[:-1]:
        studio.hear(*machine.train(row))
    made = preset(door, patient, "half_load")
    (half_g,) = {setting_in(payload, machine).load_g for _, payload in outbox(studio, "down/setting")[-1:]}
    before = len(outbox(studio, "down/setting"))
    preset(door, patient, "half_load", 409)

    door.post(f"/presets/{made}/end", status=204)
    (told,) = lay_down(door, patient, "half_load")
    assert (told["load_kg"], told["refusal"]) == (None, "The load is halved here already.")
    sent = [setting_in(payload, machine).load_g for _, payload in outbox(studio, "down/setting")]
    assert (len(sent), sent[-1]) == (before, half_g)


def test_it_says_what_the_session_was_told_and_what_not(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    plan = sign_in(studio, machine)
    for row in plan.settings[:-1]:
        studio.hear(*machine.train(row))
    (whole_g,) = work_g(plan)
    (told,) = lay_down(door, patient, "half_load")
    assert told == {
        "session": machine.session,
        "machine": "lumbar-1",
        "side": "both",
        "load_kg": whole_g // 200 * 100 / 1_000,
        "refusal": None,
    }


def test_half_of_nothing_is_said_to_be_refused(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    for row in sign_in(studio, machine).settings:
        studio.hear(*machine.train(row))
    (told,) = lay_down(door, patient, "half_load")
    assert told["refusal"] == "No set of training is left on this side."
