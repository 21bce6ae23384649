"""h08, clocks that jump: a year either way, an hour back, summer time; nothing that is driven changes."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from agent_room import BADGE, STAFF_PIN, plan_of
from agent_shadow import ShadowRoom

from contract.messages import Receipt, SetEnd
from machine_agent.agent import latches
from machine_agent.clock import Now
from machine_agent.inputs import Identify, Press, Reply, StaffPin

pytestmark = pytest.mark.usefixtures("coarse")
HOUR_MS = 3_600_000
YEAR_MS = 365 * 24 * HOUR_MS
JUMPS = {"a year back": -YEAR_MS, "an hour back": -HOUR_MS, "summer time": HOUR_MS, "a year on": YEAR_MS}


class JumpingRoom(ShadowRoom):
    """A room whose wall clock stands wrong from a certain tick on."""

    def __init__(self, jump_ms: int, at_ms: int) -> None:
        self.jump_ms, self.at_ms = jump_ms, at_ms
        super().__init__()

    @property
    def now(self) -> Now:
        right = super().now
        is_wrong = right.body_ms >= self.at_ms
        return replace(right, wall_ms=right.wall_ms + self.jump_ms * is_wrong)


def visit(jump_ms: int, at_ms: int) -> JumpingRoom:
    """Two sets, the second 2 kg heavier if it is let through."""
    room = JumpingRoom(jump_ms, at_ms)
    plan = room.ready()
    room.lift_set()
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=1))
    room.hear(room.next_setting(plan, load_g=22_000))
    room.run_until("start")
    room.lift_set()
    return room


@cache
def undisturbed() -> JumpingRoom:
    """The same visit with a true clock."""
    return visit(0, 0)


def driven(room: JumpingRoom) -> list[Any]:
    return [(one.load_g, one.start_cdeg, one.end_cdeg, one.brake) for one in room.commands]


@pytest.mark.parametrize("at_ms", [0, 5_000, 20_000, 35_000, 60_000])
@pytest.mark.parametrize("jump", ["a year back", "an hour back", "summer time"])
def test_h08_a_jump_changes_nothing_that_is_driven(jump: str, at_ms: int) -> None:
    right, wrong = undisturbed(), visit(JUMPS[jump], at_ms)
    assert driven(wrong) == driven(right)
    assert (wrong.faults, wrong.rises) == ([], 1)
    order = [(row.head.seq, row.head.kind, row.head.mono_ms) for row in wrong.rows]
    assert order == [(row.head.seq, row.head.kind, row.head.mono_ms) for row in right.rows]


@pytest.mark.parametrize("at_ms", [5_000, 20_000])
def test_h08_a_year_on_the_envelope_is_over_and_nothing_rises(at_ms: int) -> None:
    room = visit(YEAR_MS, at_ms)
    assert (room.faults, room.rises) == ([], 0)
    assert "ENVELOPE_VERSION" in [one.reason for one in room.bodies(Receipt)]
    assert [one.ended_by for one in room.bodies(SetEnd)] == ["target", "target"], "the planned sets go on"


def test_h08_a_year_on_no_plan_is_taken() -> None:
    room = JumpingRoom(YEAR_MS, 0)
    room.sign_in()
    assert room.view.state.value == "identified"


def after_pain(jump_ms: int) -> int:
    """Pain at 20 kg, staff let the person go on, the clock jumps: what is the most that a plan may give?"""
    room = JumpingRoom(jump_ms, 40_000)
    room.ready()
    room.lift_set()
    room.touch(Press(button="pain"))
    room.run(40)
    room.touch(StaffPin(pin=STAFF_PIN))
    room.touch(Identify(badge=BADGE))
    plan = plan_of(room.rows[-1], ({},))
    longer = replace(plan.envelope, valid_until_ms=10**14)
    room.hear(replace(plan, envelope=longer))
    row = room.view.row
    return row.load_g if row else 0


@pytest.mark.parametrize("jump", ["a year back", "an hour back", "summer time"])
def test_h08_pain_of_today_is_remembered_whatever_the_clock_says(jump: str) -> None:
    assert after_pain(JUMPS[jump]) == 16_000


def test_h08_control_latches_that_end_with_the_calendar_day_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(latches, "HOLD_MS", 0)
    assert after_pain(HOUR_MS) == 20_000


def test_h08_control_order_by_the_wall_clock_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """An agent that took its countdowns from the wall clock would drive differently after a jump."""
    plain = ShadowRoom.step

    def by_wall(self: JumpingRoom) -> Any:
        bodies = plain(self)
        self.body_ms += 200 * (self.body_ms == self.at_ms)  # what the jump would do to body time
        return bodies

    right = undisturbed()
    monkeypatch.setattr(JumpingRoom, "step", by_wall)
    assert driven(visit(-HOUR_MS, 5_000)) != driven(right)
