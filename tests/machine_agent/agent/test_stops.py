"""Buttons, staff, the emergency stop: what acts at once, what is remembered, what lets training go on."""

from collections.abc import Callable
from typing import Any

import pytest

from contract.messages import Event, Receipt, SetEnd
from machine_agent.agent import Beginning, State
from machine_agent.inputs import (
    Button,
    EmergencyStop,
    Press,
    Reset,
    Resume,
    SignOff,
    StaffPin,
    Start,
)


def state_of(room: Any) -> State:
    found: State = room.view.state
    return found


def working(room: Any) -> Any:
    plan = room.ready()
    room.touch(Start())
    room.run_until("set")
    room.arm.lift()
    room.run(7)
    return plan


@pytest.mark.parametrize(("button", "ended_by"), [("pain", "pain"), ("unwell", "unwell")])
def test_pain_and_unwell_stop_at_once_and_wait_for_staff(button: Button, ended_by: str, room: Any) -> None:
    working(room)
    bodies = room.touch(Press(button=button))
    assert [type(body) for body in bodies] == [Event, SetEnd]
    assert (bodies[0].what, bodies[1].ended_by) == (button, ended_by)
    assert state_of(room) is State.STOPPED
    room.run(1.0)
    assert room.view.load_g == 0
    assert room.commands[-1].brake
    room.touch(Start())
    room.touch(Resume())
    room.touch(SignOff())
    assert state_of(room) is State.STOPPED
    room.touch(StaffPin(pin="0000"))
    assert state_of(room) is State.STOPPED
    room.touch(StaffPin(pin="2468"))
    assert state_of(room) is State.IDLE


def test_after_pain_signing_in_again_gives_at_most_eighty_per_cent_and_less_range(
    make_room: Callable[..., Any],
) -> None:
    room = make_room()
    working(room)
    room.touch(Press(button="pain"))
    room.touch(StaffPin(pin="2468"))
    room.arm.rest()
    plan = room.ready()
    [receipt] = room.hear(room.next_setting(plan, set=1, load_g=16_100))
    assert receipt.reason == "LOAD"
    room.touch(Start())
    applied = room.bodies(Receipt)[-1].applied
    assert (applied.load_g, applied.start_cdeg, applied.end_cdeg) == (16_000, 1_000, 4_600)
    kept = tuple((one.subject, one.day, one.latch) for one in room.latches)
    later = make_room(beginning=Beginning(stream=room.rows[0].head.stream, latches=kept))
    later.ready()
    later.touch(Start())
    assert later.bodies(Receipt)[-1].applied.load_g == 16_000


def test_too_heavy_ends_the_set_and_takes_ten_per_cent_but_locks_nothing(room: Any) -> None:
    plan = working(room)
    bodies = room.touch(Press(button="too_heavy"))
    assert [type(body) for body in bodies] == [Event, SetEnd]
    assert bodies[1].ended_by == "too_heavy"
    assert state_of(room) is State.REST
    room.arm.rest()
    room.run(31)
    [receipt] = room.touch(Start())
    assert receipt.setting == plan.settings[1].id
    assert receipt.applied.load_g == 18_000


def test_stop_by_the_person_pauses_and_a_resume_begins_with_a_rest(room: Any) -> None:
    working(room)
    bodies = room.touch(Press(button="stop"))
    assert [type(body) for body in bodies] == [Event, SetEnd]
    assert state_of(room) is State.PAUSED
    room.arm.rest()
    room.touch(Resume())
    assert state_of(room) is State.REST
    assert room.view.rest_left_ms >= 30_000


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
