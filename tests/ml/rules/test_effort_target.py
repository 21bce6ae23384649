"""Targets by phase, age and risk."""

from typing import Any

import pytest

from ml.clinical.table import HELD_TEMPO, NORMAL_TEMPO, SLOW_TEMPO
from ml.rules.effort_target import effort_target, is_stop_live, reps_window, tempo, too_hard_chance


@pytest.mark.parametrize(
    ("phase", "age", "expected"),
    [
        ("restore", 41, 3.0),
        ("build", 41, 4.5),
        ("build", 66, 3.5),
        ("strengthen", 41, 6.5),
        ("strengthen", 79, 5.0),
    ],
)
def test_the_target_is_one_less_from_65_and_at_most_5_from_75(
    build: Any, phase: str, age: int, expected: float
) -> None:
    asked = build.request(envelope=build.envelope(phase=phase), person=build.person(age_years=age))
    assert effort_target(asked) == expected


def test_failure_may_be_likely_only_in_strengthen_after_visit_8(build: Any) -> None:
    strong = build.envelope(phase="strengthen")
    assert too_hard_chance(build.request(envelope=strong, visit=9)) == 0.30
    assert too_hard_chance(build.request(envelope=strong, visit=8)) == 0.05
    assert too_hard_chance(build.request(visit=20)) == 0.05
    assert not is_stop_live(build.request(visit=20))


def test_reps_and_tempo_of_the_careful_and_the_hypermobile(build: Any) -> None:
    assert reps_window(build.request(person=build.person(osteoporosis=True))) == (10, 12)
    assert reps_window(build.request(person=build.person(hypermobile=True))) == (10, 15)
    assert tempo(build.person(age_years=75)) == SLOW_TEMPO
    assert tempo(build.person(hypermobile=True)) == HELD_TEMPO
    assert tempo(build.person()) == NORMAL_TEMPO
