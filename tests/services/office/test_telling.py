import zlib
from typing import Any

import msgspec
import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio
from studio_door import Door

from services.access import Scope
from services.office.instruments import forms
from services.store import tables

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS


@pytest.fixture
def patient(studio: Studio, door: Door) -> str:
    (row,) = studio.rows(tables.patient)
    door.as_role("patient", scope=Scope(patient=row["id"]), actor_id=row["id"])
    door.now_ms = NOW_MS
    return str(row["id"])


def visit(studio: Studio, machine: ScriptedMachine) -> Any:
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 2))
    for row in plan.settings:
        studio.hear(*machine.train(row))
    return plan


def last_request(studio: Studio) -> Any:
    newest = max(studio.rows(tables.decision), key=lambda row: (row["now_ms"], row["basis_seq"]))
    return msgspec.json.decode(zlib.decompress(newest["request"]))


def morning(door: Door, patient: str, value: int, status: int = 204) -> None:
    body = {"question": "pain_next_morning", "value": value}
    door.post(f"/patients/{patient}/answers", body, status)


def test_the_morning_told_by_phone_reaches_the_next_decision_once(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    visit(studio, machine)
    studio.hear(machine.sign_out())
    door.now_ms = NOW_MS + DAY_MS
    morning(door, patient, 6)
    morning(door, patient, 2, status=409)

    machine.wall_ms = NOW_MS + 3 * DAY_MS
    plan = visit(studio, machine)
    assert "pain_next_morning" not in plan.questions
    request = last_request(studio)
    assert request["today"]["morning_nrs"] == 6
    assert [one["morning_nrs"] for one in request["past"]] == [6]
    assert [row["morning_nrs"] for row in studio.rows(tables.visit)] == [6, None]
    assert {row["morning_nrs"] for row in studio.rows(tables.summary)} == {6, None}


def test_a_morning_told_while_one_trains_is_known_to_the_next_decision(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    visit(studio, machine)
    studio.hear(machine.sign_out())
    machine.wall_ms = NOW_MS + DAY_MS
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 2))
    assert last_request(studio)["today"]["morning_nrs"] is None
    door.now_ms = machine.wall_ms
    morning(door, patient, 4)
    studio.hear(*machine.train(plan.settings[0]))
    assert last_request(studio)["today"]["morning_nrs"] == 4


def test_the_machines_answer_came_first_and_counts(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    visit(studio, machine)
    studio.hear(machine.sign_out())
    machine.wall_ms = NOW_MS + DAY_MS
    studio.hear(machine.sign_in())
    studio.hear(machine.answer("pain_next_morning", 3))
    door.now_ms = machine.wall_ms
    morning(door, patient, 8, status=409)
    assert [row["morning_nrs"] for row in studio.rows(tables.visit)] == [3, None]


def test_without_a_visit_in_the_last_days_there_is_no_morning(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    morning(door, patient, 3, status=409)
    studio.hear(machine.sign_in(), machine.sign_out())
    morning(door, patient, 3, status=409)  # the night is still to come
    door.now_ms = NOW_MS + 4 * DAY_MS
    morning(door, patient, 3, status=409)
    door.now_ms = NOW_MS + 3 * DAY_MS
    morning(door, patient, 3)
    morning(door, patient, 11, status=422)


def test_readiness_is_told_once_a_day_and_only_for_oneself(door: Door, patient: str) -> None:
    body = {"question": "readiness", "value": 7}
    door.post(f"/patients/{patient}/answers", body, 204)
    door.post(f"/patients/{patient}/answers", body, 409)
    door.now_ms += DAY_MS
    door.post(f"/patients/{patient}/answers", body, 204)
    door.as_role("patient", scope=Scope(patient="somebody-else"))
    door.post(f"/patients/{patient}/answers", body, 404)


def test_questionnaires_are_asked_for_in_weeks_0_6_and_12(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    def asked() -> list[tuple[str, int]]:
        due = door.get(f"/patients/{patient}/questionnaires")["due"]
        return [(one["instrument"], one["week"]) for one in due]

    assert asked() == [("odi", 0), ("roland_morris", 0)]
    studio.hear(machine.sign_in(), machine.sign_out())
    fill(door, patient, "odi", 2)
    assert asked() == [("roland_morris", 0)]
    for weeks, expected in ((4, 0), (5.1, 6), (10.9, 6), (11.1, 12), (30, 12)):
        door.now_ms = NOW_MS + round(weeks * WEEK_MS)
        assert {week for _, week in asked()} == {expected}, weeks


def test_scores_are_judged_by_their_important_change(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    studio.hear(machine.sign_in(), machine.sign_out())
    assert fill(door, patient, "odi", 2) == 40.0
    door.now_ms = NOW_MS + 6 * WEEK_MS
    assert fill(door, patient, "odi", 1) == 20.0
    told = door.get(f"/patients/{patient}/questionnaires")
    changes = {one["instrument"]: one for one in told["changes"]}
    assert (changes["odi"]["verdict"], changes["odi"]["by"], changes["odi"]["needed"]) == ("improved", 20, 12)
    assert changes["roland_morris"]["verdict"] == "not_enough_data"
    assert [one["week"] for one in told["items"]] == [0, 6]


def fill(door: Door, patient: str, instrument: str, value: int) -> Any:
    answers = {item.id: value for item in forms()[instrument].items}
    path = f"/patients/{patient}/questionnaires/{instrument}"
    return door.post(path, {"answers": answers})["score"]


@pytest.mark.parametrize(
    ("instrument", "answers"),
    [
        ("odi", {"pain": 6}),
        ("odi", {"pain": 1}),
        ("odi", {"juggling": 1}),
        ("roland_morris", {"home": 1}),
        ("nrs", {}),
        ("mood", {"pain": 1}),
    ],
)
def test_what_cannot_be_scored_is_refused(
    studio: Studio, door: Door, patient: str, instrument: str, answers: dict[str, int]
) -> None:
    door.post(f"/patients/{patient}/questionnaires/{instrument}", {"answers": answers}, 422)
    assert studio.rows(tables.questionnaire) == []


def test_a_left_out_section_does_not_lower_the_score(door: Door, patient: str) -> None:
    answers = {item.id: 3 for item in forms()["odi"].items if item.id != "intimacy"}
    path = f"/patients/{patient}/questionnaires/odi"
    assert door.post(path, {"answers": answers})["score"] == 60.0


def test_each_questionnaire_shows_its_items(door: Door, patient: str) -> None:
    assert patient
    counts = {name: len(door.get(f"/questionnaires/{name}")["items"]) for name in forms()}
    assert counts == {"nrs": 1, "odi": 10, "roland_morris": 24}
    door.get("/questionnaires/mood", status=422)
