"""The shared check suite of beliefs, and how they move between sessions."""

from dataclasses import replace
from math import exp, log
from typing import Any

import msgspec
import numpy as np
import pytest

from ml.belief import (
    BIAS,
    CAPACITY,
    DAY_MS,
    MACHINE,
    PAIN,
    RANGE,
    SHARED,
    SIZE,
    SLOPE,
    VARIANCE_FLOOR,
    Belief,
    detraining,
    floored,
    from_json,
    share,
    start_session,
    to_json,
)
from ml.effort import Reserves
from ml.kalman import Gaussian
from ml.observations import learn
from ml.priors import prior
from ml.request import Answers, Person

NOW_MS = 1_790_000_000_000
PERSON = Person(age_years=41, sex="male", mass_kg=78.0, baseline_nrs=2)


def fresh() -> Belief:
    return start_session(prior(PERSON, "lumbar_extension", "both"), NOW_MS, 41)


def trained(build: Any, sessions: int = 3) -> Belief:
    belief = fresh()
    for number in range(1, sessions + 1):
        facts = build.finished(build.dose(), Answers(pain_before=2, pain_set=3, rir="3-5"))
        belief = learn(belief, facts, Reserves(3.0, 1.0, 5.0), 2).belief
        belief = start_session(belief, NOW_MS + number * 3 * DAY_MS, 41)
    return belief


@pytest.mark.parametrize("sessions", [0, 1, 3, 30])
def test_every_belief_is_symmetric_positive_and_above_its_floor(build: Any, sessions: int) -> None:
    covariance = np.array(trained(build, sessions).state.covariance)
    assert np.array_equal(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance).min() > 0
    usual = [index for index in range(SIZE) if index not in (SHARED, MACHINE)]
    assert all(covariance[index][index] >= VARIANCE_FLOOR[index] for index in usual)


def test_json_round_trip_keeps_ten_digits_and_is_stable(build: Any) -> None:
    belief = trained(build)
    stored = to_json(belief)
    again = from_json(msgspec.json.decode(msgspec.json.encode(stored)))
    assert again is not None
    assert to_json(again) == stored
    assert np.allclose(again.state.covariance, belief.state.covariance, rtol=1e-8, atol=1e-12)
    assert (again.kind, again.side, again.sessions) == ("lumbar_extension", "both", belief.sessions)


def test_an_unknown_schema_is_no_belief(build: Any) -> None:
    assert from_json({**to_json(trained(build)), "schema": 99}) is None


def test_the_size_of_a_belief_does_not_grow_with_history(build: Any) -> None:
    assert len(msgspec.json.encode(to_json(trained(build, 40)))) < 1.1 * len(
        msgspec.json.encode(to_json(trained(build, 4)))
    )


def test_order_of_independent_facts_does_not_matter(build: Any) -> None:
    """Two observations of states that nothing links give the same belief in either order."""
    pain = build.finished(build.dose(load_g=0), Answers(pain_set=4), done=0)
    reach = build.finished(build.dose(load_g=0), Answers(pain_set=None))
    one = learn(learn(fresh(), pain, None, 2).belief, reach, None, 2).belief
    other = learn(learn(fresh(), reach, None, 2).belief, pain, None, 2).belief
    assert np.allclose(one.state.mean, other.state.mean, rtol=1e-9)
    assert np.allclose(one.state.covariance, other.state.covariance, rtol=1e-9)
    assert one.state.mean != fresh().state.mean


def test_nothing_is_lost_in_ten_days_then_by_the_week_and_by_age() -> None:
    assert detraining(10, 41) == 0
    assert detraining(24, 41) == pytest.approx(0.014)
    assert detraining(24, 70) == pytest.approx(0.024)


def test_a_new_session_grows_capacity_and_makes_readiness_fresh(build: Any) -> None:
    before = trained(build)
    after = start_session(before, (before.updated_ms or 0) + 3 * DAY_MS, 41)
    assert after.state.mean[CAPACITY] > before.state.mean[CAPACITY]
    assert after.state.mean[MACHINE] == 0
    assert after.state.covariance[MACHINE][CAPACITY] == 0
    assert after.sd(MACHINE) == pytest.approx(0.033)
    assert after.sd(CAPACITY) > before.sd(CAPACITY)


def test_a_long_absence_lowers_capacity_and_raises_doubt(build: Any) -> None:
    before = trained(build)
    soon = start_session(before, (before.updated_ms or 0) + 3 * DAY_MS, 41)
    late = start_session(before, (before.updated_ms or 0) + 80 * DAY_MS, 41)
    assert late.state.mean[CAPACITY] == pytest.approx(soon.state.mean[CAPACITY] - 0.07)
    assert late.sd(CAPACITY) > soon.sd(CAPACITY)


def test_variances_never_fall_below_the_floor() -> None:
    zeros = Gaussian((0.0,) * SIZE, ((0.0,) * SIZE,) * SIZE)
    assert tuple(floored(zeros).covariance[i][i] for i in range(SIZE)) == VARIANCE_FLOOR


def test_quantiles_of_capacity() -> None:
    belief = fresh()
    assert belief.capacity_quantile_kg(0) == pytest.approx(exp(belief.state.mean[CAPACITY]))
    assert log(belief.capacity_quantile_kg(-1)) == pytest.approx(
        belief.state.mean[CAPACITY] - belief.sd(CAPACITY)
    )


def test_a_person_shares_slope_bias_and_pain_between_machines_but_not_strength(build: Any) -> None:
    other = replace(trained(build), updated_ms=NOW_MS + DAY_MS)
    own = fresh()
    shared = share(own, other)
    for index in (SLOPE, BIAS, PAIN):
        assert shared.state.mean[index] == other.state.mean[index]
    for index in (CAPACITY, RANGE):
        assert shared.state.mean[index] == own.state.mean[index]
    assert np.linalg.eigvalsh(np.array(shared.state.covariance)).min() > 0
    assert share(other, own) is other
