"""What a person reads of what comes next: only their own, and nothing that staff keep for themselves."""

from typing import Any

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio
from studio_door import Door

from services.access import Scope
from services.insights.units import at
from services.store import tables

DAY_MS = 86_400_000


@pytest.fixture
def patient(studio: Studio, door: Door) -> str:
    (row,) = studio.rows(tables.patient)
    door.now_ms = NOW_MS
    return str(row["id"])


def outlook(door: Door, patient: str) -> Any:
    door.as_role("patient", scope=Scope(patient=patient), actor_id=patient)
    found = door.get(f"/patients/{patient}/outlook")
    door.as_role("therapist")
    return found


def come(studio: Studio, machine: ScriptedMachine, *symptoms: str) -> None:
    studio.hear(machine.sign_in())
    studio.hear(machine.weigh(), *(machine.answer("new_symptoms", one) for one in symptoms))
    studio.hear(machine.sign_out())


def book(door: Door, patient: str, starts_ms: int) -> str:
    return str(door.post("/bookings", {"patient": patient, "starts_at": at(starts_ms).isoformat()})["id"])


def test_the_next_visit_is_the_first_planned_one_with_its_stations(door: Door, patient: str) -> None:
    assert outlook(door, patient) == {"visit": None, "morning": None, "waiting": []}
    book(door, patient, NOW_MS + 4 * DAY_MS)
    first = book(door, patient, NOW_MS + DAY_MS)
    visit = outlook(door, patient)["visit"]
    assert visit["starts_at"] == at(NOW_MS + DAY_MS).isoformat().replace("+00:00", "Z")
    walk, machine = visit["stations"][:2]
    assert (walk["guided"], walk["text_en"], walk["text_zh"]) == (
        True,
        "Walk or cycle easily",
        "輕鬆步行或踏單車",
    )
    assert (machine["station"], machine["guided"], machine["text_en"]) == ("lumbar_extension", False, None)
    door.post(f"/bookings/{first}/cancel", {"version": 1}, status=204)
    assert outlook(door, patient)["visit"]["starts_at"] > visit["starts_at"]


def test_a_visit_that_has_begun_is_not_the_next_one(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    book(door, patient, NOW_MS + 60_000)
    assert outlook(door, patient)["visit"] is not None
    come(studio, machine)
    assert outlook(door, patient)["visit"] is None


@pytest.mark.parametrize(("nrs", "settled"), [(1, True), (9, False)])
def test_the_morning_is_asked_for_three_days_and_judged_by_what_is_usual(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str, nrs: int, settled: bool
) -> None:
    come(studio, machine)
    assert outlook(door, patient)["morning"] is None  # today's visit has no morning yet
    door.now_ms = NOW_MS + 3 * DAY_MS
    assert outlook(door, patient)["morning"]["open"] is True
    door.now_ms = NOW_MS + 4 * DAY_MS
    assert outlook(door, patient)["morning"]["open"] is False
    door.now_ms = NOW_MS + DAY_MS
    body = {"question": "pain_next_morning", "value": nrs}
    door.post(f"/patients/{patient}/answers", body, status=204)
    found = outlook(door, patient)["morning"]
    assert (found["nrs"], found["settled"], found["open"]) == (nrs, settled, False)


def test_what_was_told_at_a_machine_waits_until_a_clinician_has_cleared_it(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    come(studio, machine, "bladder_saddle")
    (waiting,) = outlook(door, patient)["waiting"]
    assert (waiting["code"], waiting["emergency"], waiting["closes"]) == ("bladder_saddle", True, [])
    door.as_role("clinician")
    door.now_ms = NOW_MS + DAY_MS
    door.post(f"/patients/{patient}/symptoms/clearance", {"reason": "Seen today."}, status=204)
    assert outlook(door, patient)["waiting"] == []


def test_an_entry_of_staff_names_its_machines_and_keeps_their_note(door: Door, patient: str) -> None:
    body = {"condition": "glaucoma", "note": "Dr Lam, eye clinic."}
    door.post(f"/patients/{patient}/exclusions", body, status=204)
    door.post(f"/patients/{patient}/exclusions", {"condition": "hypermobile"}, status=204)
    (waiting,) = outlook(door, patient)["waiting"]  # who is hypermobile trains on every machine
    assert "lumbar_flexion" in waiting["closes"]
    assert "Lam" not in str(waiting)
