"""h01, the wrong patient's plan: twelve people, everything delivered to every other; nothing is taken."""

from dataclasses import replace
from random import Random

import pytest
from agent_room import SITE_KEY, Room, plan_of

from contract.messages import Plan, Receipt
from machine_agent import guard, pins
from machine_agent.inputs import Identify

PEOPLE = 12


def signed_in(number: int) -> tuple[Room, Plan]:
    """A room where person `number` has signed in, and the plan that is meant for it."""
    room = Room(machine=f"le-{number + 1}")
    room.agent._live.randomness = Random(number).randbytes
    badge = f"badge-{number}"
    room.touch(Identify(badge=badge))
    plan = plan_of(room.rows[-1], ({}, {}))
    return room, replace(plan, envelope=replace(plan.envelope, subject=pins.subject(SITE_KEY, badge)))


def cross(*, limits_only: bool) -> int:
    """Deliver everybody's plan (or limits alone) to everybody; returns how many went to the wrong place."""
    plans = [signed_in(number)[1] for number in range(PEOPLE)]
    wrong = 0
    for mine in range(PEOPLE):
        for other in range(PEOPLE):
            room, own = signed_in(mine)
            foreign = replace(own, envelope=plans[other].envelope) if limits_only else plans[other]
            room.hear(foreign)
            is_taken = room.view.state.value == "ready"
            assert is_taken or mine != other, "everybody's own plan is taken"
            wrong += is_taken and mine != other
    return wrong


@pytest.mark.parametrize("limits_only", [False, True])
def test_h01_of_132_foreign_plans_none_is_taken(*, limits_only: bool) -> None:
    assert cross(limits_only=limits_only) == 0


def test_h01_of_132_foreign_settings_none_is_taken() -> None:
    rooms = [signed_in(number) for number in range(PEOPLE)]
    for room, plan in rooms:
        room.hear(plan)
    for mine, (room, _) in enumerate(rooms):
        for other, (_, plan) in enumerate(rooms):
            setting = room.next_setting(plan, load_g=20_000, seq=100 + other)
            answers = room.hear(setting)
            reasons = [one.reason for one in answers if isinstance(one, Receipt)]
            assert reasons == ([] if mine == other else ["SESSION_NONCE"])
        assert not room.view.assist_locked, "a mix-up of people is no attack on the limits"


def test_h01_control_without_the_comparison_foreign_limits_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_whose", lambda *_: None)
    assert cross(limits_only=True) == PEOPLE * (PEOPLE - 1)
