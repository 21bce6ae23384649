"""A spasm day at the next station: a trial without load, then a light set that only staff open."""

from dataclasses import replace
from typing import Any

import pytest
from scripted_machine import ScriptedMachine
from scripted_studio import Studio

from contract.machines import catalogue
from contract.messages import Plan, Setting
from machine_agent import guard
from machine_agent.facts import Visit
from services.store import tables

HOUR = 1 / 24


def plan_of(studio: Studio, machine: ScriptedMachine) -> Plan:
    return studio.plan(machine, studio.hear(machine.sign_in()))


def usual_visit(studio: Studio, machine: ScriptedMachine, plan: Plan) -> None:
    """Train all there is, calmly, and come again three days later."""
    studio.hear(machine.weigh(), machine.answer("pain_before", 1))
    for row in plan.settings:
        studio.hear(*machine.train(row))
        studio.hear(machine.answer("pain_set", 1, row.set), machine.answer("rir", "3-5", row.set))
    studio.hear(machine.sign_out())
    machine.rest(3)


def in_spasm(studio: Studio, kind: str = "lumbar_extension") -> tuple[ScriptedMachine, Plan]:
    """Two visits, then a spasm is told at the first station; the plan of an hour later is returned."""
    machine = ScriptedMachine("one-1", kind)
    for _ in range(2):
        usual_visit(studio, machine, plan_of(studio, machine))
    first = plan_of(studio, machine)
    assert not any(row.is_for_staff for row in first.settings)
    told = studio.hear(machine.weigh(), machine.answer("pain_before", 2), machine.answer("spasm", 1))
    assert {row.load_g for row in studio.settings(machine, told)} == {0}
    studio.hear(machine.sign_out())
    machine.rest(HOUR)
    return machine, plan_of(studio, machine)


def why_not(plan: Plan, kind: str) -> str | None:
    """Ask the guard of a machine."""
    envelope = plan.envelope
    visit = Visit(kind=catalogue()[kind], subject=envelope.subject, session=plan.session, nonce=plan.nonce)
    return guard.check_plan(plan, visit, envelope.valid_until_ms - 1, verified=True, retained=False)


@pytest.mark.parametrize("kind", ["lumbar_extension", "trunk_rotation"])
def test_the_plan_holds_a_trial_and_a_light_set_of_every_side(studio: Studio, kind: str) -> None:
    _, plan = in_spasm(studio, kind)
    sides = len(catalogue()[kind].sides)
    assert [row.mode for row in plan.settings] == ["mobility"] * sides + ["train"] * sides
    assert [row.is_for_staff for row in plan.settings] == [False] * sides + [True] * sides
    for row in plan.settings:
        usual_g = plan.history[row.side].last_regular_g
        assert row.load_g * 4 <= usual_g
        assert (row.load_g > 0) == row.is_for_staff
        assert row.why[0].code == "staff_light"
    assert {"spasm", "no_increase"} <= set(plan.flags)
    assert why_not(plan, kind) is None


def test_a_machine_of_another_region_gets_no_light_set(studio: Studio) -> None:
    machine, _ = in_spasm(studio)
    studio.hear(machine.sign_out())
    hip = ScriptedMachine("hip-1", "hip_extension")
    hip.wall_ms = machine.wall_ms
    plan = plan_of(studio, hip)
    assert not any(row.is_for_staff for row in plan.settings)


def test_what_the_trial_reaches_narrows_the_light_set_that_stays_marked(studio: Studio) -> None:
    machine, plan = in_spasm(studio)
    trial, light = plan.settings
    reached_cdeg = light.end_cdeg - 200
    for one in machine.train(replace(trial, end_cdeg=reached_cdeg)):
        sent = studio.hear(one)
    rows = studio.settings(machine, sent)
    assert [(row.set, row.mode, row.is_for_staff) for row in rows] == [(light.set, "train", True)]
    assert rows[0].load_g <= light.load_g
    assert rows[0].end_cdeg == reached_cdeg


def test_red_pain_after_the_trial_takes_the_load_and_keeps_the_mark(studio: Studio) -> None:
    machine, plan = in_spasm(studio)
    trial, light = plan.settings
    studio.hear(*machine.train(trial))
    rows: list[Setting] = studio.settings(machine, studio.hear(machine.answer("pain_set", 9, trial.set)))
    assert [(row.load_g, row.is_for_staff) for row in rows] == [(0, True)]
    assert light.load_g > 0


def last_summary(studio: Studio) -> dict[str, Any]:
    return max(studio.rows(tables.summary), key=lambda row: row["wall_ms"])


def test_a_light_set_is_no_usual_load_and_the_belief_learns_nothing(studio: Studio) -> None:
    machine, plan = in_spasm(studio)
    trial, light = plan.settings
    studio.hear(*machine.train(trial), machine.answer("pain_set", 0, trial.set))
    studio.hear(*machine.train(light))
    studio.hear(machine.answer("pain_set", 0, light.set), machine.answer("rir", "many", light.set))
    summary = last_summary(studio)
    assert (summary["load_g"], summary["regular"], summary["raised"]) == (0, False, None)
    assert summary["first_load_g"] == light.load_g
    beliefs = [row for row in studio.rows(tables.belief) if row["session_id"] == plan.session]
    decided = [
        row["capacity_kg"] for row in studio.rows(tables.decision) if row["session_id"] == plan.session
    ]
    assert beliefs
    assert len(set(decided)) == 1
    studio.hear(machine.sign_out())
    machine.rest(3)
    later = plan_of(studio, machine)
    assert later.history["both"].last_regular_g == plan.history["both"].last_regular_g


def test_pain_earlier_today_leaves_nothing_that_staff_could_open(studio: Studio) -> None:
    machine, plan = in_spasm(studio)
    studio.hear(*machine.train(plan.settings[0]), machine.answer("pain_set", 9, 1), machine.sign_out())
    machine.rest(HOUR)
    again = plan_of(studio, machine)
    assert not any(row.is_for_staff for row in again.settings)
    assert {row.load_g for row in again.settings} == {0}
