"""A test of strength or mobility is stored as it was measured, whoever planned it, and decides nothing."""

from dataclasses import replace

import pytest
from scripted_machine import ScriptedMachine
from scripted_studio import Studio

from contract.messages import SetEnd, TestResult
from services.store import tables

STRENGTH = TestResult(
    mode="isometric", side="both", angle_cdeg=3_000, peak_torque_nm=121.5, mean_3s_nm=112.25, range_deg=0.0,
    attempt=1,
)  # fmt: skip
MOBILITY = TestResult(
    mode="mobility", side="both", angle_cdeg=4_210, peak_torque_nm=31.0, mean_3s_nm=0.0, range_deg=38.5,
    attempt=1,
)  # fmt: skip
SETTING = "00000000-0000-4000-8000-0000000000aa"  # of a plan that this service did not make


@pytest.fixture
def machine(studio: Studio) -> ScriptedMachine:
    one = ScriptedMachine("lumbar-1", "lumbar_extension")
    studio.plan(one, studio.hear(one.sign_in()))
    return one


def test_every_try_is_stored_and_none_is_buried(studio: Studio, machine: ScriptedMachine) -> None:
    tries = [replace(STRENGTH, attempt=attempt, mean_3s_nm=110.0 + attempt) for attempt in (1, 2, 3)]
    outcome = studio.hear(*[machine.say(one) for one in (*tries, MOBILITY)])
    stored = studio.rows(tables.test_result)
    columns = TestResult.__slots__
    assert [{name: row[name] for name in columns} for row in stored] == [
        {name: getattr(one, name) for name in columns} for one in (*tries, MOBILITY)
    ]
    assert len({row["session_id"] for row in stored}) == 1
    assert studio.rows(tables.dead_letter) == []
    assert not studio.settings(machine, outcome)  # nothing is decided by it


def test_a_result_that_comes_twice_is_stored_once(studio: Studio, machine: ScriptedMachine) -> None:
    once = machine.say(STRENGTH)
    studio.hear(once)
    studio.hear(once, once)
    assert len(studio.rows(tables.test_result)) == 1


def test_the_end_of_a_test_is_stored_although_its_setting_is_unknown(
    studio: Studio, machine: ScriptedMachine
) -> None:
    end = SetEnd(
        set=9, side="both", setting=SETTING, reps=1, partial_reps=0, ended_by="target", duration_s=5.0
    )
    studio.hear(machine.say(STRENGTH), machine.say(end))
    assert len(studio.rows(tables.test_result)) == 1
    assert studio.rows(tables.dead_letter) == []
