"""Invariant 16 in the guard: a test of strength in a setting and in a plan."""

from dataclasses import replace

from agent_facts import WALL_MS

from contract.messages import Setting
from machine_agent.facts import Facts
from machine_agent.guard import Accepted, Refused, check_plan, decide


def reason_of(setting: Setting, facts: Facts) -> str | None:
    verdict = decide(setting, facts, verified=True, retained=False)
    return verdict.reason if isinstance(verdict, Refused) else None


def test_a_test_of_strength_stands_still_carries_nothing_and_is_no_decrease(
    good: Setting, facts: Facts
) -> None:
    """Invariant 16; a maximal effort needs all that an increase needs, however low its load is."""
    still = replace(good, mode="isometric", load_g=0, start_cdeg=3_000, end_cdeg=3_000, reps=3)
    coming = replace(facts, upcoming={2: ("both", "isometric")})
    assert decide(still, coming, verified=True, retained=False) == Accepted(setting=still)
    assert reason_of(replace(still, end_cdeg=3_001), coming) == "RANGE"
    assert reason_of(replace(still, load_g=100), coming) == "RANGE"
    assert reason_of(replace(still, reps=4), coming) == "UNIT"
    assert reason_of(still, facts) == "STATE"
    tired = replace(coming, evidence=replace(coming.evidence, untroubled=False))
    assert reason_of(still, tired) == "EVIDENCE"
    unsigned = replace(
        coming, plan=replace(coming.plan, envelope=replace(coming.plan.envelope, max_torque_nm=0))
    )
    assert reason_of(still, unsigned) == "LOAD"


def test_a_plan_may_hold_a_test_of_strength_when_its_torque_is_signed(facts: Facts) -> None:
    row = replace(
        facts.plan.settings[1], mode="isometric", load_g=0, start_cdeg=3_000, end_cdeg=3_000, reps=3
    )
    plan = replace(facts.plan, settings=(facts.plan.settings[0], row))
    assert check_plan(plan, facts.visit, WALL_MS, verified=True, retained=False) is None
    unsigned = replace(plan, envelope=replace(plan.envelope, max_torque_nm=0))
    assert check_plan(unsigned, facts.visit, WALL_MS, verified=True, retained=False) == "LOAD"
