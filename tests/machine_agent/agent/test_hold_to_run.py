"""The hold-to-run button: back to the signed start of the side, never further, and only an unloaded drive."""

from collections.abc import Callable
from typing import Any

import pytest
from agent_arm import Arm
from agent_room import TICK_MS, Room, envelope_of

from contract.messages import SideRange
from machine_agent.agent import State
from machine_agent.drivers import Sample
from machine_agent.inputs import Confirm, Identify, MoveArm, Press, Start, Weigh

SIGNED = envelope_of(
    sides={"both": SideRange(lowest_cdeg=2_000, highest_cdeg=6_000, start_highest_cdeg=5_400)}
)


class Kept(Arm):
    """A drive that may keep a load whatever it is told."""

    keeps_g = 0

    def sample(self, body_ms: int) -> Sample:
        sample = super().sample(body_ms)
        return Sample(
            body_ms=body_ms,
            deg=sample.deg,
            deg_s=sample.deg_s,
            torque_nm=sample.torque_nm,
            load_g=max(sample.load_g, self.keeps_g),
        )


def moved_to(room: Room) -> int | None:
    """Hold the button; returns where the drive brings the arm (hundredths of a degree)."""
    room.touch(MoveArm())
    room.step()
    command = room.commands[-1]
    assert (command.load_g, command.brake) == (0, True)
    return command.start_cdeg if command.start_cdeg == command.end_cdeg else None


@pytest.mark.parametrize(
    ("deg", "home_cdeg"),
    [(45.0, 2_000), (20.0, 2_000), (19.5, 2_000), (12.0, 1_200)],  # further bent than signed: not moved
)
@pytest.mark.parametrize("button", ["pain", "stop"])
def test_it_ends_where_the_signed_range_begins(
    button: Any, deg: float, home_cdeg: int, make_room: Callable[..., Any]
) -> None:
    room = make_room()
    room.arm.deg = room.arm.low_deg = 20.0
    room.ready(({"start_cdeg": 2_000},), envelope=SIGNED)
    room.touch(Start())
    room.run(1)
    room.touch(Press(button=button))
    room.run(1)
    way = (deg - 20.0) / 50
    for _ in range(50):
        room.arm.deg += way
        room.step()
    assert moved_to(room) == home_cdeg


def test_without_a_plan_it_ends_at_the_start_of_the_machine(room: Any) -> None:
    room.touch(Identify(badge="badge-1"))
    assert moved_to(room) == 0


def test_after_a_stop_the_side_that_was_trained_stays(
    make_room: Callable[..., Any], paired_rows: list[dict[str, Any]]
) -> None:
    """The other side comes next, and its start lies where this one's end is."""
    room = make_room(kind="trunk_rotation")
    room.arm.deg, room.arm.low_deg, room.arm.high_deg = -10.0, -10.0, 10.0
    plan = room.ready(paired_rows)
    room.lift_set()
    room.touch(Press(button="pain"))
    room.run(2)
    signed = plan.envelope.sides["left"]
    assert moved_to(room) == signed.lowest_cdeg
    assert {command.side for command in room.commands[-50:]} == {"left"}


def test_a_drive_that_still_measures_a_load_moves_nobody(make_room: Callable[..., Any]) -> None:
    room = make_room()
    room.arm = arm = Kept()
    room.ready()
    room.touch(Start())
    room.run_until("set")
    room.touch(Press(button="pain"))
    room.run(1.0)
    arm.keeps_g = 3_000
    room.step()
    before = room.agent.ignored
    assert moved_to(room) is None
    assert room.agent.ignored == before + 1
    arm.keeps_g = 0
    room.step()
    assert moved_to(room) == -2_000
    arm.keeps_g = 3_000
    room.step()
    assert room.commands[-1].start_cdeg != room.commands[-1].end_cdeg, "it ends when a load comes"


def test_nothing_moves_an_arm_that_nothing_is_heard_of(make_room: Callable[..., Any]) -> None:
    weighing, moving = make_room(), make_room()
    weighing.sign_in()
    weighing.touch(Confirm())
    moving.touch(Identify(badge="badge-1"))
    for room in (weighing, moving):
        room.step()
    weighing.touch(Weigh())
    assert moved_to(moving) is not None
    for room, touch in ((weighing, None), (moving, MoveArm())):
        before = room.agent.ignored
        for _ in range(10):
            room.body_ms += TICK_MS
            if touch is not None:
                room.touch(touch)
            room.take(room.agent.on_tick(room.now))
        assert room.commands[-1].start_cdeg < room.commands[-1].end_cdeg
        assert (room.agent.ignored > before) is (touch is not None)
    assert (weighing.view.state, weighing.view.awaits) == (State.READY, "weigh_in")
    assert weighing.view.codes[-1] == "weigh_in_failed"
