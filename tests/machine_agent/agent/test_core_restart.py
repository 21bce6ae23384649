"""What latches stays latched when the process or the machine is started again (invariant 8)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from agent_alone import known_person, opened
from agent_room import STAFF_PIN, STREAM

from contract.messages import Event, Hold
from machine_agent.agent import Beginning, State
from machine_agent.agent.effects import Keep, KeepHalt, KeepPlan
from machine_agent.inputs import (
    EmergencyStop,
    Identify,
    MoveArm,
    PatientInput,
    Press,
    Reset,
    SignOff,
    StaffPin,
    Start,
)
from machine_agent.spool_file import SpoolFile

STOPPED_BY = {
    "pain": State.STOPPED,
    "unwell": State.STOPPED,
    "staff": State.STOPPED,
    "fault": State.FAULT,
    "estop": State.ESTOP,
}
CLEARED_BY: dict[State, PatientInput] = {State.STOPPED: StaffPin(pin=STAFF_PIN), State.FAULT: Reset()}


@pytest.fixture
def restart(make_room: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Store on disk what a room wanted kept, and begin the next life from there."""

    def again(room: Any | None = None) -> Any:
        file = SpoolFile(tmp_path / "spool.sqlite")
        kept = room.effects if room else []
        file.commit([], [one for one in kept if isinstance(one, Keep | KeepPlan | KeepHalt)], [])
        file.close()
        file = SpoolFile(tmp_path / "spool.sqlite")
        beginning = file.beginning()
        file.close()
        return make_room(beginning=beginning)

    return again


def halt(room: Any, how: str) -> None:
    room.ready()
    room.touch(Start())
    room.run_until("set")
    if how == "estop":
        room.touch(EmergencyStop())
    elif how == "fault":
        for _ in range(2):
            room.take(room.agent.on_takeover(room.now))
    elif how == "staff":
        room.hear(Hold(id="00000000-0000-4000-8000-0000000000ff", action="stop", reason="x", by="y", seq=90))
    else:
        room.touch(Press(button="pain" if how == "pain" else "unwell"))


@pytest.mark.parametrize("how", STOPPED_BY)
def test_no_restart_lets_a_machine_go_on_that_stands_still(
    how: str, room: Any, restart: Callable[..., Any]
) -> None:
    halt(room, how)
    assert room.view.state is STOPPED_BY[how]
    later = restart(restart(room))  # twice: the second life touches nothing
    wanted = State.STOPPED if STOPPED_BY[how] is State.STOPPED else State.FAULT
    assert (later.view.state, later.view.session) == (wanted, None)
    assert later.view.awaits == ("staff_pin" if wanted is State.STOPPED else "reset")
    others = [touch for state, touch in CLEARED_BY.items() if state is not wanted]
    for touch in (Identify(badge="badge-1"), Start(), StaffPin(pin="0000"), *others):
        later.touch(touch)
        later.run(0.1)
        assert later.view.state is wanted
    later.touch(CLEARED_BY[wanted])
    assert later.view.state is State.IDLE
    assert restart(later).view.state is State.IDLE


def test_what_was_let_go_on_is_no_longer_halted_after_a_restart(
    room: Any, restart: Callable[..., Any]
) -> None:
    halt(room, "pain")
    room.run(1)
    room.touch(StaffPin(pin=STAFF_PIN))
    assert restart(room).view.state is State.IDLE


def test_power_that_goes_in_the_middle_of_a_set_halts_nothing(room: Any, restart: Callable[..., Any]) -> None:
    room.ready()
    room.touch(Start())
    room.run_until("set")
    assert restart(room).view.state is State.IDLE


def test_the_arm_can_be_brought_back_in_a_stop_of_an_earlier_life(
    room: Any, restart: Callable[..., Any]
) -> None:
    halt(room, "pain")
    later = restart(room)
    later.touch(MoveArm())
    later.step()
    command = later.commands[-1]
    assert command.start_cdeg == command.end_cdeg
    assert (command.load_g, command.brake) == (0, True)


def test_a_mushroom_that_is_still_pressed_is_an_emergency_stop_again(
    room: Any, restart: Callable[..., Any]
) -> None:
    halt(room, "estop")
    later = restart(room)
    seen = [later.view.state]
    for is_pressed in (True, False):
        later.take(later.agent.on_sample(replace(later.arm.sample(0), estop=is_pressed), later.now))
        later.touch(Reset())
        seen.append(later.view.state)
    assert seen == [State.FAULT, State.ESTOP, State.IDLE]


def test_where_latches_were_lost_nothing_rises_today_and_nobody_trains_offline(
    make_room: Callable[..., Any],
) -> None:
    plans = tuple((one.subject, one.kept_ms, one.sealed) for one in known_person().plans[-1:])
    lost = make_room(beginning=Beginning(stream=STREAM, plans=plans, has_forgotten=True, spool_renamed=True))
    assert [event.what for event in lost.bodies(Event)] == ["spool", "spool"]
    kept = tuple((one.subject, one.day, one.latch) for one in lost.latches)
    found = []
    for latches, hours in ((kept, 1), (kept, 17), (kept, 19), ((), 1)):  # a later life on the same disk
        room = make_room(beginning=Beginning(stream=STREAM, plans=plans, latches=latches))
        room.skip(hours * 3_600)
        opened(room)
        is_open = room.view.state is State.READY
        room.touch(SignOff())
        plan = room.ready()
        room.lift_set()
        refused = room.hear(room.next_setting(plan, load_g=20_500))
        found.append((is_open, [one.reason for one in refused]))
    assert found == [(False, ["EVIDENCE"]), (False, ["EVIDENCE"]), (True, []), (True, [])]
