"""Buttons, answers, PINs: what acts at once, what is remembered, what is ignored."""

from collections.abc import Callable
from typing import Any

import pytest

from contract.messages import Answer, Event, Receipt, SetEnd, SignIn
from machine_agent.agent import Beginning, State
from machine_agent.inputs import (
    Button,
    Confirm,
    EmergencyStop,
    Identify,
    Press,
    Reply,
    Reset,
    Resume,
    SignOff,
    StaffPin,
    Start,
    Weighed,
)
from machine_agent.pins import proof


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


@pytest.mark.parametrize(
    ("question", "value", "load_g"), [("pain_before", 6, 10_000), ("pain_before", 5, 20_000), ("spasm", 1, 0)]
)
def test_red_pain_and_spasm_lower_the_first_load_before_any_reply(
    question: Any, value: int, load_g: int, room: Any
) -> None:
    room.sign_in()
    room.touch(Confirm())
    room.touch(Weighed(deg=(1.0, 2.0, 3.0), nm=(0.0, 0.0, 0.0)))
    for asked in room.view.questions:
        room.touch(Reply(question=asked.question, value=value if asked.question == question else 0))
    room.touch(Start())
    applied = room.bodies(Receipt)[-1].applied
    assert applied.load_g == load_g
    assert applied.end_cdeg == (5_000 if load_g == 20_000 else 4_000)


def test_new_symptoms_stop_before_anything_is_lifted(room: Any) -> None:
    room.sign_in(questions=("new_symptoms",))
    bodies = room.touch(Reply(question="new_symptoms", value="numb_weak"))
    assert [type(body) for body in bodies] == [Answer, Event]
    assert state_of(room) is State.STOPPED
    assert "symptom_numb_weak" in room.view.codes


def test_an_answer_that_was_not_asked_for_is_ignored(room: Any) -> None:
    room.ready()
    before = room.agent.ignored
    assert room.touch(Reply(question="rpe", value=3)) == []
    assert room.agent.ignored == before + 1


def test_a_code_needs_its_pin_which_is_proved_and_never_recorded(room: Any) -> None:
    assert room.touch(Identify(code="4711")) == []
    [row] = room.touch(Identify(code="4711", pin="9876"))
    assert isinstance(row, SignIn)
    assert row.pin_proof == proof("9876", "4711", row.nonce)
    assert "9876" not in str(row)


def test_the_sixth_code_within_a_quarter_of_an_hour_is_not_tried(room: Any) -> None:
    for _ in range(5):
        assert room.touch(Identify(code="4711", pin="1"))
        room.touch(SignOff())
    assert room.touch(Identify(code="4711", pin="1")) == []
    assert room.view.codes[-1] == "too_many_tries"
    assert room.touch(Identify(badge="b"))
    room.touch(SignOff())
    room.mono_ms += 15 * 60_000
    assert room.touch(Identify(code="4711", pin="1"))


def test_nobody_signs_in_at_a_full_spool(room: Any) -> None:
    room.agent.on_stored(0, 9, 95)
    assert room.touch(Identify(badge="b")) == []
    assert room.view.codes[-1] == "spool_full"
    room.agent.on_stored(0, 9, 94)
    assert room.touch(Identify(badge="b"))


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


@pytest.mark.parametrize("angles", [(1.0, 2.0), (1.0, 1.0, 1.0)])
def test_a_weigh_in_of_fewer_than_three_angles_is_none(angles: tuple[float, ...], room: Any) -> None:
    room.sign_in()
    assert room.touch(Weighed(deg=angles, nm=angles)) == []
