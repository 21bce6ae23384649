from typing import Any

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio
from studio_door import Door

from contract.messages import TestResult
from services.access import Scope
from services.store import tables

DAY_MS = 86_400_000


@pytest.fixture
def patient(studio: Studio, door: Door) -> str:
    (row,) = studio.rows(tables.patient)
    door.now_ms = NOW_MS
    return str(row["id"])


def come(studio: Studio, machine: ScriptedMachine, *, train: bool = True) -> list[str]:
    """Train a session; returns the modes of its plan."""
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 2))
    for row in plan.settings if train else ():
        studio.hear(*machine.train(row))
    studio.hear(machine.sign_out())
    return [row.mode for row in plan.settings]


def flags(studio: Studio, machine: ScriptedMachine) -> tuple[str, ...]:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.sign_out())
    return plan.flags


def test_a_massage_lets_nothing_rise_for_48_hours_and_its_tenderness_is_no_flare(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    come(studio, machine)
    door.post(f"/patients/{patient}/notes", {"kind": "note", "body": "Slept well."})
    machine.wall_ms = NOW_MS + DAY_MS
    assert "no_increase" not in flags(studio, machine)
    made = door.post(f"/patients/{patient}/notes", {"kind": "massage", "body": "Deep, lower back."})["id"]
    machine.wall_ms = NOW_MS + 2 * DAY_MS - 3_600_000
    assert "no_increase" in flags(studio, machine)
    frames = [row["frame"]["is_sore"] for row in studio.rows(tables.session) if row["frame"]]
    assert sorted(frames) == [False, False, True]
    machine.wall_ms = NOW_MS + 2 * DAY_MS
    assert "no_increase" not in flags(studio, machine)
    door.post(f"/notes/{made}/withdraw", status=204)
    machine.wall_ms = NOW_MS + DAY_MS + 7_200_000
    assert "no_increase" not in flags(studio, machine)


def test_notes_are_for_staff_and_withdrawn_by_who_wrote_them(door: Door, patient: str) -> None:
    made = door.post(f"/patients/{patient}/notes", {"body": "Afraid of bending."})["id"]
    (note,) = door.get(f"/patients/{patient}/notes")["items"]
    assert (note["body"], note["by"], note["kind"]) == ("Afraid of bending.", "Ho Wing Yan", "note")
    door.as_role("clinician")
    door.post(f"/notes/{made}/withdraw", status=409)
    door.as_role("patient", scope=Scope(patient=patient))
    door.get(f"/patients/{patient}/notes", status=403)
    door.as_role("therapist")
    door.post(f"/notes/{made}/withdraw", status=204)
    door.post(f"/notes/{made}/withdraw", status=409)
    assert door.get(f"/patients/{patient}/notes")["items"] == []
    door.post(f"/patients/{patient}/notes", {"body": ""}, status=422)


def test_every_note_is_reached_page_by_page_also_of_one_moment(door: Door, patient: str) -> None:
    written = [
        door.post(f"/patients/{patient}/notes", {"body": f"Note {number}."})["id"] for number in range(5)
    ]
    seen: list[str] = []
    behind: dict[str, Any] = {}
    for left in (3, 1, 0):
        page = door.get(f"/patients/{patient}/notes", limit=2, **behind)
        seen += [note["id"] for note in page["items"]]
        assert (page["next"] is not None) == (left > 0)
        behind["cursor"] = page["next"]
    assert (len(seen), set(seen)) == (5, set(written))


def test_an_exercise_is_given_once_when_it_is_open_and_its_days_are_counted(door: Door, patient: str) -> None:
    path = f"/patients/{patient}/home-exercises"
    made = door.post(path, {"exercise": "pelvic_tilt", "times_a_week": 7, "hold_s": 6})["id"]
    door.post(path, {"exercise": "pelvic_tilt", "times_a_week": 7}, status=409)
    door.post(path, {"exercise": "juggling", "times_a_week": 7}, status=422)
    door.post(path, {"exercise": "decompression", "times_a_week": 7}, status=409)
    for days in range(4):
        door.now_ms = NOW_MS + days * DAY_MS
        if days != 2:
            door.post(f"/patients/{patient}/ticks", {"source": "home", "item": "pelvic_tilt"}, 204)
    (shown,) = door.get(path)["items"]
    assert (shown["hold_s"], shown["days_done"], shown["days_expected"]) == (6.0, 3, 4)
    assert (shown["adherence_pct"], shown["done_today"]) == (75.0, True)
    assert shown["exercise"]["text_zh"]
    door.post(f"/home-exercises/{made}/end", status=204)
    door.post(f"/home-exercises/{made}/end", status=409)
    assert door.get(path)["items"] == []


def test_stabilisation_opens_with_a_neutral_spine(door: Door, patient: str) -> None:
    def closed() -> dict[str, str | None]:
        items = door.get(f"/patients/{patient}/exercises")["items"]
        return {one["exercise"]: one["closed"] for one in items}

    assert closed()["leg_raise"] == "neutral_spine"
    assert closed()["ball_bridge"] == "phase" or closed()["ball_bridge"] == "neutral_spine"
    door.post(f"/patients/{patient}/neutral-spine", {"finds": True}, 204)
    assert closed()["leg_raise"] is None
    assert door.get(f"/patients/{patient}/file")["finds_neutral"] is True
    door.post(f"/patients/{patient}/neutral-spine", {"finds": False}, 204)
    assert closed()["leg_raise"] == "neutral_spine"
    assert door.get(f"/patients/{patient}/file")["finds_neutral"] is False


def test_a_test_that_was_asked_for_is_in_the_next_plan_until_it_is_done(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    come(studio, machine)
    machine.rest(4)
    assert "mobility" not in come(studio, machine)
    path = f"/patients/{patient}/tests"
    door.now_ms = machine.wall_ms
    door.post(path, {"kind": "lumbar_extension", "test": "mobility"})
    door.post(path, {"kind": "lumbar_extension", "test": "mobility"}, status=409)
    door.post(path, {"kind": "rowing_boat", "test": "mobility"}, status=422)
    machine.rest(4)
    assert "mobility" in come(studio, machine, train=False)
    machine.rest(4)
    assert "mobility" in come(studio, machine)
    assert door.get(path)["waiting"] == []
    machine.rest(4)
    assert "mobility" not in come(studio, machine, train=False)


def test_a_test_can_be_taken_back_and_its_tries_are_listed(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    path = f"/patients/{patient}/tests"
    made = door.post(path, {"kind": "lumbar_extension", "test": "strength"})["id"]
    assert [one["test"] for one in door.get(path)["waiting"]] == ["strength"]
    door.post(f"/test-orders/{made}/cancel", status=204)
    door.post(f"/test-orders/{made}/cancel", status=404)
    assert door.get(path) == {"waiting": [], "tries": []}

    studio.hear(machine.sign_in())
    tried = TestResult(
        mode="isometric", side="both", angle_cdeg=3_000, peak_torque_nm=80.0, mean_3s_nm=70.0,
        range_deg=0.0, attempt=1,
    )  # fmt: skip
    studio.hear(machine.say(tried))
    (shown,) = door.get(path)["tries"]
    assert (shown["test"], shown["angle_deg"], shown["mean_3s_nm"]) == ("strength", 30.0, 70.0)


def test_a_strength_test_is_asked_for_but_not_planned_while_it_hurts(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    come(studio, machine)
    machine.rest(4)
    door.post(f"/patients/{patient}/tests", {"kind": "lumbar_extension", "test": "strength"})
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    assert "isometric" in [row.mode for row in plan.settings]
    studio.hear(machine.weigh(), machine.answer("pain_before", 8), machine.sign_out())
    machine.wall_ms += 60_000
    again = studio.plan(machine, studio.hear(machine.sign_in()))
    assert "isometric" not in [row.mode for row in again.settings]
