"""What a visit has taught is in the kept plan at once: it outlives the latches, and a power cut."""

from typing import Any

import pytest
from agent_alone import known_person, later, opened
from agent_room import STAFF_PIN, Room

from machine_agent.agent import State
from machine_agent.inputs import Confirm, Press, Reply, SignOff, StaffPin, Start

HOURS_19 = 19 / 24  # an hour after the latches have ended


def offline_g(room: Room, days: float = HOURS_19) -> int:
    """First load of an offline session after the power was off from now on."""
    row = opened(later(room, days)).view.row
    assert row is not None
    return row.load_g


def working(room: Room) -> Room:
    room.ready()
    room.touch(Start())
    room.run_until("set")
    return room


@pytest.mark.parametrize("staff_came", [True, False])
@pytest.mark.parametrize(("button", "load_g"), [("pain", 16_000), ("too_heavy", 18_000), ("unwell", 20_000)])
def test_a_button_in_a_set(button: Any, load_g: int, staff_came: bool, room: Room) -> None:
    working(room).touch(Press(button=button))
    if staff_came:
        room.run(1)
        room.touch(StaffPin(pin=STAFF_PIN))
    assert offline_g(room) == load_g


def test_pain_narrows_the_side_that_hurt_at_once(room: Room) -> None:
    working(room).touch(Press(button="pain"))
    session = room.agent._live.session
    assert session is not None
    assert (session.sides["both"].cap.load_g, session.sides["both"].cap.end_cdeg) == (16_000, 4_600)


@pytest.mark.parametrize(
    ("question", "value", "load_g"),
    [("pain_before", 9, 10_000), ("spasm", "yes", 0), ("new_symptoms", "numb_weak", 0)],
)
def test_an_answer_before_training(question: Any, value: Any, load_g: int, room: Room) -> None:
    room.sign_in(questions=(question,))
    room.touch(Reply(question=question, value=value))
    assert offline_g(room) == load_g


def symptom(room: Room) -> None:
    room.touch(Confirm())
    room.touch(Reply(question="new_symptoms", value="limb"))
    assert room.view.state is State.STOPPED


def test_a_symptom_gives_nothing_offline_until_the_service_sends_a_plan() -> None:
    first = opened(later(known_person()))
    symptom(first)
    again = opened(later(first, HOURS_19))
    again.touch(SignOff())
    assert again.plans == [], "to be here without the service clears nothing"
    third = later(first, 3)
    third.linked = True
    third.ready()
    third.touch(SignOff())
    assert (offline_g(first), offline_g(first, 3), offline_g(third)) == (0, 0, 20_000)


def test_a_plan_that_comes_while_the_symptom_holds_clears_nothing(room: Room) -> None:
    room.sign_in(questions=("new_symptoms",))
    symptom(room)
    room.run(1)
    room.touch(StaffPin(pin=STAFF_PIN))
    room.ready(questions=())
    assert offline_g(room) == 0
