"""Every time-out a millisecond before and after (design: safety, "States" and "Time-outs")."""

from collections.abc import Callable
from typing import Any

import pytest
from agent_room import Room

from contract.messages import Event, SetEnd
from machine_agent.agent import State
from machine_agent.inputs import Confirm, EmergencyStop, Identify, MoveArm, Press, Reset, Start, Weigh

Begin = Callable[[Room], Any]


def after(room: Room, ms: int, *, real: bool = False) -> None:
    """Let body time (or real time alone) pass in one stride, with fresh sensors at its end."""
    room.body_ms += 0 if real else ms
    room.mono_ms += ms
    room.take(room.agent.on_sample(room.arm.sample(room.body_ms), room.now))
    room.take(room.agent.on_tick(room.now))


def resting(room: Room) -> None:
    room.ready([{"rest_ms": 0}, {}])
    room.lift_set()
    room.run(15)
    room.touch(Confirm())  # means nothing, but somebody is there


def paused(room: Room) -> None:
    room.ready()
    room.touch(Start())
    room.touch(Press(button="stop"))


@pytest.mark.parametrize(
    ("begin", "most_ms", "real"),
    [
        (lambda room: room.touch(Identify(badge="b")), 120_000, True),
        (lambda room: room.sign_in(), 120_000, False),
        (resting, 300_000, False),
        (paused, 300_000, False),
    ],
    ids=["identified", "ready", "rest", "paused"],
)
@pytest.mark.parametrize(("more_ms", "is_gone"), [(-1, False), (0, True)])
def test_who_does_nothing_is_signed_out(
    begin: Begin, most_ms: int, real: bool, more_ms: int, is_gone: bool, room: Room
) -> None:
    begin(room)
    after(room, most_ms + more_ms, real=real)
    assert (room.view.state is State.IDLE) is is_gone
    assert (room.view.codes[-1:] == ("timed_out",)) is is_gone


@pytest.mark.parametrize("begin", [lambda room: room.sign_in(), paused], ids=["ready", "paused"])
def test_a_touch_starts_the_time_anew(begin: Begin, room: Room) -> None:
    begin(room)
    state = room.view.state
    after(room, 119_999)
    room.touch(Reset())  # means nothing here
    after(room, 119_999)
    assert room.view.state is state


@pytest.mark.parametrize(("empty_ms", "is_gone"), [(19_999, False), (20_000, True)])
@pytest.mark.parametrize("begin", [lambda room: room.sign_in(), paused], ids=["ready", "paused"])
def test_an_empty_seat_is_a_person_who_left(begin: Begin, empty_ms: int, is_gone: bool, room: Room) -> None:
    begin(room)
    room.arm.seat = False
    after(room, 20)
    after(room, empty_ms)
    assert (room.view.state is State.IDLE) is is_gone
    assert list(room.view.codes) == (["identity"] if is_gone else list(room.view.codes))
    assert [one.what for one in room.bodies(Event)].count("identity") == int(is_gone)


@pytest.mark.parametrize(("silent_ms", "is_fault"), [(100, False), (101, True)])
def test_silent_sensors_under_load_are_a_fault(silent_ms: int, is_fault: bool, room: Room) -> None:
    room.ready()
    room.touch(Start())
    room.run(5)
    room.body_ms += silent_ms
    room.take(room.agent.on_tick(room.now))
    assert (room.view.state is State.FAULT) is is_fault
    assert [end.ended_by for end in room.bodies(SetEnd)] == (["fault"] if is_fault else [])


@pytest.mark.parametrize(("silent_ms", "is_doubtful"), [(100, False), (101, True)])
def test_a_drive_that_never_said_anything_is_silent(
    silent_ms: int, is_doubtful: bool, make_room: Callable[..., Room]
) -> None:
    room = make_room()
    room.ready()
    room.body_ms += silent_ms
    room.take(room.agent.on_tick(room.now))
    assert room.view.sample_age_ms is None
    assert room.agent._live.doubtful is is_doubtful
    room.touch(Start())
    room.take(room.agent.on_tick(room.now))
    assert (room.view.state is State.FAULT) is is_doubtful


def test_a_recording_may_say_nothing_for_long(make_room: Callable[..., Room]) -> None:
    room = make_room(open_loop=True)
    room.ready()
    room.touch(Start())
    room.body_ms += 60_000
    room.take(room.agent.on_tick(room.now))
    assert room.view.state is State.WORKING


@pytest.mark.parametrize(("rested_ms", "is_held"), [(9_999, True), (10_000, False)])
def test_a_rest_holds_the_load_for_ten_seconds(rested_ms: int, is_held: bool, room: Room) -> None:
    room.ready([{"rest_ms": 60_000}, {}])
    room.lift_set()
    since_ms = room.agent._live.since.body_ms
    room.run(9)
    room.body_ms = since_ms + rested_ms
    room.take(room.agent.on_sample(room.arm.sample(room.body_ms), room.now))
    room.take(room.agent.on_tick(room.now))
    assert (room.commands[-1].load_g == 20_000) is is_held


@pytest.mark.parametrize(("weighed_ms", "goes_on"), [(59_999, True), (60_000, False)])
def test_an_arm_that_does_not_come_to_rest_is_let_go(weighed_ms: int, goes_on: bool, room: Room) -> None:
    room.sign_in()
    room.touch(Confirm())
    room.touch(Weigh())
    room.body_ms += weighed_ms
    room.take(room.agent.on_sample(room.arm.sample(room.body_ms), room.now))
    room.take(room.agent.on_tick(room.now))
    assert room.view.awaits == ("weighing" if goes_on else "weigh_in")
    assert ("weigh_in_failed" in room.view.codes) is not goes_on
    assert room.view.leaves_in_ms == (None if goes_on else 120_000)
    room.touch(Weigh())
    assert room.view.awaits == "weighing"


@pytest.mark.parametrize("begin", [lambda room: room.sign_in(), paused], ids=["ready", "paused"])
def test_the_drive_is_braked_and_unloaded_where_nobody_trains(begin: Begin, room: Room) -> None:
    begin(room)
    room.run(1)
    room.touch(MoveArm())
    room.step()
    assert room.commands[-1].brake
    assert room.commands[-1].load_g == 0


@pytest.mark.parametrize("held_g", [20_000, 1_000])
def test_too_fast_a_person_is_unloaded_in_a_rest_as_well(held_g: int, room: Room) -> None:
    room.ready([{"load_g": held_g}, {}])
    room.lift_set()
    assert room.view.load_g == held_g
    room.run(3)
    room.arm.out_s = 0.8
    room.arm.lift()
    room.run(0.6)
    assert room.view.state is State.PAUSED
    assert "overspeed" in room.view.codes
    room.run(0.8)
    assert room.view.load_g == 0


def working(room: Room) -> None:
    room.ready()
    room.touch(Start())
    room.run_until("set")


def stopping(button: Any) -> Begin:
    def begin(room: Room) -> None:
        working(room)
        room.touch(button)

    return begin


@pytest.mark.parametrize(
    ("begin", "state", "load_g", "brake"),
    [
        (lambda _: None, "idle", 0, True),
        (lambda room: room.touch(Identify(badge="b")), "identified", 0, True),
        (lambda room: room.ready(), "ready", 0, True),
        (working, "working", 20_000, False),
        (lambda room: (room.ready(), room.lift_set()), "rest", 20_000, False),
        (stopping(Press(button="stop")), "paused", 0, True),
        (stopping(Press(button="pain")), "stopped", 0, True),
        (stopping(Press(button="unwell")), "stopped", 0, True),
        (stopping(EmergencyStop()), "estop", 0, True),
    ],
)
def test_what_each_state_commands_a_second_later(
    begin: Begin, state: str, load_g: int, brake: bool, room: Room
) -> None:
    begin(room)
    room.run(1.0)
    command = room.commands[-1]
    assert (room.view.state.value, command.load_g, command.brake) == (state, load_g, brake)
    assert command.start_cdeg < command.end_cdeg, "nothing moves the arm"
