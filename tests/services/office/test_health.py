"""What is entered of a person's health, while the person trains."""

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio
from sqlalchemy import select
from studio_door import Door

from contract import codec
from contract.messages import Hold
from services.store import tables


@pytest.fixture
def patient(studio: Studio, door: Door) -> str:
    (row,) = studio.rows(tables.patient)
    door.now_ms = NOW_MS
    return str(row["id"])


def holds(studio: Studio) -> list[Hold]:
    with studio.engine.connect() as connection:
        rows = connection.execute(select(tables.outbox.c.topic, tables.outbox.c.payload)).all()
    found = [codec.decode_down(row.topic, row.payload) for row in rows if row.topic.endswith("down/hold")]
    return [one for one in found if isinstance(one, Hold)]


@pytest.mark.parametrize(
    ("condition", "stops"),
    [("bladder_saddle", True), ("hernia", True), ("neck_instability", False), ("osteoporosis", False)],
)
def test_a_condition_stops_the_machine_that_it_closes(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str, condition: str, *, stops: bool
) -> None:
    studio.plan(machine, studio.hear(machine.sign_in()))
    door.post(f"/patients/{patient}/exclusions", {"condition": condition, "note": "told now"}, status=204)
    assert [(one.action, one.session) for one in holds(studio)] == [("stop", machine.session)] * stops
    assert "told" not in str(holds(studio))
    assert condition not in str(holds(studio))


def test_a_condition_that_is_over_stops_nothing(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    studio.plan(machine, studio.hear(machine.sign_in()))
    told = {"condition": "birth", "since_day": "2020-01-01"}
    door.post(f"/patients/{patient}/exclusions", told, status=204)
    assert holds(studio) == []


def test_who_is_archived_trains_no_more(
    studio: Studio, machine: ScriptedMachine, door: Door, patient: str
) -> None:
    studio.plan(machine, studio.hear(machine.sign_in()))
    door.post(f"/patients/{patient}/archive", {"reason": "Moved away."}, status=204)
    assert [one.action for one in holds(studio)] == ["stop"]


@pytest.mark.parametrize(
    ("purpose", "given", "stops"),
    [("training", False, True), ("training", True, False), ("research", False, False)],
)
def test_who_no_longer_agrees_to_train_stops_now(
    studio: Studio,
    machine: ScriptedMachine,
    door: Door,
    patient: str,
    purpose: str,
    *,
    given: bool,
    stops: bool,
) -> None:
    studio.plan(machine, studio.hear(machine.sign_in()))
    stated = {"purpose": purpose, "version": "2026-10", "given": given}
    door.post(f"/patients/{patient}/consents", stated, status=204)
    assert [(one.action, one.session) for one in holds(studio)] == [("stop", machine.session)] * stops
