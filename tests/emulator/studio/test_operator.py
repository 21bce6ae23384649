from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contract.machines import catalogue
from contract.messages import Answer, SetEnd, SignOut
from emulator.people.members import Member
from emulator.studio.operator import STAFF_MS, THINKING_MS
from emulator.studio.trial import STAFF_PIN, Trial
from machine_agent.inputs import SignOff, StaffPin

KIND = catalogue()["trunk_rotation"]


def _until(trial: Trial, awaits: str, most_ms: int = 300_000) -> None:
    while trial.view.awaits != awaits and trial.body_ms < most_ms:
        trial.step()
        if trial.body_ms % 100 == 0:
            trial.look()
    assert trial.view.awaits == awaits


def test_an_empty_place_touches_nothing(small_service: Callable[..., Any]) -> None:
    trial = Trial(KIND, small_service())
    for _ in range(100):
        trial.step()
        trial.look()
    assert trial.rows == []
    assert trial.view.awaits == "identify"


def test_people_think_between_two_touches(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    trial = Trial(KIND, small_service(load_g=3_000))
    trial.operator.begin(two_members[0], trial.now)
    _until(trial, "start")
    times = [row.head.mono_ms for row in trial.rows if isinstance(row.body, Answer)]
    assert len(times) == 2
    assert times[1] - times[0] >= THINKING_MS


def test_each_side_is_lifted_by_its_own_muscles(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    trial = Trial(KIND, small_service(load_g=3_000))
    trial.operator.begin(two_members[0], trial.now)
    _until(trial, "sign_off", 900_000)
    turn = trial.operator.turn
    assert turn is not None
    assert set(turn.lifters) == {"left", "right"}
    assert turn.lifters["left"].fatigued != turn.lifters["right"].fatigued
    assert len(turn.rir) == 4


def test_who_is_asked_to_leave_signs_off_even_inside_a_set(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    trial = Trial(KIND, small_service(load_g=3_000))
    trial.operator.begin(two_members[0], trial.now)
    _until(trial, "set")
    trial.operator.leave()
    _until(trial, "identify")
    ended = [row.body for row in trial.rows if isinstance(row.body, SetEnd | SignOut)]
    assert [type(body) for body in ended] == [SetEnd, SignOut]


def test_a_turn_is_summed_up_for_the_body(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    trial = Trial(KIND, small_service(load_g=3_000, step_g=200))
    trial.operator.begin(two_members[0], trial.now)
    _until(trial, "sign_off", 900_000)
    turn = trial.operator.turn
    assert turn is not None
    session = turn.session(KIND.name)
    assert session is not None
    assert session.load_kg == 3.2
    assert session.rir == min(turn.rir)


def test_an_unanswerable_question_does_not_block_the_session(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    """One morning in ten stays unanswered; the screen asks until something is said."""
    service = small_service(load_g=3_000)
    plan = service.plan

    def asking(row: Any, body: Any) -> Any:
        return replace(plan(row, body), questions=("pain_next_morning",) * 12)

    service.plan = asking
    trial = Trial(KIND, service)
    trial.operator.begin(two_members[0], trial.now)
    _until(trial, "start")
    said = [row.body.value for row in trial.rows if isinstance(row.body, Answer)]
    assert len(said) == 12


@pytest.mark.parametrize(
    ("awaits", "touch"), [("guided_only", SignOff()), ("offline_pin", StaffPin(pin=STAFF_PIN))]
)
def test_without_the_service_staff_open_a_kept_plan_and_strangers_leave(
    awaits: Any, touch: Any, small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    trial = Trial(KIND, small_service())
    trial.operator.begin(two_members[0], trial.now)
    view = replace(trial.view, awaits=awaits)
    assert trial.operator.respond(view, trial.now) == []
    assert trial.operator.respond(view, replace(trial.now, body_ms=STAFF_MS)) == [touch]
