"""A test of strength (invariant 16): the arm is locked for a try and no longer, a try is 5 s at most."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from agent_arm import Arm
from agent_pusher import ANGLE, ROW, TRAIN, push_once, strength_room, until

from contract.messages import Event, SetEnd, TestResult
from machine_agent.drivers import DriveCommand
from machine_agent.inputs import Press, Reply, SignOff, Start


def _locked_runs(commands: list[DriveCommand]) -> list[int]:
    """How many commands in a row were locked, run by run."""
    return [
        len(list(group))
        for is_locked, group in itertools.groupby(commands, lambda one: one.lock)
        if is_locked
    ]


def test_three_tries_are_measured_without_the_weight_of_the_body() -> None:
    room = strength_room()
    room.touch(Start())
    for push_nm in (90.0, 110.0, 100.0):
        push_once(room, push_nm)
    results = room.bodies(TestResult)
    assert [one.attempt for one in results] == [1, 2, 3]
    assert [one.mean_3s_nm for one in results] == pytest.approx([90, 110, 100], abs=0.2)
    assert [one.peak_torque_nm for one in results] == pytest.approx([91, 111, 101], abs=0.8)
    assert {(one.mode, one.side, one.angle_cdeg, one.range_deg) for one in results} == {
        ("isometric", "both", ANGLE, 0.0)
    }
    assert [type(row.body) for row in room.rows[-4:]] == [TestResult, TestResult, TestResult, SetEnd]
    end = room.rows[-1].body
    assert (end.ended_by, end.reps) == ("target", 3)
    assert {command.load_g for command in room.commands} == {0}


def test_the_arm_is_locked_at_its_angle_for_a_try_of_five_seconds_and_free_between_tries() -> None:
    room = strength_room()
    room.touch(Start())
    room.commands.clear()
    for _ in range(3):
        push_once(room, 80.0)
    locked = [command for command in room.commands if command.lock]
    assert {(one.start_cdeg, one.end_cdeg, one.brake) for one in locked} == {(ANGLE, ANGLE, False)}
    runs = _locked_runs(room.commands)
    assert len(runs) == 3
    assert max(runs) * 20 <= 3_000 + 20 + 5_000  # countdown, the first look, a try
    assert min(runs) * 20 >= 3_000 + 4_900
    free = [one for one in room.commands[:-1] if not one.lock]  # with the last one the set is over
    assert all(one.brake for one in free)  # towards the start the arm gives way
    pause = [one for one in free if one.start_cdeg != one.end_cdeg]
    assert len(pause) * 20 == pytest.approx(2 * 60_000, abs=200)


def test_a_try_lasts_five_seconds_at_most_from_the_first_push() -> None:
    room = strength_room()
    room.touch(Start())
    until(room, "push")
    room.arm.push_nm = 80.0
    first_ms = room.body_ms + 20
    while not room.bodies(TestResult):
        room.step()
    assert 4_900 <= room.body_ms - first_ms <= 5_000
    assert not room.commands[-1].lock


def test_the_screen_is_told_the_try_the_stage_and_the_seconds() -> None:
    room = strength_room()
    before = room.view
    assert before.attempt is None
    room.touch(Start())
    room.step()
    assert (room.view.awaits, room.view.attempt.stage) == ("loading", "place")
    seen = []
    for stage, left_ms in (("ready", 3_000), ("push", 10_000)):
        until(room, stage)
        seen.append((room.view.awaits, room.view.attempt.number, room.view.attempt.most))
        assert room.view.attempt.left_ms == pytest.approx(left_ms, abs=40)
    room.arm.push_nm = 70.0
    for stage, left_ms in (("build", 1_900 - 60), ("hold", 3_000), ("pause", 60_000)):
        until(room, stage)
        assert room.view.attempt.left_ms == pytest.approx(left_ms, abs=40)
        assert room.view.torque_nm == pytest.approx(70.0, abs=1.5)
    assert seen == [("set", 1, 3)] * 2
    assert room.view.attempt.number == 2
    assert room.view.reps_stored == 1
    assert room.view.phase == "idle"


def test_above_the_signed_torque_the_arm_is_let_go_at_once(make_envelope: Callable[..., Any]) -> None:
    room = strength_room(envelope=make_envelope(max_torque_nm=120))
    room.touch(Start())
    until(room, "push")
    room.arm.push_nm = 118.0
    room.run(1)
    assert room.commands[-1].lock
    room.arm.push_nm = 125.0
    room.step()
    assert not room.commands[-1].lock
    assert room.view.state.value == "paused"
    assert room.view.codes[-1] == "test_limit"
    assert [type(row.body) for row in room.rows[-2:]] == [TestResult, SetEnd]
    result, end = room.rows[-2].body, room.rows[-1].body
    assert result.peak_torque_nm > 120
    assert result.mean_3s_nm == 0.0  # nothing was held for three seconds
    assert end.ended_by == "effort"


@pytest.mark.parametrize("stage", ["place", "ready", "push", "build", "hold", "pause"])
@pytest.mark.parametrize("button", ["pain", "unwell", "stop"])
def test_a_button_lets_the_arm_go_in_every_stage(stage: str, button: Any) -> None:
    room = strength_room()
    room.touch(Start())
    if stage in ("build", "hold", "pause"):
        until(room, "push")
        room.arm.push_nm = 60.0
    until(room, stage)
    room.touch(Press(button=button))
    room.step()
    command = room.commands[-1]
    assert (command.lock, command.brake, command.load_g) == (False, True, 0)
    assert command.start_cdeg < command.end_cdeg  # not moved anywhere either
    ended_by = {"stop": "patient"}.get(button, button)
    assert room.bodies(SetEnd)[-1].ended_by == ended_by
    assert len(room.bodies(TestResult)) == (stage == "pause")  # a broken try is no result


def test_who_leaves_is_let_go() -> None:
    room = strength_room()
    room.touch(Start())
    until(room, "push")
    room.touch(SignOff())
    room.step()
    assert not room.commands[-1].lock


def test_who_does_not_push_is_done() -> None:
    room = strength_room()
    room.touch(Start())
    until(room, "push")
    room.arm.push_nm = 2.0  # less than a push
    room.run(10.1)
    assert room.bodies(TestResult) == []
    assert room.bodies(SetEnd)[-1].ended_by == "patient"


def test_a_short_knock_is_no_push() -> None:
    room = strength_room()
    room.touch(Start())
    until(room, "push")
    for _ in range(20):
        room.arm.push_nm = 40.0
        room.run(0.04)
        room.arm.push_nm = 0.0
        room.run(0.04)
    assert room.view.attempt.stage == "push"


def test_an_arm_that_does_not_get_to_the_angle_ends_the_test() -> None:
    room = strength_room()
    room.arm = Arm(deg=10.0)  # stays where it is
    room.touch(Start())
    room.run(30.1)
    assert room.bodies(SetEnd)[-1].ended_by == "patient"
    assert not any(command.lock for command in room.commands)


@pytest.mark.parametrize(("fault", "detail"), [("slips", "slip"), ("is_frozen", "stuck")])
def test_a_lock_that_does_not_hold_and_a_torque_that_stands_still_are_faults(fault: str, detail: str) -> None:
    room = strength_room()
    room.touch(Start())
    until(room, "ready")
    setattr(room.arm, fault, True)
    room.run(1.5)
    assert room.view.state.value == "fault"
    assert [(one.what, one.detail) for one in room.bodies(Event)] == [("sensor", detail)]
    assert room.bodies(SetEnd)[-1].ended_by == "fault"
    assert not room.commands[-1].lock


def test_nothing_is_locked_before_an_earlier_load_is_gone() -> None:
    room = strength_room(TRAIN | {"rest_ms": 0}, ROW)
    room.lift_set()
    room.touch(Reply(question="rir", value="3-5"))
    room.touch(Reply(question="pain_set", value=0))
    room.commands.clear()
    room.run_until("start")
    assert room.commands[0].load_g > 0
    room.touch(Start())
    until(room, "ready")
    room.step()
    assert max(one.load_g for one in room.commands if one.lock) == 0
