"""Answers, codes, the weigh-in: what acts at once, what is ignored."""

from typing import Any

import pytest

from contract.messages import Answer, Event, Receipt, SignIn
from machine_agent.agent import State
from machine_agent.inputs import (
    Confirm,
    Identify,
    Press,
    Reply,
    SignOff,
    StaffPin,
    Start,
    Weighed,
)
from machine_agent.pins import proof, stretched


def state_of(room: Any) -> State:
    found: State = room.view.state
    return found


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
    assert row.pin_proof == proof(stretched("9876", "4711"), row.nonce)
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


@pytest.mark.parametrize("angles", [(1.0, 2.0), (1.0, 1.0, 1.0)])
def test_a_weigh_in_of_fewer_than_three_angles_is_none(angles: tuple[float, ...], room: Any) -> None:
    room.sign_in()
    assert room.touch(Weighed(deg=angles, nm=angles)) == []


@pytest.mark.parametrize(
    ("question", "value", "load_g"),
    [("pain_before", 9, 10_000), ("pain_before", "9", 10_000), ("pain_before", "?", 10_000), ("spasm", 1, 0)],
)
def test_red_pain_and_spasm_last_over_a_sign_out(
    question: Any, value: int | str, load_g: int, room: Any
) -> None:
    room.sign_in()
    room.touch(Reply(question=question, value=value))
    room.touch(SignOff())
    plan = room.ready(questions=())
    assert room.view.row.load_g == load_g
    [receipt] = room.hear(room.next_setting(plan, set=1, load_g=load_g + 100, end_cdeg=4_000))
    assert receipt.reason == "LOAD"


def test_new_symptoms_forbid_any_load_for_the_rest_of_the_day(room: Any) -> None:
    room.sign_in(questions=("new_symptoms",))
    room.touch(Reply(question="new_symptoms", value="limb"))
    room.run(1)
    room.touch(StaffPin(pin="2468"))
    plan = room.ready(questions=())
    assert room.view.row.load_g == 0
    assert room.hear(room.next_setting(plan, set=1, load_g=100))[0].reason == "LOAD"
    room.touch(SignOff())
    room.skip(18 * 3_600)
    room.ready(questions=())
    assert room.view.row.load_g == 20_000


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (word, f"symptom_{word}")
        for word in ("limb", "numb_weak", "bladder_saddle", "dizzy_chest", "fall_fever")
    ]
    + [("tingling", "symptom_other"), ("1", "symptom_other")],
)
def test_every_new_symptom_is_named_on_the_screen(value: str, code: str, room: Any) -> None:
    room.sign_in(questions=("new_symptoms",))
    room.touch(Reply(question="new_symptoms", value=value))
    assert code in room.view.codes


@pytest.mark.parametrize("value", ["", "0", "no", "none", 0])
def test_no_new_symptom_stops_nobody(value: int | str, room: Any) -> None:
    room.sign_in(questions=("new_symptoms",))
    room.touch(Reply(question="new_symptoms", value=value))
    assert state_of(room) is State.READY


def test_a_sign_in_forgets_what_the_screen_said_to_the_one_before(room: Any) -> None:
    room.sign_in()
    room.touch(Reply(question="pain_before", value=9))
    assert room.view.codes == ("pain_red",)
    room.touch(SignOff())
    assert room.view.codes == ()
    room.touch(Press(button="pain"))
    room.touch(Identify(badge="b"))
    assert room.view.codes == ()


def test_the_screen_counts_down_until_a_code_may_be_tried_again(room: Any) -> None:
    for _ in range(5):
        room.touch(Identify(code="4711", pin="1"))
        room.touch(SignOff())
        room.mono_ms += 1_000
    room.touch(Identify(code="4711", pin="1"))
    assert room.view.locked_left_ms == 15 * 60_000 - 5_000


def test_pain_after_the_last_set_is_asked_when_the_plan_wants_it_and_binds_the_day(room: Any) -> None:
    room.sign_in([{}, {}], questions=("pain_after",))
    room.touch(Weighed(deg=(1.0, 2.0, 3.0), nm=(0.0, 0.0, 0.0)))
    room.touch(Confirm())
    for number in (1, 2):
        room.lift_set()
        asked = [one.question for one in room.view.questions]
        assert ("pain_after" in asked) is (number == 2)
        for question in asked:
            room.touch(Reply(question=question, value=9 if question == "pain_after" else 0))
        room.run(31)
    room.touch(SignOff())
    room.ready(questions=())
    assert room.view.row.load_g == 10_000
