"""A test of strength (invariant 16): the arm is locked for a try and no longer, a try is 5 s at most."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from agent_room import Arm

from contract.messages import Answer, Event, Receipt, SetEnd, TestResult
from machine_agent.drivers import DriveCommand, Sample
from machine_agent.inputs import Confirm, Press, Reply, Resume, SignOff, Start, Weigh, Weighed

ANGLE = 3_000
ROW: dict[str, Any] = {
    "mode": "isometric", "load_g": 0, "start_cdeg": ANGLE, "end_cdeg": ANGLE, "reps": 3,
}  # fmt: skip
TRAIN: dict[str, Any] = {}
WEIGHT_NM = -40.0  # of the trunk, at every angle of this file


@dataclass
class Pusher(Arm):
    """An arm that the drive can place and lock, and a person who pushes `push_nm` as soon as asked."""

    push_nm: float = 0.0
    slips: bool = False
    is_frozen: bool = False

    def sample(self, body_ms: int) -> Sample:
        made = super().sample(body_ms)
        before, command = self.deg, self.command
        if command is not None and command.brake and command.start_cdeg == command.end_cdeg:
            self.deg += max(-0.16, min(0.16, command.start_cdeg / 100 - self.deg))
        if command is not None and command.lock and self.slips:
            self.deg += 0.1
        return replace(
            made,
            deg=self.deg,
            deg_s=(self.deg - before) * 50,
            torque_nm=50.0 if self.is_frozen else made.torque_nm + WEIGHT_NM + self.push_nm,
        )


@pytest.fixture
def tested(make_room: Callable[..., Any]) -> Callable[..., Any]:
    """Somebody about to start a test of strength, weighed; the plan's rows may be given."""

    def made(*rows: dict[str, Any], **changes: Any) -> Any:
        room = make_room()
        room.arm = Pusher()
        room.sign_in(rows or (ROW,), questions=(), **changes)
        room.touch(Confirm())
        room.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(WEIGHT_NM,) * 3))
        return room

    return made


def _until(room: Any, stage: str, most_s: float = 100.0) -> None:
    for _ in range(round(most_s * 50)):
        if room.view.attempt is not None and room.view.attempt.stage == stage:
            return
        room.step()
    raise AssertionError(f"no {stage} within {most_s} s: {room.view.attempt}")


def _try(room: Any, push_nm: float) -> None:
    _until(room, "push")
    room.arm.push_nm = push_nm
    while room.view.attempt is not None and room.view.attempt.stage in ("push", "build", "hold"):
        room.step()
    room.arm.push_nm = 0.0


def _locked_runs(commands: list[DriveCommand]) -> list[int]:
    """How many commands in a row were locked, run by run."""
    return [
        len(list(group))
        for is_locked, group in itertools.groupby(commands, lambda one: one.lock)
        if is_locked
    ]


def test_three_tries_are_measured_without_the_weight_of_the_body(tested: Callable[..., Any]) -> None:
    room = tested()
    room.touch(Start())
    for push_nm in (90.0, 110.0, 100.0):
        _try(room, push_nm)
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


def test_the_arm_is_locked_at_its_angle_for_a_try_of_five_seconds_and_free_between_tries(
    tested: Callable[..., Any],
) -> None:
    room = tested()
    room.touch(Start())
    room.commands.clear()
    for _ in range(3):
        _try(room, 80.0)
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


def test_a_try_lasts_five_seconds_at_most_from_the_first_push(tested: Callable[..., Any]) -> None:
    room = tested()
    room.touch(Start())
    _until(room, "push")
    room.arm.push_nm = 80.0
    first_ms = room.body_ms + 20
    while not room.bodies(TestResult):
        room.step()
    assert 4_900 <= room.body_ms - first_ms <= 5_000
    assert not room.commands[-1].lock


def test_the_screen_is_told_the_try_the_stage_and_the_seconds(tested: Callable[..., Any]) -> None:
    room = tested()
    before = room.view
    assert before.attempt is None
    room.touch(Start())
    room.step()
    assert (room.view.awaits, room.view.attempt.stage) == ("loading", "place")
    seen = []
    for stage, left_ms in (("ready", 3_000), ("push", 10_000)):
        _until(room, stage)
        seen.append((room.view.awaits, room.view.attempt.number, room.view.attempt.most))
        assert room.view.attempt.left_ms == pytest.approx(left_ms, abs=40)
    room.arm.push_nm = 70.0
    for stage, left_ms in (("build", 1_900 - 60), ("hold", 3_000), ("pause", 60_000)):
        _until(room, stage)
        assert room.view.attempt.left_ms == pytest.approx(left_ms, abs=40)
        assert room.view.torque_nm == pytest.approx(70.0, abs=1.5)
    assert seen == [("set", 1, 3)] * 2
    assert room.view.attempt.number == 2
    assert room.view.reps_stored == 1
    assert room.view.phase == "idle"


def test_above_the_signed_torque_the_arm_is_let_go_at_once(
    tested: Callable[..., Any], make_envelope: Callable[..., Any]
) -> None:
    room = tested(envelope=make_envelope(max_torque_nm=120))
    room.touch(Start())
    _until(room, "push")
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
def test_a_button_lets_the_arm_go_in_every_stage(stage: str, button: Any, tested: Callable[..., Any]) -> None:
    room = tested()
    room.touch(Start())
    if stage in ("build", "hold", "pause"):
        _until(room, "push")
        room.arm.push_nm = 60.0
    _until(room, stage)
    room.touch(Press(button=button))
    room.step()
    command = room.commands[-1]
    assert (command.lock, command.brake, command.load_g) == (False, True, 0)
    assert command.start_cdeg < command.end_cdeg  # not moved anywhere either
    ended_by = {"stop": "patient"}.get(button, button)
    assert room.bodies(SetEnd)[-1].ended_by == ended_by
    assert len(room.bodies(TestResult)) == (stage == "pause")  # a broken try is no result


def test_who_leaves_is_let_go(tested: Callable[..., Any]) -> None:
    room = tested()
    room.touch(Start())
    _until(room, "push")
    room.touch(SignOff())
    room.step()
    assert not room.commands[-1].lock


def test_who_does_not_push_is_done(tested: Callable[..., Any]) -> None:
    room = tested()
    room.touch(Start())
    _until(room, "push")
    room.arm.push_nm = 2.0  # less than a push
    room.run(10.1)
    assert room.bodies(TestResult) == []
    assert room.bodies(SetEnd)[-1].ended_by == "patient"


def test_a_short_knock_is_no_push(tested: Callable[..., Any]) -> None:
    room = tested()
    room.touch(Start())
    _until(room, "push")
    for _ in range(20):
        room.arm.push_nm = 40.0
        room.run(0.04)
        room.arm.push_nm = 0.0
        room.run(0.04)
    assert room.view.attempt.stage == "push"


def test_an_arm_that_does_not_get_to_the_angle_ends_the_test(tested: Callable[..., Any]) -> None:
    room = tested()
    room.arm = Arm(deg=10.0)  # stays where it is
    room.touch(Start())
    room.run(30.1)
    assert room.bodies(SetEnd)[-1].ended_by == "patient"
    assert not any(command.lock for command in room.commands)


@pytest.mark.parametrize(("fault", "detail"), [("slips", "slip"), ("is_frozen", "stuck")])
def test_a_lock_that_does_not_hold_and_a_torque_that_stands_still_are_faults(
    fault: str, detail: str, tested: Callable[..., Any]
) -> None:
    room = tested()
    room.touch(Start())
    _until(room, "ready")
    setattr(room.arm, fault, True)
    room.run(1.5)
    assert room.view.state.value == "fault"
    assert [(one.what, one.detail) for one in room.bodies(Event)] == [("sensor", detail)]
    assert room.bodies(SetEnd)[-1].ended_by == "fault"
    assert not room.commands[-1].lock


def test_nothing_is_locked_before_an_earlier_load_is_gone(tested: Callable[..., Any]) -> None:
    room = tested(TRAIN | {"rest_ms": 0}, ROW)
    room.lift_set()
    room.touch(Reply(question="rir", value="3-5"))
    room.touch(Reply(question="pain_set", value=0))
    room.commands.clear()
    room.touch(Start())
    _until(room, "ready")
    room.step()
    assert room.commands[0].load_g > 0
    assert max(one.load_g for one in room.commands if one.lock) == 0


def test_only_pain_is_asked_after_a_test(tested: Callable[..., Any]) -> None:
    room = tested(ROW | {"reps": 1}, ROW)
    room.touch(Start())
    _try(room, 80.0)
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


def test_without_the_service_nobody_is_tested(tested: Callable[..., Any]) -> None:
    """A maximal effort needs all that an increase needs (invariant 6)."""
    room = tested(ROW, TRAIN)
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


def test_after_a_pause_at_the_limit_the_next_row_follows(
    tested: Callable[..., Any], make_envelope: Callable[..., Any]
) -> None:
    room = tested(ROW, TRAIN, envelope=make_envelope(max_torque_nm=120))
    room.touch(Start())
    _until(room, "push")
    room.arm.push_nm = 125.0
    room.run(0.2)
    room.arm.push_nm = 0.0
    room.touch(Resume())
    room.touch(Reply(question="pain_set", value=0))
    room.run_until("start")
    assert room.view.row.mode == "train"


def test_too_heavy_in_a_test_takes_nothing_from_the_training(tested: Callable[..., Any]) -> None:
    room = tested(ROW, TRAIN)
    room.touch(Start())
    _until(room, "push")
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
