"""Buttons, staff, the emergency stop: what acts at once, what is remembered, what lets training go on."""

from collections.abc import Callable
from typing import Any

import pytest
from agent_room import BADGE, plan_of

from contract.messages import Event, Receipt, SetEnd
from machine_agent.agent import Beginning, State
from machine_agent.agent.latches import unstamped
from machine_agent.inputs import (
    Button,
    EmergencyStop,
    Identify,
    MoveArm,
    Press,
    Resume,
    SignOff,
    StaffPin,
    Start,
    Weigh,
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
    room.run(1)
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
    room.run(1)
    room.touch(Resume())
    assert state_of(room) is State.REST
    assert room.view.rest_left_ms >= 30_000


PAIRED = [{"side": "left"}, {"side": "right", "load_g": 18_000}, {"side": "left"}]


def test_pain_in_the_last_rest_is_kept_over_staff_and_a_new_sign_in(room: Any) -> None:
    room.ready([{}])
    room.lift_set()
    room.touch(Press(button="pain"))
    room.run(1)
    room.touch(StaffPin(pin="2468"))
    plan = room.ready()
    assert room.hear(room.next_setting(plan, set=1, load_g=16_100))[0].reason == "LOAD"
    room.touch(Start())
    applied = room.bodies(Receipt)[-1].applied
    assert (applied.load_g, applied.end_cdeg) == (16_000, 4_600)
    room.run_until("set")
    room.arm.lift()
    room.run_until("answers")
    [receipt] = room.hear(room.next_setting(plan, load_g=16_000, start_cdeg=900, end_cdeg=4_600))
    assert receipt.reason == "EVIDENCE"


def test_pain_in_a_rest_belongs_to_the_side_that_was_trained(room: Any) -> None:
    room.ready(PAIRED)
    room.lift_set()
    room.touch(Press(button="pain"))
    assert unstamped(room.latches[-1].latch) == "pain:left:20000:1000:5000"


def test_pain_before_the_first_set_forbids_any_increase_today(room: Any) -> None:
    room.ready()
    room.touch(Press(button="pain"))
    room.run(1)
    room.touch(StaffPin(pin="2468"))
    plan = room.ready()
    assert room.hear(room.next_setting(plan, set=1, load_g=20_100))[0].reason == "EVIDENCE"
    assert room.hear(room.next_setting(plan, set=1, load_g=20_000)) == []


@pytest.mark.parametrize(("rows", "capped_g"), [([{}, {}], {"both": 13_500}), (PAIRED, {"left": 13_500})])
def test_too_heavy_in_a_rest_lowers_what_was_too_heavy_on_its_own_side(
    rows: list[dict[str, Any]], capped_g: dict[str, int], room: Any
) -> None:
    plan = room.ready(rows)
    room.hear(room.next_setting(plan, set=1, load_g=15_000))
    room.lift_set()
    room.touch(Press(button="too_heavy"))
    caps = {side: state.cap.load_g for side, state in room.agent._live.session.sides.items()}
    assert {side: load_g for side, load_g in caps.items() if load_g is not None} == capped_g


def test_too_heavy_before_the_first_set_lowers_the_load_that_is_shown(room: Any) -> None:
    room.ready()
    room.touch(Press(button="too_heavy"))
    assert room.view.row.load_g == 18_000


@pytest.mark.parametrize("button", ["pain", "unwell", "too_heavy", "stop"])
def test_staff_hear_of_a_button_although_nobody_is_signed_in(button: Button, room: Any) -> None:
    [event] = room.touch(Press(button=button))
    assert (event.what, event.detail) == (button, "nobody is signed in")
    assert (state_of(room), room.view.codes) == (State.IDLE, (button,))
    assert room.rows[-1].head.session is None
    shut = [("", "hurt")] if button in ("pain", "unwell") else []  # whoever it was: staff open nothing today
    assert [(kept.subject, unstamped(kept.latch)) for kept in room.latches] == shut


def test_unwell_forbids_any_increase_for_the_rest_of_the_day(room: Any) -> None:
    working(room)
    room.touch(Press(button="unwell"))
    room.run(1)
    room.touch(StaffPin(pin="2468"))
    plan = room.ready()
    assert room.hear(room.next_setting(plan, set=1, load_g=20_100))[0].reason == "EVIDENCE"
    assert room.hear(room.next_setting(plan, set=1, load_g=20_000)) == []


@pytest.mark.parametrize("button", ["pain", "unwell"])
def test_pain_and_unwell_before_the_plan_has_come_wait_for_staff_too(button: Button, room: Any) -> None:
    room.touch(Identify(badge=BADGE))
    sign_in = room.rows[-1]
    [event] = room.touch(Press(button=button))
    assert (event.what, unstamped(room.latches[-1].latch), state_of(room)) == (button, button, State.STOPPED)
    room.hear(plan_of(sign_in, ({},)))
    room.touch(SignOff())
    assert (state_of(room), room.view.row) == (State.STOPPED, None)
    room.touch(StaffPin(pin="2468"))
    assert state_of(room) is State.IDLE
    plan = room.ready()
    assert room.hear(room.next_setting(plan, set=1, load_g=20_100))[0].reason == "EVIDENCE"


@pytest.mark.parametrize("is_weighing", [True, False])
def test_stop_ends_whatever_moves_before_the_first_set(is_weighing: bool, room: Any) -> None:
    if is_weighing:
        room.sign_in()
        room.touch(Weigh())
    else:
        room.touch(Identify(badge="b"))
        room.touch(MoveArm())
    room.step()
    assert room.commands[-1].start_cdeg == room.commands[-1].end_cdeg
    room.touch(Press(button="stop"))
    room.step()
    assert room.commands[-1].start_cdeg < room.commands[-1].end_cdeg
    assert room.commands[-1].brake


def can_move(room: Any) -> bool:
    """Hold the button: does the drive bring the arm to its start?"""
    before = room.agent.ignored
    room.touch(MoveArm())
    room.step()
    moved: bool = room.commands[-1].start_cdeg == room.commands[-1].end_cdeg
    assert (room.agent.ignored == before) is moved
    return bool(moved)


def test_the_hold_to_run_button_brings_a_free_arm_back_where_nobody_trains(room: Any) -> None:
    found = {}
    found["idle"] = can_move(room)
    room.touch(Identify(badge="badge-1"))
    found["identified"] = can_move(room)
    room.touch(SignOff())
    working(room)
    found["working"] = can_move(room)
    room.touch(Press(button="stop"))
    found["paused, still loaded"] = can_move(room)
    room.run(1)
    found["paused"] = can_move(room)
    room.touch(Press(button="pain"))
    found["stopped"] = can_move(room)
    room.touch(EmergencyStop())
    found["estop"] = can_move(room)
    assert [name for name, moved in found.items() if moved] == ["identified", "paused", "stopped"]


@pytest.mark.parametrize(("after_ms", "moves"), [(200, True), (201, False)])
def test_the_arm_stops_when_the_button_is_let_go(after_ms: int, moves: bool, room: Any) -> None:
    room.touch(Identify(badge="b"))
    room.touch(MoveArm())
    room.body_ms += after_ms
    room.take(room.agent.on_sample(room.arm.sample(room.body_ms), room.now))
    room.take(room.agent.on_tick(room.now))
    command = room.commands[-1]
    assert (command.start_cdeg == command.end_cdeg) is moves
    assert (command.load_g, command.brake) == (0, True)


def test_a_resume_waits_until_the_drive_has_let_go(room: Any) -> None:
    working(room)
    room.touch(Press(button="stop"))
    before = room.agent.ignored
    room.touch(Resume())
    assert (state_of(room), room.agent.ignored) == (State.PAUSED, before + 1)
    room.run(1)
    room.touch(Resume())
    assert state_of(room) is State.REST


def test_a_pin_of_staff_clears_no_stop_while_the_load_is_on(room: Any) -> None:
    working(room)
    room.touch(Press(button="pain"))
    room.touch(StaffPin(pin="2468"))
    assert state_of(room) is State.STOPPED
    room.run(0.9)
    room.touch(StaffPin(pin="2468"))
    assert state_of(room) is State.IDLE


def test_five_wrong_pins_of_staff_lock_for_a_quarter_of_an_hour(room: Any) -> None:
    working(room)
    room.touch(Press(button="pain"))
    room.run(1)
    for _ in range(5):
        room.touch(StaffPin(pin="0000"))
    room.touch(StaffPin(pin="2468"))
    assert (state_of(room), room.view.codes[-1]) == (State.STOPPED, "too_many_tries")
    assert room.view.locked_left_ms == 15 * 60_000
    room.mono_ms += 15 * 60_000
    room.touch(StaffPin(pin="2468"))
    assert state_of(room) is State.IDLE


def test_an_emergency_stop_that_is_reported_again_and_again_is_recorded_once(room: Any) -> None:
    for _ in range(5):
        room.touch(EmergencyStop())
    assert [event.what for event in room.bodies(Event)] == ["estop"]
