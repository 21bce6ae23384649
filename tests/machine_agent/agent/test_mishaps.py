"""A stalled loop, a second agent of the same name, a drive that keeps its load."""

from collections.abc import Callable
from typing import Any

import pytest
from agent_room import TICK_MS, Room

from contract.messages import Event, SetEnd
from machine_agent.agent import HangUp, State
from machine_agent.agent.mishaps import KEEPS, SILENT, STALL_FAULT_MS, STALL_MS, TAKEOVERS_MS, UNLOAD_MOST_MS
from machine_agent.inputs import EmergencyStop, Press, Reset, StaffPin, Start, Weigh


def state_of(room: Room) -> State:
    return room.view.state


def working(room: Room) -> None:
    room.ready()
    room.touch(Start())
    room.run_until("set")


def stall(room: Room, stalled_ms: int) -> list[Any]:
    return room.take(room.agent.on_stall(room.now, stalled_ms))


@pytest.mark.parametrize(
    ("stalled_ms", "state"),
    [
        (STALL_MS - 1, State.WORKING),
        (STALL_MS, State.PAUSED),
        (STALL_FAULT_MS - 1, State.PAUSED),
        (STALL_FAULT_MS, State.FAULT),
    ],
)
def test_a_stalled_loop_unloads_and_closes_the_set(stalled_ms: int, state: State, room: Room) -> None:
    working(room)
    bodies = stall(room, stalled_ms)
    assert state_of(room) is state
    if state is State.WORKING:
        assert bodies == []
        return
    assert [type(body) for body in bodies] == [Event, SetEnd]
    assert (bodies[0].what, bodies[1].ended_by) == ("fault", "fault")
    assert str(stalled_ms) in bodies[0].detail
    assert "stalled" in room.view.codes
    room.run(1)
    assert room.view.load_g == 0


def test_what_the_drive_has_let_go_of_is_not_taken_up_again(room: Room) -> None:
    working(room)
    assert room.commands[-1].load_g == 20_000
    stall(room, STALL_MS)
    room.step()
    assert (room.commands[-1].load_g, room.commands[-1].gravity) == (0, ())


def test_a_load_that_is_held_in_a_rest_is_unloaded_too(room: Room) -> None:
    room.ready()
    room.lift_set()
    assert room.view.load_g == 20_000
    stall(room, STALL_MS)
    assert state_of(room) is State.PAUSED


def test_nobody_is_stopped_when_nothing_is_held_but_what_moves_ends(room: Room) -> None:
    room.sign_in()
    room.touch(Weigh())
    assert stall(room, STALL_FAULT_MS) == []
    assert state_of(room) is State.READY
    session = room.agent._live.session
    assert session is not None
    assert session.weigh_in is None


def test_a_stall_of_a_faulty_machine_says_nothing_new(room: Room) -> None:
    working(room)
    stall(room, STALL_FAULT_MS)
    assert stall(room, STALL_FAULT_MS) == []


@pytest.mark.parametrize(("apart_ms", "is_fault"), [(TAKEOVERS_MS, True), (TAKEOVERS_MS + 1, False)])
def test_two_takeovers_within_a_minute_are_another_agent(apart_ms: int, is_fault: bool, room: Room) -> None:
    working(room)
    assert room.take(room.agent.on_takeover(room.now)) == []
    assert state_of(room) is State.WORKING
    room.mono_ms += apart_ms
    room.effects.clear()
    bodies = room.take(room.agent.on_takeover(room.now))
    assert (state_of(room) is State.FAULT) is is_fault
    assert any(isinstance(effect, HangUp) for effect in room.effects) is is_fault
    assert [body.what for body in bodies if isinstance(body, Event)] == (["conflict"] if is_fault else [])
    assert [body.ended_by for body in bodies if isinstance(body, SetEnd)] == (["fault"] if is_fault else [])


def test_an_idle_machine_and_one_without_power_hang_up_too(make_room: Callable[..., Any]) -> None:
    for begin, state in (
        (lambda _: None, State.FAULT),
        (lambda room: room.touch(EmergencyStop()), State.ESTOP),
    ):
        room = make_room()
        begin(room)
        for _ in range(2):
            room.take(room.agent.on_takeover(room.now))
        assert state_of(room) is state
        assert any(isinstance(effect, HangUp) for effect in room.effects)


def stuck(room: Room, load_g: int) -> None:
    """Press Stop; the drive keeps this load whatever it is told."""
    working(room)
    room.touch(Press(button="pain"))
    sample = room.arm.sample
    room.arm.sample = lambda body_ms: _with_load(sample(body_ms), load_g)  # type: ignore[method-assign]


def _with_load(sample: Any, load_g: int) -> Any:
    return sample.__class__(**{name: getattr(sample, name) for name in sample.__slots__} | {"load_g": load_g})


def test_a_drive_that_keeps_its_load_after_a_stop_is_a_fault(room: Room) -> None:
    stuck(room, 2_000)
    room.run(UNLOAD_MOST_MS / 1_000 - 0.02)
    assert state_of(room) is State.STOPPED
    bodies = room.run(0.02)
    assert [body.detail for body in bodies if isinstance(body, Event)] == [
        "the drive keeps a load after a stop"
    ]
    assert state_of(room) is State.FAULT
    assert {"not_unloaded", "fault"} <= set(room.view.codes)
    assert room.run(5) == [], "told once"


def test_staff_clear_a_stop_only_when_nothing_is_left(room: Room) -> None:
    stuck(room, 2_000)
    room.run(1.0)
    room.touch(StaffPin(pin="2468"))
    assert state_of(room) is State.STOPPED
    del room.arm.sample
    room.step()
    room.step()
    room.touch(StaffPin(pin="2468"))
    assert state_of(room) is State.IDLE


def test_a_load_inside_the_tolerance_of_the_sensor_is_none(room: Room) -> None:
    stuck(room, 700)
    room.run(3)
    assert state_of(room) is State.STOPPED


def test_a_fault_whose_load_stays_is_told_once(room: Room) -> None:
    stuck(room, 2_000)
    room.touch(EmergencyStop())
    room.run(3)
    room.touch(Reset())
    assert state_of(room) is State.IDLE


@pytest.mark.parametrize(("is_silent", "detail"), [(False, KEEPS), (True, SILENT)])
def test_a_stop_that_nothing_measures_is_a_fault_and_staff_do_not_wait_for_ever(
    is_silent: bool, detail: str, room: Room
) -> None:
    stuck(room, 2_000)
    room.run(1.0)
    for _ in range(20):
        if not is_silent:
            room.take(room.agent.on_sample(room.arm.sample(room.body_ms), room.now))
        room.body_ms += TICK_MS
        room.take(room.agent.on_tick(room.now))
    assert state_of(room) is State.FAULT
    assert room.bodies(Event)[-1].detail == detail


def test_silent_sensors_under_load_are_told_once_and_nothing_is_said_of_the_load(room: Room) -> None:
    working(room)
    for _ in range(100):
        room.body_ms += TICK_MS
        room.take(room.agent.on_tick(room.now))
    assert [one.detail for one in room.bodies(Event)] == ["silent"]


def test_a_recording_keeps_no_load(make_room: Callable[..., Any]) -> None:
    room = make_room(open_loop=True)
    stuck(room, 9_000)
    room.run(3)
    assert state_of(room) is State.STOPPED
