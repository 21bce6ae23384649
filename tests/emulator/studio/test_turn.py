from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contract.machines import catalogue
from emulator.people.members import Member
from emulator.studio.trial import Trial
from emulator.studio.turn import Turn
from machine_agent.agent import View
from machine_agent.inputs import Identify

KIND = catalogue()["trunk_rotation"]


@pytest.fixture
def trial(small_service: Callable[..., Any]) -> Trial:
    made = Trial(KIND, small_service(load_g=3_000))
    for _ in range(5):
        made.step()
    made.touch(Identify(badge="badge-0"))
    assert made.view.row is not None
    return made


def test_nobody_sits_before_the_plan_is_there(trial: Trial, two_members: tuple[Member, ...]) -> None:
    turn = Turn(two_members[0], trial.driver, 1)
    turn.follow(replace(trial.view, awaits="plan"), trial.now)
    assert trial.driver.lifter is None
    turn.follow(trial.view, trial.now)
    assert trial.driver.lifter is turn.lifters["left"]


def test_the_body_begins_with_the_set_and_ends_with_it(trial: Trial, two_members: tuple[Member, ...]) -> None:
    turn = Turn(two_members[0], trial.driver, 1)
    for awaits, is_lifting in (("start", False), ("loading", False), ("set", True), ("answers", False)):
        turn.follow(_awaiting(trial.view, awaits), trial.now)
        assert (turn.lifting is not None) is is_lifting, awaits
    assert trial.driver.lifter is not None
    assert trial.driver.lifter.is_still
    assert len(turn.rir) == 1


def test_a_side_rests_while_the_other_works(trial: Trial, two_members: tuple[Member, ...]) -> None:
    row = trial.view.row
    assert row is not None
    turn = Turn(two_members[0], trial.driver, 1)
    turn.follow(_awaiting(trial.view, "set"), trial.now)
    for _ in range(1_000):
        turn.lifters["left"].step(0.02, 30.0)
    turn.follow(_awaiting(trial.view, "answers"), trial.now)
    right = replace(trial.view, row=replace(row, side="right"))
    turn.follow(right, trial.now)
    assert trial.driver.lifter is turn.lifters["right"]
    tired = turn.lifters["left"]
    before = tired.fatigued
    turn.follow(trial.view, replace(trial.now, body_ms=trial.body_ms + 60_000))
    assert trial.driver.lifter is tired
    assert 0 < tired.fatigued < before


@pytest.mark.parametrize(("after_ms", "late_s"), [(1_000, 1.0), (4_500, -0.5), (5_200, 0.2)])
def test_who_looks_at_the_corridor_makes_up_for_it(
    trial: Trial, two_members: tuple[Member, ...], after_ms: int, late_s: float
) -> None:
    """A rep of the plan takes five seconds."""
    for looks in (True, False):
        turn = Turn(two_members[0], trial.driver, 1, looks=looks)
        for ms in (0, after_ms):
            turn.follow(_awaiting(trial.view, "set"), replace(trial.now, body_ms=ms))
        assert turn.lifters["left"].late_s == (pytest.approx(late_s) if looks else None)


def test_without_a_body_nobody_is_at_the_start(trial: Trial, two_members: tuple[Member, ...]) -> None:
    row = trial.view.row
    assert row is not None
    assert not Turn(two_members[0], trial.driver, 1).is_at_start(row)


def _awaiting(view: View, awaits: str) -> View:
    return replace(view, awaits=awaits)  # type: ignore[arg-type]
