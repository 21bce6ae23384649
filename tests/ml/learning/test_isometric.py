"""A strength test reads capacity weakly, and knows that isometric strength rises less than loads do."""

from dataclasses import replace
from math import exp
from typing import Any

import pytest

from contract.machines import catalogue
from ml.belief.priors import prior, torque_nm
from ml.belief.state import CAPACITY, Belief, start_session
from ml.learning.gate import Learned
from ml.learning.isometric import capacity_of_test_kg, observe_isometric
from ml.learning.observations import learn
from ml.request import Person

KIND = "lumbar_extension"
PERSON = Person(age_years=41, sex="male", mass_kg=78.0, baseline_nrs=2)


def belief() -> Belief:
    return start_session(prior(PERSON, KIND, "both"), 0, 41)


def test_the_expected_torque_is_the_expected_capacity() -> None:
    expected_nm = torque_nm(PERSON, catalogue()[KIND])
    assert capacity_of_test_kg(KIND, 0, expected_nm) == pytest.approx(exp(belief().state.mean[CAPACITY]))


def test_the_same_torque_at_a_weaker_angle_stands_for_more() -> None:
    at_ends = [capacity_of_test_kg(KIND, angle, 150.0) for angle in (0, 3_600, 7_200)]
    assert at_ends == sorted(at_ends)
    assert at_ends[2] == pytest.approx(at_ends[0] / 0.42)


def test_a_test_pulls_capacity_towards_it_but_not_all_the_way() -> None:
    before = Learned(belief=belief())
    after = observe_isometric(before, 40.0).belief
    assert belief().state.mean[CAPACITY] < after.state.mean[CAPACITY]
    assert exp(after.state.mean[CAPACITY]) < 40.0
    assert after.sd(CAPACITY) < belief().sd(CAPACITY)


def test_after_training_a_test_that_rose_by_a_third_of_the_gain_changes_nothing() -> None:
    start = belief()
    mean = list(start.state.mean)
    mean[CAPACITY] += 0.30
    grown = replace(start, state=start.state._replace(mean=tuple(mean)), gained_log=0.30)
    third_kg = exp(start.state.mean[CAPACITY] + 0.10)
    after = observe_isometric(Learned(belief=grown), third_kg).belief
    assert after.state.mean[CAPACITY] == pytest.approx(grown.state.mean[CAPACITY])


def test_the_best_try_of_a_test_counts_and_none_without_torque(build: Any) -> None:
    dose = build.dose(mode="isometric", load_g=0, start_cdeg=3_000, end_cdeg=3_000)
    strong = learn(belief(), build.finished(dose, done=3, rep_changes={"mean_torque_nm": 280.0}), None, 2)
    weak = learn(belief(), build.finished(dose, done=3, rep_changes={"mean_torque_nm": 110.0}), None, 2)
    none = learn(belief(), build.finished(dose, done=3, rep_changes={"mean_torque_nm": 0.0}), None, 2)
    assert (
        weak.belief.state.mean[CAPACITY] < belief().state.mean[CAPACITY] < strong.belief.state.mean[CAPACITY]
    )
    assert none.belief == belief()


def test_an_incredible_test_is_set_aside() -> None:
    told = observe_isometric(Learned(belief=belief()), 400.0)
    assert told.set_aside == ("isometric",)
    assert told.belief == belief()
