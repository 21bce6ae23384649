"""What a rest still holds: only for a next set of the same side and mode, and never beyond a new cap."""

from collections.abc import Callable
from typing import Any

import pytest
from agent_arm import Arm
from agent_room import Room

from contract.messages import History
from machine_agent.agent import State
from machine_agent.drivers import Sample
from machine_agent.inputs import Confirm, Press, Reply, Start, Weighed

LEFT = {"side": "left", "reps": 1, "rest_ms": 2_000}
RIGHT = {"side": "right", "reps": 1, "load_g": 8_000}
TEST = {"mode": "isometric", "load_g": 0, "start_cdeg": 3_000, "end_cdeg": 3_000, "reps": 1}


class Late(Arm):
    """A drive that lets go of its load a second late."""

    def __init__(self) -> None:
        super().__init__()
        self.told_g = [0] * 50

    def sample(self, body_ms: int) -> Sample:
        now = super().sample(body_ms)
        self.told_g = [*self.told_g[1:], now.load_g]
        return Sample(
            body_ms=body_ms, deg=now.deg, deg_s=now.deg_s, torque_nm=now.torque_nm, load_g=max(self.told_g)
        )


def rested(room: Room, rows: list[dict[str, Any]], weight_nm: float = 0.0) -> Room:
    """Do the first set and answer everything."""
    past = History(median3_g=20_000, peak_cdeg=5_000, last_regular_g=20_000, peak_regular_cdeg=5_000)
    room.sign_in(rows, questions=(), history={row.get("side", "both"): past for row in rows})
    room.touch(Confirm())
    room.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(-weight_nm,) * 3))
    room.lift_set()
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=0))
    return room


def answer_red(room: Room) -> None:
    room.touch(Reply(question="pain_set", value=9))


@pytest.mark.parametrize(
    "narrow", [answer_red, lambda room: room.touch(Press(button="too_heavy"))], ids=["red pain", "too heavy"]
)
def test_what_was_too_much_is_not_held_in_the_rest(narrow: Callable[[Room], None], room: Room) -> None:
    room.ready()
    room.lift_set()
    room.run(0.5)
    assert (room.view.state, room.view.load_g) == (State.REST, 20_000)
    narrow(room)
    room.run(1)
    assert room.view.load_g == 15_000
    room.run(3.1)
    assert room.view.load_g == 0


@pytest.mark.parametrize(
    ("rows", "holds"),
    [
        ([LEFT, {"side": "left"}], True),
        ([LEFT, RIGHT], False),
        ([{"reps": 1}, TEST], False),
        ([{"reps": 1, "mode": "warm_up"}, {}], False),
        ([LEFT], False),
    ],
)
def test_a_rest_holds_the_load_only_for_a_set_of_the_same_side_and_mode(
    rows: list[dict[str, Any]], holds: bool, room: Room
) -> None:
    rested(room, rows)
    room.run(5)
    assert (room.view.load_g == 20_000) is holds
    assert holds or room.view.load_g == 0


@pytest.mark.parametrize(
    ("late", "weight_nm", "load_g"), [(False, 0.0, 20_000), (True, 0.0, 20_000), (False, 60.0, 1_000)]
)
def test_no_load_and_no_weight_is_carried_to_the_other_side(
    late: bool, weight_nm: float, load_g: int, make_room: Callable[..., Any]
) -> None:
    """Two seconds of rest are too short to unload 20 kg, and none to give a weight back."""
    room = make_room()
    room.arm = Late() if late else room.arm
    rested(room, [LEFT | {"load_g": load_g, "rest_ms": 100 if load_g < 2_000 else 2_000}, RIGHT], weight_nm)
    room.run(0.2)
    while room.view.awaits == "rest":
        assert room.view.rest_left_ms > 0
        room.touch(Start())
        room.step()
    before = room.commands[-1]
    assert (before.load_g, before.gravity) == (0, ())
    assert room.arm.sample(room.body_ms + 20).load_g < 800  # a drive measures to 3 Nm
    room.touch(Start())
    room.run(0.1)
    assert (room.view.state, room.commands[-1].side) == (State.WORKING, "right")
    flip = next(index for index, one in enumerate(room.commands) if one.side == "right")
    assert (room.commands[flip].load_g, room.commands[flip].gravity) == (0, ())


def test_a_test_of_strength_moves_no_arm_under_load(room: Room) -> None:
    rested(room, [{"reps": 1, "rest_ms": 2_000}, TEST])
    room.run(2.5)
    assert (room.view.awaits, room.view.load_g > 0) == ("rest", True)
    room.touch(Start())
    assert room.view.state is State.REST
    room.run_until("start")
    room.touch(Start())
    room.commands.clear()
    room.run(1)
    assert {(one.load_g, one.start_cdeg, one.end_cdeg) for one in room.commands} == {(0, 3_000, 3_000)}
