"""Strength tests of a trial: what the body can, and what the product may learn of it."""

from typing import Any

import numpy as np
import pytest

from contract.machines import catalogue
from emulator.control.strength import pushed
from emulator.people.bodies import Bodies, Seated, bodies
from emulator.people.condition import fresh
from emulator.people.person import people
from ml.belief.priors import prior
from ml.belief.state import CAPACITY, from_json
from ml.learning.observations import learn
from ml.request import Answers, Dose, Person

KIND = catalogue()["lumbar_extension"]
PUSH = Dose(
    set=2, side="both", mode="isometric", load_g=0, start_cdeg=3_000, end_cdeg=3_000, reps=2, work_ms=0,
    tempo_ms=(2000, 0, 3000), rest_ms=60_000,
)  # fmt: skip
WHO = Person(age_years=40, sex="female", mass_kg=60.0, baseline_nrs=3)


@pytest.fixture
def body() -> Bodies:
    one = people(1, 4)[0]
    return bodies([Seated(person=one, condition=fresh(one), kind=KIND, side="both")])


def test_a_test_is_tries_without_reps_that_the_belief_learns_capacity_from(body: Bodies) -> None:
    facts = pushed(body, PUSH, 1_000, np.random.default_rng(1), Answers(pain_before=2))
    assert (facts.end.reps, facts.end.set, len(facts.reps)) == (0, 2, 2)
    assert {(rep.load_g, rep.start_deg, rep.end_deg) for rep in facts.reps} == {(0, 30.0, 30.0)}
    believed = prior(WHO, KIND.name, "both")
    learned = learn(believed, facts, None, 2).belief
    assert learned.sd(CAPACITY) < 0.6 * believed.sd(CAPACITY)


def test_a_limit_that_gives_way_leaves_nothing_to_learn(body: Bodies) -> None:
    facts = pushed(body, PUSH, 20, np.random.default_rng(1), Answers(pain_before=2))
    believed = prior(WHO, KIND.name, "both")
    learned = learn(believed, facts, None, 2).belief
    assert (learned.state.mean, learned.sd(CAPACITY)) == (believed.state.mean, believed.sd(CAPACITY))


@pytest.mark.parametrize("profile", ["rehab", "studio"])
def test_strength_is_tested_at_visits_three_and_four_and_in_week_six(courses: Any, profile: str) -> None:
    for course in courses("steady", profile):
        weeks = [day // 7 for day in course.tested_days]
        assert len(weeks) <= 3
        assert len([week for week in weeks if week == 5]) <= 1
        assert all(done.dose.mode != "isometric" for done in course.log)
    assert sum(len(course.tested_days) for course in courses("steady", profile)) > 8


def test_work_follows_a_test_and_every_training_visit_leaves_a_session(courses: Any) -> None:
    for course in courses("steady", "studio"):
        trained = {done.day for done in course.log if done.dose.mode == "train"}
        assert set(course.tested_days) <= trained


def test_tests_tell_of_capacity_what_sets_far_from_failure_do_not(courses: Any) -> None:
    def doubt(arm: str) -> float:
        beliefs = [from_json(course.belief) for course in courses(arm, "studio")]
        return sum(one.sd(CAPACITY) for one in beliefs if one is not None) / len(beliefs)

    assert doubt("steady") < 0.8 * doubt("steady-tests")
    assert all(course.tested_days == [] for course in courses("steady-tests", "studio"))
