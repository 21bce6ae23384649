"""Time-outs, silence, the seat, the heartbeat, the live trace."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from contract.messages import Event, SetEnd, SignOut
from machine_agent.agent import Drive, Say, State, Trace
from machine_agent.inputs import EmergencyStop, Identify, Press, Reset, Resume, SignOff, Start


def state_of(room: Any) -> State:
    found: State = room.view.state
    return found


def working(room: Any) -> None:
    room.ready()
    room.touch(Start())
    room.run_until("set")
    room.arm.lift()
    room.run(3)


def test_a_sign_in_without_a_plan_is_forgotten_after_two_minutes_of_real_time(room: Any) -> None:
    room.touch(Identify(badge="b"))
    room.body_ms += 10_000_000
    room.step()
    assert state_of(room) is State.IDENTIFIED
    room.mono_ms += 120_000
    room.step()
    assert state_of(room) is State.IDLE
    assert len(room.bodies(SignOut)) == 1


def test_a_person_who_does_nothing_is_signed_out(room: Any) -> None:
    room.ready()
    room.skip(119.9)
    assert state_of(room) is State.READY
    room.run(0.2)
    assert state_of(room) is State.IDLE


def test_a_pause_and_a_rest_that_nobody_ends_are_signed_out_after_five_minutes(room: Any) -> None:
    room.ready()
    room.lift_set()
    room.skip(30 + 299)
    assert state_of(room) is State.REST
    room.run(2)
    assert state_of(room) is State.IDLE
    working(room)
    room.touch(Press(button="stop"))
    room.run(1)
    room.skip(300)
    assert state_of(room) is State.IDLE


def test_a_stop_waits_for_staff_for_ever(room: Any) -> None:
    working(room)
    room.touch(Press(button="pain"))
    room.run(1)
    room.skip(700)
    assert state_of(room) is State.STOPPED


def test_an_empty_seat_signs_out_after_twenty_seconds(room: Any) -> None:
    working(room)
    room.arm.rest()
    room.arm.seat = False
    bodies = room.run(20.2)
    assert [body.detail for body in bodies if isinstance(body, Event)] == ["seat empty"]
    assert state_of(room) is State.IDLE
    room.ready()
    room.run(15)
    room.arm.seat = True
    room.run(0.1)
    room.arm.seat = False
    room.run(15)
    assert state_of(room) is State.READY


def test_silent_sensors_unload_after_a_tenth_of_a_second(room: Any) -> None:
    working(room)
    room.commands.clear()
    bodies: list[Any] = []
    for _ in range(60):
        room.body_ms += 20
        bodies += room.take(room.agent.on_tick(room.now))
    assert [body.ended_by for body in bodies if isinstance(body, SetEnd)] == ["fault"]
    assert state_of(room) is State.FAULT
    loads = [command.load_g for command in room.commands]
    assert loads[4] == 20_000
    assert loads[5] < 20_000
    assert loads[-1] == 0
    room.touch(Reset())
    assert state_of(room) is State.IDLE


def test_silent_sensors_unload_what_is_held_in_a_rest_once(room: Any) -> None:
    room.ready()
    room.lift_set()
    assert (state_of(room), room.view.load_g) == (State.REST, 20_000)
    bodies: list[Any] = []
    for _ in range(60):
        room.body_ms += 20
        bodies += room.take(room.agent.on_tick(room.now))
    assert [body.detail for body in bodies if isinstance(body, Event)] == ["silent"]
    assert (state_of(room), room.view.load_g) == (State.FAULT, 0)


def test_silent_sensors_of_an_unloaded_drive_are_no_fault(room: Any) -> None:
    room.ready()
    room.lift_set()
    room.run(16)
    for _ in range(60):
        room.body_ms += 20
        room.take(room.agent.on_tick(room.now))
    assert state_of(room) is State.REST


@pytest.mark.parametrize("figure", [math.nan, math.inf])
def test_a_figure_that_is_not_finite_unloads(figure: float, room: Any) -> None:
    working(room)
    room.arm.deg = figure
    room.arm.moving = False
    room.step()
    assert state_of(room) is State.FAULT
    assert room.bodies(SetEnd)[-1].ended_by == "fault"


def test_a_recording_is_reported_and_not_stopped(make_room: Callable[..., Any]) -> None:
    room = make_room(open_loop=True)
    working(room)
    room.arm.out_s = room.arm.back_s = 0.5
    room.run(6)
    assert "overspeed" in room.view.codes
    assert [end.ended_by for end in room.bodies(SetEnd)] == ["target"]


def test_overspeed_unloads_and_pauses(room: Any) -> None:
    room.ready()
    room.touch(Start())
    room.run_until("set")
    room.arm.out_s = 0.6
    room.arm.lift()
    room.run(1)
    assert state_of(room) is State.PAUSED
    assert room.commands[-1].brake


def test_every_tick_is_a_heartbeat_for_the_drive(room: Any) -> None:
    room.step()
    effects = room.agent.on_tick(room.now)
    assert sum(isinstance(effect, Drive) for effect in effects) == 1
    assert room.arm.command.brake
    assert room.arm.command.load_g == 0


def test_a_rest_unloads_after_ten_seconds(room: Any) -> None:
    room.ready()
    room.lift_set()
    room.run(9.8)
    assert room.view.load_g == 20_000
    room.run(5)
    assert room.view.load_g == 0


def test_the_trace_comes_ten_to_twenty_times_a_second_and_the_status_every_minute(room: Any) -> None:
    room.ready()
    room.run(0.5)
    room.effects.clear()
    room.run(60.5)
    frames = sum(isinstance(effect, Trace) for effect in room.effects)
    assert 600 < frames / 60.5 * 60 < 1_200
    assert sum(isinstance(effect, Say) for effect in room.effects) == 1


@pytest.mark.parametrize(("frame_ms", "least", "most"), [(20, 50, 51), (100, 10, 11)])
def test_the_trace_may_be_paced_otherwise(
    frame_ms: int, least: int, most: int, make_room: Callable[..., Any]
) -> None:
    room = make_room(frame_ms=frame_ms)
    room.ready()
    room.effects.clear()
    room.run(1)
    assert least <= sum(isinstance(effect, Trace) for effect in room.effects) <= most


@pytest.mark.parametrize(("button", "state"), [("pain", "stopped"), ("stop", "paused")])
def test_a_change_of_state_is_told_at_once(button: Any, state: str, room: Any) -> None:
    working(room)
    room.effects.clear()
    room.touch(Press(button=button))
    room.step()
    (said,) = [effect.status for effect in room.effects if isinstance(effect, Say)]
    assert (said.state, said.setting) == (state, None)
    assert said.session is not None


def test_a_fault_and_a_set_in_force_are_told_at_once(room: Any) -> None:
    plan = room.ready()
    room.run(1)
    room.touch(Start())
    room.run(1)
    room.touch(EmergencyStop())
    room.run(1)
    said = [effect.status for effect in room.effects if isinstance(effect, Say)]
    assert [one.state for one in said[-2:]] == ["working", "estop"]
    assert [one.setting for one in said[-2:]] == [plan.settings[0].id, None]


def test_what_changes_all_the_time_is_told_five_times_a_second_and_the_last_of_it_always(room: Any) -> None:
    room.ready()
    room.effects.clear()
    for _ in range(25):
        room.touch(Start())
        room.step()
        room.touch(Press(button="stop"))
        room.step()
        room.touch(Resume())
        room.step()
        room.touch(SignOff())
        room.step()
        room.ready()
    room.run(1)
    said = [effect.status for effect in room.effects if isinstance(effect, Say)]
    assert len(said) <= 5 * 3 + 1
    assert said[-1].state == state_of(room).value == "ready"
    assert said[-1].session == room.view.session


@pytest.mark.parametrize(("phase", "limit"), [("build", 4_500), ("calm", 2_000)])
def test_the_drive_is_told_the_signed_speed(
    phase: Any, limit: int, room: Any, make_envelope: Callable[..., Any]
) -> None:
    room.sign_in(envelope=make_envelope(phase=phase))
    room.step()
    assert room.commands[-1].max_speed_cdeg_s == limit


def test_the_drive_is_told_the_side_that_is_trained_and_keeps_it_while_it_holds_a_load(
    make_room: Callable[..., Any], paired_rows: list[dict[str, Any]]
) -> None:
    room = make_room(kind="trunk_rotation")
    room.arm.deg, room.arm.low_deg, room.arm.high_deg = -10.0, -10.0, 10.0
    room.step()
    assert room.commands[-1].side == "both"
    room.ready(paired_rows)
    room.step()
    assert room.commands[-1].side == "left"
    room.lift_set()
    held = [one.side for one in room.commands if one.load_g > 0]
    assert set(held) == {"left"}
    room.step()
    assert (room.commands[-1].load_g > 0, room.commands[-1].side) == (True, "left")
    room.run(12)
    assert (room.commands[-1].load_g, room.commands[-1].side) == (0, "right")


def test_a_rest_after_a_pause_takes_no_load_up_again(room: Any) -> None:
    room.ready()
    room.lift_set()
    room.run(1)
    assert room.view.load_g == 20_000
    room.touch(Press(button="stop"))
    room.run(1)
    assert room.view.load_g == 0
    room.touch(Resume())
    assert state_of(room) is State.REST
    before = len(room.commands)
    room.run(5)
    assert {one.load_g for one in room.commands[before:]} == {0}
