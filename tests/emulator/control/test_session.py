"""The instrument is honest: nothing true leaks into a question, and hopeless policies look hopeless."""

from typing import Any

import pytest

from emulator.control.figures import figures
from emulator.control.outcome import outcome

SOUGHT = ("in_zone_percent", "near_oracle_percent", "gain_percent", "effort_cr10")


def values(courses: Any, arm: str, profile: str) -> dict[str, float | None]:
    own = [outcome(one) for one in courses(arm, profile)]
    oracle = [outcome(one) for one in courses("oracle", profile)]
    return {name: one["value"] for name, one in figures(own, oracle, 1).items()}


@pytest.mark.parametrize("arm", ["oracle", "steady", "reckless", "idle"])
@pytest.mark.parametrize("profile", ["rehab", "studio"])
def test_no_arm_ever_goes_beyond_the_envelope(courses: Any, arm: str, profile: str) -> None:
    done = [one for course in courses(arm, profile) for one in course.log]
    assert len(done) > 100
    assert [one.broken for one in done if one.broken] == []


def test_the_oracle_overshoots_never_and_is_nearer_to_the_target_than_an_idle_policy(courses: Any) -> None:
    oracle, idle = values(courses, "oracle", "studio"), values(courses, "idle", "studio")
    assert oracle["overshoot_percent"] == 0
    assert oracle["near_oracle_percent"] == 100
    assert (oracle["in_zone_percent"] or 0) > 5 + (idle["in_zone_percent"] or 0)
    assert (oracle["gain_percent"] or 0) > 1.2 * (idle["gain_percent"] or 0)


def test_who_moves_nothing_neither_reaches_nor_keeps_the_oracles_load(courses: Any) -> None:
    idle = values(courses, "idle", "studio")
    assert idle["reached_session_median"] is None
    assert idle["kept_session_median"] is None
    assert idle["near_oracle_percent"] == 0


def test_a_reckless_policy_lifts_more_and_flares_no_less(courses: Any) -> None:
    reckless, oracle = values(courses, "reckless", "rehab"), values(courses, "oracle", "rehab")
    assert (reckless["load_end_over_start"] or 0) > 1.3 * (oracle["load_end_over_start"] or 0)
    assert (reckless["flares_per_person"] or 0) >= (oracle["flares_per_person"] or 0)
    assert (reckless["near_oracle_percent"] or 0) < 50


def test_the_control_arm_lives_on_without_training(courses: Any) -> None:
    for course, other in zip(courses("control", "rehab"), courses("steady", "rehab"), strict=True):
        assert course.log == []
        assert course.visits == 0
        assert course.condition.pain_nrs < course.person.pain_nrs  # it passes by itself, if slower
        assert course.condition.pain_nrs >= other.condition.pain_nrs
        assert course.condition.day == other.condition.day


def test_arms_are_paired_the_same_days_and_the_same_people(courses: Any) -> None:
    for one, other in zip(courses("oracle", "rehab"), courses("steady", "rehab"), strict=True):
        assert one.person == other.person
        assert one.visits == other.visits


def test_a_question_holds_only_what_the_product_knows(courses: Any) -> None:
    """Belief and estimate of ordinary arms are the filter's own: the truth would give itself away."""
    course = courses("steady", "rehab")[0]
    first = course.log[0]
    assert first.decision.policy == "steady"
    spread = first.decision.estimate.capacity_high_kg / first.decision.estimate.capacity_low_kg
    assert spread > 1.5  # hardly anything is known at the first visit
    oracle = courses("oracle", "rehab")[0].log[0]
    assert oracle.decision.estimate.capacity_high_kg / oracle.decision.estimate.capacity_low_kg < 1.2


def test_nothing_is_lifted_on_a_day_of_red_pain(courses: Any) -> None:
    blocked = [course for course in courses("steady", "rehab") if course.blocked]
    for course in courses("steady", "rehab"):
        days = {done.day for done in course.log if done.dose.mode == "train"}
        assert len(days) == course.visits - course.blocked
    assert sum(course.blocked for course in blocked) < sum(course.visits for course in blocked) or not blocked
