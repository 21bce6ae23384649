"""The emergency stop: the hardware cuts the power, and only people at the machine go on from it."""

from dataclasses import replace
from typing import Any

from contract.messages import Event, SetEnd
from machine_agent.agent import State
from machine_agent.inputs import EmergencyStop, Reset, Resume, SignOff, StaffPin, Start


def state_of(room: Any) -> State:
    found: State = room.view.state
    return found


def working(room: Any) -> None:
    room.ready()
    room.touch(Start())
    room.run_until("set")
    room.arm.lift()
    room.run(7)


def test_an_emergency_stop_is_left_only_by_a_reset_at_the_machine(room: Any) -> None:
    working(room)
    bodies = room.touch(EmergencyStop())
    assert [body.what for body in bodies if isinstance(body, Event)] == ["estop"]
    assert [body.ended_by for body in bodies if isinstance(body, SetEnd)] == ["fault"]
    for touch in (StaffPin(pin="2468"), Resume(), Start(), SignOff()):
        room.touch(touch)
        assert state_of(room) is State.ESTOP
    room.touch(Reset())
    assert state_of(room) is State.IDLE
    assert room.view.session is None


def test_an_emergency_stop_of_the_hardware_is_not_reset_while_its_mushroom_is_pressed(room: Any) -> None:
    working(room)
    pressed = True
    as_measured = room.arm.sample
    room.arm.sample = lambda body_ms: replace(as_measured(body_ms), estop=pressed)
    room.step()
    assert state_of(room) is State.ESTOP
    room.run(1)
    assert room.view.load_g == 0
    assert [event.what for event in room.bodies(Event)] == ["estop"]
    room.touch(Reset())
    assert state_of(room) is State.ESTOP
    pressed = False
    room.step()
    room.touch(Reset())
    assert state_of(room) is State.IDLE
