"""Mr Lee, 41, office, B 4, 24 visits: what goes wrong costs what page 8 says, and he is stronger at the end.

The visits are fed (`tests/fed_course.py`) and decided by the real model; setbacks are a bad morning, a day on
which a fifth of the range hurts, and nineteen days away.
"""

import pytest
from fed_course import Done, FedCourse, Visit

from ml.effort.model import RuleEffort
from ml.progress.balance import Difference, Strength, difference
from ml.progress.outcomes import InsideError, change
from ml.request import Person
from ml.whatif import Change, simulate

LEE = Person(age_years=41, sex="male", mass_kg=78.0, baseline_nrs=4)
VISITS, DAYS_BETWEEN, AWAY_DAYS = 24, 3.5, 19.0
BAD_MORNING, SHORT_RANGE, BACK, RELEASED = 9, 13, 18, 12  # visits
PAINS = {visit: 4 if visit <= 16 else 3 for visit in range(1, VISITS + 1)}
SIGNED_CDEG = (1_000, 5_500)  # the range that is signed for him
READY_LOG = (0.0, 0.05, -0.05, 0.02, -0.08, 0.06)  # good and bad days in turn
FAR_WEAKER_LOGS = (-1.45, -1.5, -1.6, -1.7)  # against what age, sex and mass say: about a fifth


def feeds() -> list[Visit]:
    """List what is fed, visit by visit."""
    extra = AWAY_DAYS - DAYS_BETWEEN
    return [
        Visit(
            day=(visit - 1) * DAYS_BETWEEN + (extra if visit >= BACK else 0.0),
            morning_nrs=6 if visit == BAD_MORNING else None,
            morning_lasted_h=30.0 if visit == BAD_MORNING else None,
            reached=0.8 if visit == SHORT_RANGE else 1.0,
            ready_log=READY_LOG[visit % len(READY_LOG)],
            released=visit == RELEASED,
        )
        for visit in range(1, VISITS + 1)
    ]


def trained(policy: str = "steady", strength_log: float = 0.0) -> FedCourse:
    """Let him train all 24 visits."""
    course = FedCourse(
        person=LEE, pains=PAINS, policy=policy, strength_log=strength_log, signed_cdeg=SIGNED_CDEG
    )
    for fed in feeds():
        course.visit(fed)
    return course


@pytest.fixture(scope="module")
def course() -> FedCourse:
    return trained()


def visit(course: FedCourse, number: int) -> Done:
    return course.log[number - 1]


def test_a_morning_of_6_that_lasted_30_h_takes_15_percent_and_one_step(course: FedCourse) -> None:
    before, after = visit(course, BAD_MORNING - 1).doses[-1], visit(course, BAD_MORNING)
    for dose in after.doses:
        assert dose.load_g == before.load_g * 85 // 100 // 100 * 100
        assert dose.end_cdeg == before.end_cdeg - 500
        assert dose.start_cdeg == before.start_cdeg
        assert dose.reps == before.reps * 80 // 100
    assert {decision.raised for decision in after.after} == {None}
    assert "morning_long" in after.plan.situations


def test_a_fifth_of_the_range_lost_without_pain_takes_10_percent(course: FedCourse) -> None:
    first, second = visit(course, SHORT_RANGE).doses
    assert second.load_g == first.load_g * 90 // 100 // 100 * 100
    reached = first.start_cdeg + (first.end_cdeg - first.start_cdeg) * 8 // 10
    assert second.end_cdeg == pytest.approx(reached, abs=1)
    assert "range_lost" in visit(course, SHORT_RANGE).after[0].situations


def test_nineteen_days_away_start_at_85_percent_and_nothing_rises(course: FedCourse) -> None:
    before, back = visit(course, BACK - 1).doses[-1], visit(course, BACK)
    for dose in back.doses:
        assert dose.load_g == before.load_g * 85 // 100 // 100 * 100
    assert {decision.raised for decision in back.after} == {None}
    again = visit(course, BACK + 1).doses[0]
    assert again.load_g == before.load_g  # the next rung is the whole dose


def test_he_ends_a_quarter_to_two_fifths_heavier_and_never_hard(course: FedCourse) -> None:
    first, last = visit(course, 1).doses[-1], visit(course, VISITS).doses[-1]
    assert 1.25 <= last.load_g / first.load_g <= 1.40
    assert max(effort for done in course.log for effort in done.efforts) < 8.0
    assert [done.phase for done in course.log][::23] == ["restore", "strengthen"]


def test_pain_from_4_to_3_and_a_rotation_of_88_percent_are_both_grey() -> None:
    assert isinstance(change(4.0, 3.0, "nrs"), InsideError)
    left = Strength(capacity_kg=22.0, low_kg=19.5, high_kg=24.8, sessions=12)
    right = Strength(capacity_kg=25.0, low_kg=22.2, high_kg=28.2, sessions=12)
    found = difference(left, right)
    assert isinstance(found, Difference)
    assert found.lsi_percent == pytest.approx(88.0)
    assert found.verdict == "inside_error"
    assert found.weak_side is None


def test_what_if_linear_shows_more_sets_at_effort_8_where_he_is_far_weaker_than_expected() -> None:
    """Near his prior neither policy gets there within the law: hard sets come from a bad start."""
    steady = [trained(strength_log=log) for log in FAR_WEAKER_LOGS]
    linear = [trained("linear", log) for log in FAR_WEAKER_LOGS]
    assert sum(map(hard, linear)) > 1.5 * sum(map(hard, steady))
    asked = [simulate(one.history, Change(policy="linear"), RuleEffort) for one in steady]
    assert sum(one.other.hard for one in asked) > sum(one.real.hard for one in asked)
    assert {one.drifted for one in asked} == {0}


def hard(course: FedCourse) -> int:
    """Count the sets at a true effort of 8 and more."""
    return sum(effort >= 8.0 for done in course.log for effort in done.efforts)
