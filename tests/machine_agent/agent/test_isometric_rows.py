"""Which test may be done, what is asked after it, and what a mobility set tells (see `test_isometric`)."""

from collections.abc import Callable
from typing import Any

import pytest
from agent_pusher import ROW, TRAIN, Pusher, push_once, strength_room, until

from contract.messages import Answer, Receipt, SetEnd, TestResult
from machine_agent.inputs import Confirm, Press, Reply, Resume, Start, Weigh, Weighed


def test_only_pain_is_asked_after_a_test() -> None:
    room = strength_room(ROW | {"reps": 1}, ROW)
    room.touch(Start())
    push_once(room, 80.0)
    assert [one.question for one in room.view.questions] == ["pain_set"]
    assert room.view.awaits == "answers"


@pytest.mark.parametrize("spoil", ["pain", "unsigned"])
def test_a_test_that_may_not_be_done_is_passed_over_and_the_next_row_is_done(
    spoil: str, make_room: Callable[..., Any], make_envelope: Callable[..., Any]
) -> None:
    """Page 8: only without pain; invariant 16: only with a signed torque."""
    room = make_room()
    torque_nm = 0 if spoil == "unsigned" else 150
    room.sign_in((ROW, TRAIN), envelope=make_envelope(max_torque_nm=torque_nm), questions=("pain_before",))
    if spoil == "unsigned":  # the plan is refused whole
        assert room.bodies(Receipt)[-1].reason == "LOAD"
        return
    room.touch(Confirm())
    room.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(0.0, 0.0, 0.0)))
    assert room.view.codes == ()
    room.touch(Reply(question="pain_before", value=9))
    room.run(0.1)
    assert "test_skipped" in room.view.codes
    assert (room.view.row.mode, room.view.set) == ("train", 2)
    assert room.bodies(Answer)


@pytest.mark.parametrize(("nrs", "mode"), [(3, "isometric"), (4, "train")])
def test_pain_above_green_passes_over_the_test_and_nothing_else(
    nrs: int, mode: str, make_room: Callable[..., Any], make_envelope: Callable[..., Any]
) -> None:
    """Page 8: a test only with pain of at most max(3, B), which is what is signed as green."""
    room = make_room()
    limits = make_envelope(max_torque_nm=150, pain_green_nrs=3, pain_amber_nrs=5)
    room.sign_in((ROW, TRAIN), envelope=limits, questions=("pain_before",))
    room.touch(Confirm())
    room.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(0.0, 0.0, 0.0)))
    room.touch(Reply(question="pain_before", value=nrs))
    room.run(0.1)
    assert room.view.row.mode == mode
    assert ("test_skipped" in room.view.codes) == (mode == "train")
    if mode == "train":
        assert room.view.row.load_g == 20_000


def test_without_the_service_nobody_is_tested() -> None:
    """A maximal effort needs all that an increase needs (invariant 6)."""
    room = strength_room(ROW, TRAIN)
    room.linked = False
    room.mono_ms += 16_000
    room.step()
    assert room.view.row.mode == "train"


def test_a_recording_cannot_be_locked(make_room: Callable[..., Any]) -> None:
    room = make_room(open_loop=True)
    room.sign_in((ROW, TRAIN), questions=())
    room.touch(Confirm())
    room.run(0.1)
    assert room.view.row.mode == "train"


def test_after_a_pause_at_the_limit_the_next_row_follows(make_envelope: Callable[..., Any]) -> None:
    room = strength_room(ROW, TRAIN, envelope=make_envelope(max_torque_nm=120))
    room.touch(Start())
    until(room, "push")
    room.arm.push_nm = 125.0
    room.run(0.2)
    room.arm.push_nm = 0.0
    room.touch(Resume())
    room.touch(Reply(question="pain_set", value=0))
    room.run_until("start")
    assert room.view.row.mode == "train"


def test_the_work_after_a_test_that_is_passed_over_gets_the_setting_meant_for_it(
    make_room: Callable[..., Any],
) -> None:
    room = make_room()
    room.arm = Pusher()
    plan = room.sign_in((ROW | {"reps": 1}, ROW, TRAIN), questions=())
    room.touch(Confirm())
    room.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(-40.0, -40.0, -40.0)))
    room.touch(Start())
    push_once(room, 80.0)
    room.touch(Reply(question="pain_set", value=5))
    lower = room.next_setting(plan, set=3, load_g=12_000)
    room.hear(lower)
    room.run_until("start")
    assert "test_skipped" in room.view.codes
    assert (room.view.row.mode, room.view.row.load_g) == ("train", 12_000)
    assert [one.reason for one in room.bodies(Receipt) if one.setting == lower.id] == []


def test_too_heavy_in_a_test_takes_nothing_from_the_training() -> None:
    room = strength_room(ROW, TRAIN)
    room.touch(Start())
    until(room, "push")
    room.touch(Press(button="too_heavy"))
    room.touch(Reply(question="pain_set", value=0))
    room.run_until("start")
    assert room.view.row.load_g == 20_000


def test_a_test_is_shown_before_it_may_be_done(make_room: Callable[..., Any]) -> None:
    """Nobody is tested before the weigh-in, but the screen must say what it is for."""
    room = make_room()
    room.sign_in((ROW,), questions=())
    assert (room.view.row.mode, room.view.awaits) == ("isometric", "confirm")
    room.touch(Start())
    assert room.view.state.value == "ready"


def test_a_single_angle_is_weighed_on_the_way_to_it(make_room: Callable[..., Any]) -> None:
    room = make_room()
    room.arm = Pusher()
    room.sign_in((ROW,), questions=())
    room.touch(Confirm())
    room.touch(Weigh())
    room.run_until("start")
    angles = [command.start_cdeg for command in room.commands if command.start_cdeg == command.end_cdeg]
    assert sorted(set(angles)) == [2_000, 2_500, 3_000]


@pytest.mark.parametrize("button", [None, "pain"])
def test_the_range_of_a_mobility_set_is_told_before_its_end(
    button: Any, make_room: Callable[..., Any]
) -> None:
    room = make_room()
    room.ready(({"mode": "mobility", "load_g": 0},))
    room.touch(Start())
    room.run_until("set")
    room.arm.lift()
    room.run(8)
    if button is not None:
        room.touch(Press(button=button))
    while room.view.state.value == "working":
        room.step()
    assert room.bodies(TestResult)[0].range_deg == pytest.approx(40.0, abs=0.2)
    kinds = [type(row.body) for row in room.rows if isinstance(row.body, TestResult | SetEnd)]
    assert kinds == [TestResult, SetEnd]
    if button is None:
        assert [one.question for one in room.view.questions] == ["pain_set"]
