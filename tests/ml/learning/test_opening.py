"""The belief at the door: moved once, with the night, the mobility test and the other machines."""

from dataclasses import replace
from typing import Any

import pytest

from ml.belief.priors import prior
from ml.belief.state import CAPACITY, PAIN, RANGE, SHARED, Belief, from_json, start_session, to_json
from ml.learning.gate import Learned
from ml.learning.opening import open_belief
from ml.learning.tolerance import learn_morning, range_logit
from ml.request import Answers


def stored(build: Any, kind: str = "lumbar_extension", days_ago: float = 4.0) -> Belief:
    when_ms = build.now_ms - round(days_ago * build.day_ms)
    return replace(start_session(prior(build.person(), kind, "both"), when_ms, 41), sessions=9, trained=8)


def test_a_first_session_starts_from_the_prior_and_the_painless_range(build: Any) -> None:
    asked = build.request(past=(), session_number=1, painless_range_cdeg=(1_500, 4_800))
    found = open_belief(asked)
    assert found.stored is None
    assert found.learned.belief.state.mean[RANGE] == pytest.approx(
        range_logit("lumbar_extension", 4_800), abs=0.15
    )
    assert found.learned.belief.state.mean[CAPACITY] == found.today.state.mean[CAPACITY]
    plain = open_belief(replace(asked, painless_range_cdeg=None))
    assert plain.learned.belief == plain.today


def test_a_belief_is_moved_to_its_session_once(build: Any) -> None:
    known = stored(build)
    asked = build.request(belief=to_json(known))
    first = open_belief(asked)
    assert (first.today.sessions, first.today.updated_ms) == (10, build.now_ms)
    again = open_belief(replace(asked, belief=to_json(first.learned.belief)))
    assert again.learned.belief == from_json(to_json(first.learned.belief))
    assert again.learned.moves == ()


def test_a_visit_of_tests_only_counts_as_a_visit(build: Any) -> None:
    """No session of training is counted after it, but days go by all the same."""
    asked = build.request(
        belief=to_json(replace(stored(build, days_ago=40.0), sessions=10)), session_number=10
    )
    found = open_belief(asked)
    assert found.stored is not None
    assert (found.today.sessions, found.today.updated_ms) == (11, build.now_ms)
    assert found.today.state.mean[CAPACITY] < found.stored.state.mean[CAPACITY]
    assert found.today.sd(CAPACITY) > found.stored.sd(CAPACITY)


def test_a_morning_is_told_once_for_all_machines_and_by_each_for_its_range(build: Any) -> None:
    sore = Answers(pain_before=2, morning_nrs=5, morning_asked=True)
    other = start_session(stored(build, "row", 9.0), build.now_ms - build.day_ms // 24, 41)
    other = learn_morning(Learned(belief=other), 5, 2, 4_000).belief
    asked = build.request(belief=to_json(stored(build)), today=sore, elsewhere=(to_json(other),))
    found = open_belief(asked)
    assert [move.code for move in found.learned.moves] == ["morning_range"]
    yesterday = replace(other, updated_ms=build.now_ms - build.day_ms)
    again = open_belief(replace(asked, elsewhere=(to_json(yesterday),)))
    assert [move.code for move in again.learned.moves] == ["morning", "morning_range"]


def test_the_morning_is_read_once_and_only_after_training(build: Any) -> None:
    sore = Answers(pain_before=2, morning_nrs=5, morning_asked=True)
    asked = build.request(belief=to_json(stored(build)), today=sore)
    found = open_belief(asked)
    assert [move.code for move in found.learned.moves] == ["morning", "morning_range"]
    assert found.learned.belief.state.mean[PAIN] > found.today.state.mean[PAIN]
    idle = replace(asked, past=(*asked.past, build.summary(2.0, load_g=0)))
    assert open_belief(idle).learned.moves == ()


def test_another_machine_tells_of_the_person_and_of_today(build: Any) -> None:
    other = start_session(stored(build, "row", 9.0), build.now_ms - build.day_ms // 24, 41)
    other = learn_morning(Learned(belief=other), 5, 2, 4_000).belief
    mean = list(other.state.mean)
    mean[SHARED] = -0.02
    other = replace(other, state=other.state._replace(mean=tuple(mean)))
    asked = build.request(belief=to_json(stored(build)), today=Answers(pain_before=2))
    alone, told = open_belief(asked), open_belief(replace(asked, elsewhere=(to_json(other),)))
    assert told.today.state.mean[PAIN] == pytest.approx(other.state.mean[PAIN])
    assert told.today.state.mean[SHARED] == pytest.approx(-0.02)
    assert alone.today.state.mean[SHARED] == 0.0
    assert told.today.state.mean[CAPACITY] == alone.today.state.mean[CAPACITY]


def test_a_belief_elsewhere_that_cannot_be_read_is_passed_over(build: Any) -> None:
    asked = build.request(belief=to_json(stored(build)))
    assert open_belief(replace(asked, elsewhere=({"schema": 99},))).today == open_belief(asked).today
