"""The weight of the person in the commands: carried under load, faded in and out, never dropped."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from contract.messages import SetEnd
from machine_agent.agent import State
from machine_agent.agent.timing import SEAT_GONE_MS
from machine_agent.drivers import DriveCommand
from machine_agent.inputs import Confirm, Press, Start, Weigh, Weighed

DEG, NM = (10.0, 30.0, 50.0), (-60.0, -40.0, -20.0)
WHOLE = ((4.5, -65.5), (10.0, -60.0), (30.0, -40.0), (50.0, -20.0), (55.5, -14.5))


@pytest.fixture
def heavy(room: Any) -> Any:
    """Somebody who weighs something, about to start a set."""
    room.sign_in(questions=())
    room.touch(Confirm())
    room.touch(Weighed(deg=DEG, nm=NM))
    return room


def _carried_nm(command: DriveCommand) -> float:
    return command.gravity[1][1] if command.gravity else 0.0


def test_every_command_under_load_carries_what_was_weighed(heavy: Any) -> None:
    assert heavy.commands[-1:] == [] or heavy.commands[-1].gravity == ()
    heavy.touch(Start())
    heavy.run_until("set")
    heavy.arm.lift()
    heavy.commands.clear()
    heavy.run(3)
    assert {command.gravity for command in heavy.commands} == {WHOLE}
    assert {command.load_g for command in heavy.commands} == {20_000}


def test_it_comes_and_goes_without_a_jump_and_is_gone_in_a_second_after_a_stop(heavy: Any) -> None:
    heavy.touch(Start())
    heavy.run_until("set")
    heavy.touch(Press(button="unwell"))
    heavy.run(1.0)
    assert heavy.commands[-1].gravity == ()
    assert heavy.commands[-1].load_g == 0
    carried = [_carried_nm(command) for command in heavy.commands]
    steps = [abs(after - before) for before, after in itertools.pairwise(carried)]
    assert max(steps) <= 60 * 20 / 1_000 + 1e-9  # 60 Nm over a second, 20 ms at a time
    assert min(carried) == -60


def test_a_light_load_waits_for_the_weight_to_be_carried(make_room: Callable[..., Any]) -> None:
    """Reps count from when the person feels the load alone, not while the trunk still hangs on the muscle."""
    room = make_room()
    room.sign_in(({"load_g": 100},), questions=())
    room.touch(Confirm())
    room.touch(Weighed(deg=DEG, nm=NM))
    room.touch(Start())
    room.run(0.9)
    assert room.view.load_g == 100
    assert room.view.awaits == "loading"
    room.run(0.2)
    assert room.view.awaits == "set"


def test_a_seat_bit_that_flickers_drops_nothing_on_the_person(heavy: Any) -> None:
    heavy.touch(Start())
    heavy.run_until("set")
    heavy.arm.lift()
    heavy.commands.clear()
    for _ in range(5):
        heavy.arm.seat = False
        heavy.run((SEAT_GONE_MS - 20) / 1_000)
        heavy.arm.seat = True
        heavy.step()
    assert {command.gravity for command in heavy.commands} == {WHOLE}
    assert {command.load_g for command in heavy.commands} == {20_000}
    assert heavy.view.state is State.WORKING


@pytest.mark.parametrize("is_resting", [False, True])
def test_who_leaves_the_seat_leaves_a_pause_and_the_weight_fades_with_the_load(
    is_resting: bool, heavy: Any
) -> None:
    heavy.touch(Start())
    heavy.run_until("set")
    if is_resting:
        heavy.arm.lift()
        heavy.run_until("answers")
        heavy.arm.rest()
    heavy.commands.clear()
    heavy.arm.seat = False
    heavy.run(SEAT_GONE_MS / 1_000)
    assert heavy.view.state is not State.PAUSED
    heavy.step()
    assert (heavy.view.state, heavy.view.codes[-1]) == (State.PAUSED, "paused_seat")
    assert heavy.bodies(SetEnd)[-1].ended_by == ("target" if is_resting else "patient")
    heavy.run(1.0)
    carried = [_carried_nm(command) for command in heavy.commands]
    assert carried[0] == -60
    assert carried[-1] == heavy.commands[-1].load_g == 0
    assert max(abs(after - before) for before, after in itertools.pairwise(carried)) <= 1.2 + 1e-9


def test_nothing_is_carried_without_a_load_and_while_weighing(make_room: Callable[..., Any]) -> None:
    room = make_room()
    room.sign_in(({"load_g": 0, "mode": "mobility"},), questions=())
    room.touch(Confirm())
    room.touch(Weigh())
    room.run(1)
    room.touch(Weighed(deg=DEG, nm=NM))
    room.touch(Start())
    room.run(5)
    assert {command.gravity for command in room.commands} == {()}


def test_a_weigh_in_that_no_body_has_is_done_again(make_room: Callable[..., Any]) -> None:
    room = make_room()
    room.sign_in(questions=())
    room.touch(Confirm())
    assert room.touch(Weighed(deg=DEG, nm=(-900.0, -40.0, -20.0))) == []
    assert room.view.codes[-1] == "weigh_in_failed"
    assert room.view.awaits == "weigh_in"
