"""h25, kilograms and pounds: a load that was multiplied by 2.2046 on its way is never accepted."""

from dataclasses import replace

import pytest
from agent_facts import PAST, WALL_MS, facts_of, good_setting

from contract import envelope
from contract.envelope import Standing
from contract.messages import Flag
from machine_agent.facts import Current, Facts
from machine_agent.guard import Refused, check_plan, decide

LB_PER_KG = 2.2046
PLAUSIBLE = 0.03  # the factor is met within 3 %
LOADS_G = range(200, 22_600, 100)  # below 0.2 kg the next machine step is the same as the mistake
FLAGS: tuple[tuple[Flag, ...], ...] = ((), ("calibrating",), ("returning",))


def has(load_g: int, flags: tuple[Flag, ...]) -> Facts:
    """A side that trains with this load, today and in the last sessions."""
    facts = facts_of()
    history = replace(PAST, median3_g=load_g, last_regular_g=load_g, day_start_g=load_g)
    standing = Standing(history=history, accepted_g=load_g, day_start_g=load_g, range_cdeg=(1_000, 5_000))
    side = replace(
        facts.side,
        standing=standing,
        current=Current(load_g=load_g, start_cdeg=1_000, end_cdeg=5_000),
    )
    plan = replace(facts.plan, flags=flags, ceiling_g=50_000, history={"both": history})
    return replace(facts, side=side, plan=plan)


def in_pounds(load_g: int, factor: float) -> int:
    """The number of pounds, taken for kilograms, as the next machine step up or down."""
    return round(load_g * factor / 100) * 100


def accepted(factor: float, flags: tuple[Flag, ...]) -> list[int]:
    """Which loads pass when they are multiplied by this factor, in a setting and in a plan."""
    found = []
    for load_g in LOADS_G:
        facts = has(load_g, flags)
        wrong = replace(good_setting(), load_g=in_pounds(load_g, factor))
        rows = tuple(replace(row, load_g=wrong.load_g) for row in facts.plan.settings)
        plan = replace(facts.plan, settings=rows)
        is_taken = not isinstance(decide(wrong, facts, verified=True, retained=False), Refused)
        is_plan_taken = check_plan(plan, facts.visit, WALL_MS, verified=True, retained=False) is None
        found += [load_g] * (is_taken or is_plan_taken)
    return found


@pytest.mark.parametrize("flags", FLAGS, ids=["regular", "calibrating", "returning"])
@pytest.mark.parametrize("factor", [LB_PER_KG * (1 - PLAUSIBLE), LB_PER_KG, LB_PER_KG * (1 + PLAUSIBLE)])
def test_h25_no_load_passes_when_pounds_are_taken_for_kg(factor: float, flags: tuple[Flag, ...]) -> None:
    assert accepted(factor, flags) == []


def test_h25_the_other_way_round_is_lighter_and_passes() -> None:
    assert accepted(1 / LB_PER_KG, ()) == list(LOADS_G)


def test_h25_control_without_the_steps_pounds_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "_above", lambda *_: 10**6)
    assert accepted(LB_PER_KG, ()) == list(LOADS_G)
