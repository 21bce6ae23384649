"""How beliefs move between sessions, and what one machine's belief tells another's."""

from dataclasses import replace
from math import exp, log, sqrt
from typing import Any

import numpy as np
import pytest

from ml.belief.capacity import reserve
from ml.belief.kalman import Gaussian
from ml.belief.priors import prior
from ml.belief.state import (
    BIAS,
    CAPACITY,
    DAY_MS,
    KIND_SLOPE_SD,
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
    growth,
    share,
    share_day,
    start_session,
    stimulus_of,
    to_json,
)
from ml.effort.model import Reserves
from ml.learning.observations import learn
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


def test_an_unknown_schema_is_no_belief(build: Any) -> None:
    assert from_json({**to_json(trained(build)), "schema": 99}) is None


def test_a_belief_of_the_first_schema_is_read_as_familiar_and_at_rest(build: Any) -> None:
    new = to_json(trained(build))
    old = {key: value for key, value in new.items() if key not in ("trained", "stimulus", "gained_log")}
    read = from_json({**old, "schema": 1})
    assert read is not None
    assert (read.trained, read.stimulus, read.gained_log) == (read.sessions, 0.0, 0.0)
    assert to_json(read)["mean"] == new["mean"]


def test_nothing_is_lost_in_ten_days_then_by_the_week_and_by_age() -> None:
    assert detraining(10, 41) == 0
    assert detraining(24, 41) == pytest.approx(0.014)
    assert detraining(24, 70) == pytest.approx(0.024)


def test_a_new_session_grows_by_the_last_one_and_makes_readiness_fresh(build: Any) -> None:
    before = replace(trained(build), stimulus=1.0)
    after = start_session(before, (before.updated_ms or 0) + 3 * DAY_MS, 41)
    assert after.state.mean[CAPACITY] == pytest.approx(before.state.mean[CAPACITY] + 0.015 + 0.013)
    assert after.gained_log == pytest.approx(before.gained_log + 0.028)
    assert (after.trained, after.stimulus) == (before.trained + 1, 0.0)
    assert after.state.mean[MACHINE] == 0
    assert after.state.covariance[MACHINE][CAPACITY] == 0
    assert after.sd(MACHINE) == pytest.approx(0.033)
    assert after.sd(CAPACITY) > before.sd(CAPACITY)


def test_where_nothing_was_trained_nothing_is_gained(build: Any) -> None:
    belief = fresh()
    rest = build.finished(build.dose(load_g=0), Answers(pain_set=2))
    for number in range(1, 9):
        belief = learn(belief, rest, None, 2).belief
        belief = start_session(belief, NOW_MS + number * 3 * DAY_MS, 41)
    assert belief.state.mean[CAPACITY] == fresh().state.mean[CAPACITY]
    assert (belief.trained, belief.gained_log) == (0, 0.0)


def test_calm_loads_gain_less_than_hard_ones_once_the_machine_is_familiar(build: Any) -> None:
    def gain(load_g: int) -> float:
        facts = build.finished(build.dose(load_g=load_g), Answers(pain_set=2), ended_by="patient")
        return growth(learn(replace(fresh(), trained=9), facts, None, 2).belief)

    calm, middle, hard = (gain(load_g) for load_g in (2_000, 12_000, 25_000))
    assert 0 < calm < middle < hard <= 0.013
    assert calm < 0.15 * hard


def test_getting_used_to_a_machine_counts_once(build: Any) -> None:
    facts = build.finished(build.dose(load_g=1_000), Answers(pain_set=2))
    belief, gained = fresh(), []
    for number in range(1, 10):
        belief = learn(belief, facts, None, 2).belief
        gained.append(growth(belief))
        belief = start_session(belief, NOW_MS + number * 3 * DAY_MS, 41)
    assert gained[0] == pytest.approx(0.09, abs=0.002)
    assert sum(gained[:5]) == pytest.approx(0.15, abs=0.005)
    assert max(gained[5:]) < 0.001


@pytest.mark.parametrize(
    ("rir", "stimulus"), [(0, 1.0), (3, 1.0), (5, 0.85), (9, 0.575), (20, 0.15), (40, 0.075)]
)
def test_the_effect_of_a_session_falls_with_its_reserve(rir: float, stimulus: float) -> None:
    assert stimulus_of(rir) == pytest.approx(stimulus)


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
    known = replace(trained(build), updated_ms=NOW_MS + DAY_MS)
    sure = tuple(
        tuple(0.01 if row == column == SLOPE else value for column, value in enumerate(line))
        for row, line in enumerate(known.state.covariance)
    )
    other = replace(known, state=Gaussian(known.state.mean, sure))
    own = fresh()
    shared = share(own, other)
    for index in (SLOPE, BIAS, PAIN):
        assert shared.state.mean[index] == other.state.mean[index]
    for index in (CAPACITY, RANGE):
        assert shared.state.mean[index] == own.state.mean[index]
    assert shared.sd(SLOPE) == pytest.approx(sqrt(0.01 + KIND_SLOPE_SD**2))
    assert np.linalg.eigvalsh(np.array(shared.state.covariance)).min() > 0
    assert share(other, own) is other


def test_a_told_slope_moves_the_capacity_that_was_learned_with_it(build: Any) -> None:
    """After a set to failure about the same reps are expected at its load, whatever the slope is."""
    dose, elsewhere = build.dose(load_g=20_000), replace(fresh(), updated_ms=NOW_MS + DAY_MS)
    own = learn(fresh(), build.finished(dose, Answers(pain_set=2), ended_by="tempo"), None, 2).belief
    steep = tuple(value + 0.4 * (place == SLOPE) for place, value in enumerate(own.state.mean))
    known = tuple(
        tuple(0.01 if row == column == SLOPE else value for column, value in enumerate(line))
        for row, line in enumerate(elsewhere.state.covariance)
    )
    told = share(own, replace(elsewhere, state=Gaussian(steep, known)))
    assert told.state.mean[SLOPE] == pytest.approx(steep[SLOPE])
    assert told.state.mean[CAPACITY] > own.state.mean[CAPACITY] + 0.02
    before, after = (reserve(one, dose).reps for one in (own, told))
    assert after == pytest.approx(before, rel=0.1)
    assert np.linalg.eigvalsh(np.array(told.state.covariance)).min() > 0


def test_a_member_of_years_gains_little_by_a_session() -> None:
    hard = replace(fresh(), stimulus=1.0)
    assert growth(replace(hard, trained=24)) == growth(replace(hard, trained=12)) == 0.013
    assert growth(replace(hard, trained=240)) == pytest.approx(0.0013)


def test_a_better_known_slope_is_kept() -> None:
    other = replace(fresh(), updated_ms=NOW_MS + DAY_MS)
    assert share(fresh(), other).state.mean[SLOPE] == fresh().state.mean[SLOPE]
    assert share(fresh(), other).sd(SLOPE) == fresh().sd(SLOPE)


def test_readiness_is_shared_by_the_machines_of_one_day_only() -> None:
    tired = replace(fresh(), state=Gaussian((0.0, 0.0, -0.02, 0.0, 0.0, 0.0, 0.0), fresh().state.covariance))
    soon = start_session(fresh(), NOW_MS + DAY_MS // 24, 41)
    tomorrow = start_session(fresh(), NOW_MS + DAY_MS, 41)
    assert share_day(soon, tired).state.mean[SHARED] == -0.02
    assert share_day(soon, tired).state.mean[CAPACITY] == soon.state.mean[CAPACITY]
    assert share_day(tomorrow, tired) is tomorrow
