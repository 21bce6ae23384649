"""Sets that only staff open: a quarter of the load, 60 % of the way, and only where the plan says so."""

from dataclasses import replace
from typing import Any

import pytest
from agent_facts import PAST

from contract.envelope import Cap, Standing, staff_cap
from contract.messages import Envelope, History, Plan, Setting, Side, SideRange
from machine_agent import guard
from machine_agent.facts import Current, Facts

OPENED: dict[str, Any] = {
    "opens": "staff",
    "load_g": 5_000,
    "start_cdeg": 0,
    "end_cdeg": 3_000,
}  # 25 % of 20 kg, 60 % of 50 deg


@pytest.fixture
def light(facts: Facts) -> Facts:
    """Before set 2, which only staff may open; the lowest signed angle is 0, the usual end 50 deg."""
    sides: dict[Side, SideRange] = {
        "both": SideRange(lowest_cdeg=0, highest_cdeg=6_000, start_highest_cdeg=5_400)
    }
    rows = (facts.plan.settings[0], replace(facts.plan.settings[1], **OPENED))
    plan = replace(facts.plan, settings=rows, envelope=replace(facts.plan.envelope, sides=sides))
    now = Current(load_g=5_000, start_cdeg=0, end_cdeg=3_000)
    side = replace(facts.side, standing=Standing(history=PAST), current=now)
    return replace(facts, plan=plan, side=side)


def reason_of(setting: Setting, facts: Facts) -> str | None:
    verdict = guard.decide(setting, facts, verified=True, retained=False)
    return verdict.reason if isinstance(verdict, guard.Refused) else None


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, None),
        ({"load_g": 5_100}, "LOAD"),
        ({"load_g": 0}, None),
        ({"end_cdeg": 3_001}, "RANGE"),
        ({"end_cdeg": 2_999}, None),
        ({"start_cdeg": -1}, "RANGE"),
        ({"opens": "nobody"}, "STATE"),
    ],
)
def test_a_quarter_of_the_load_and_sixty_percent_of_the_way(
    changes: dict[str, Any], wanted: str | None, light: Facts, good: Setting
) -> None:
    assert reason_of(replace(good, **(OPENED | changes)), light) == wanted


def test_a_set_of_the_plan_that_anybody_may_start_is_not_marked_later(facts: Facts, good: Setting) -> None:
    assert reason_of(replace(good, opens="staff", load_g=1_000, end_cdeg=2_000), facts) == "STATE"


def test_a_setting_for_staff_may_wait_but_not_begin_before_they_have_opened_it(
    light: Facts, good: Setting
) -> None:
    marked = replace(good, **OPENED)
    assert reason_of(marked, light) is None
    assert not guard.may_begin(marked, light)
    assert guard.may_begin(marked, replace(light, side=replace(light.side, opened=True)))
    assert guard.may_begin(good, light)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [({}, None), ({"load_g": 5_100}, "LOAD"), ({"end_cdeg": 3_001}, "RANGE"), ({"opens": None}, None)],
)
def test_a_plan_is_judged_by_the_same_caps(changes: dict[str, Any], wanted: str | None, light: Facts) -> None:
    plan = replace(light.plan, settings=(replace(light.plan.settings[1], **changes),))
    found = guard.check_plan(plan, light.visit, light.wall_ms, verified=True, retained=False)
    assert found == wanted


def signed(plan: Plan, **changes: Any) -> Envelope:
    return replace(plan.envelope, **changes)


def test_the_smallest_of_load_caps_and_usual_load_counts(light: Facts) -> None:
    assert staff_cap(light.plan.envelope, "both", PAST) == Cap(load_g=5_000, end_cdeg=3_000)
    assert staff_cap(signed(light.plan, phase_cap_g=8_100), "both", PAST).load_g == 2_025
    assert staff_cap(signed(light.plan, max_load_g=400), "both", PAST).load_g == 100
    assert staff_cap(light.plan.envelope, "both", History()).load_g == 0


@pytest.mark.parametrize(
    ("low", "high", "usual", "end"),
    [
        (0, 6_000, 5_000, 3_000),
        (-3_000, 3_000, 3_000, 600),  # a way of 60 deg around neutral
        (-3_000, 2_000, 3_000, 0),  # nobody goes beyond what is signed
        (4_000, 6_000, 5_000, 4_000),  # 80 % of the usual end holds on every spasm day
        (0, 6_000, 0, 3_240),  # nothing usual: what the first visit may use
    ],
)
def test_the_way_begins_at_the_lowest_signed_angle(
    low: int, high: int, usual: int, end: int, light: Facts
) -> None:
    sides = {"both": SideRange(lowest_cdeg=low, highest_cdeg=high, start_highest_cdeg=5_400)}
    past = replace(PAST, peak_regular_cdeg=usual)
    assert staff_cap(signed(light.plan, sides=sides), "both", past).end_cdeg == end


def test_a_side_without_signed_angles_has_no_way(light: Facts) -> None:
    assert staff_cap(signed(light.plan, sides={}), "both", PAST).end_cdeg == 0
