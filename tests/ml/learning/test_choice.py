"""A load that a trainer chose: raises tell of strength, any load of the reps it is usually meant for."""

from math import log

import numpy as np
import pytest

from ml.belief.capacity import reserve
from ml.belief.state import CAPACITY, Belief, start_session
from ml.forecast.past import cold, dose_of
from ml.learning.choice import CHANGE_SHARE, USUAL_REPS, read_choice


def before(load_kg: float = 50.0) -> Belief:
    return start_session(cold("row", load_kg), 0, 40)


def test_a_load_of_the_usual_reps_that_stays_tells_next_to_nothing() -> None:
    known = before()
    told = read_choice(known, dose_of("row", 50.0), 50.0)
    assert told.state.mean[CAPACITY] == pytest.approx(known.state.mean[CAPACITY], abs=0.01)
    assert told.sd(CAPACITY) < known.sd(CAPACITY)


def test_a_raise_is_believed_by_its_share_at_least_and_never_in_full() -> None:
    known = before()
    told = read_choice(known, dose_of("row", 55.0), 50.0)
    risen = told.state.mean[CAPACITY] - known.state.mean[CAPACITY]
    assert CHANGE_SHARE * log(1.1) < risen < log(1.1)
    assert reserve(told, dose_of("row", 55.0)).reps < reserve(known, dose_of("row", 50.0)).reps


def test_a_load_draws_the_expected_reps_towards_the_usual() -> None:
    strong, weak = before(60.0), before(40.0)
    usual = dose_of("row", 50.0)
    assert reserve(read_choice(strong, usual, 50.0), usual).reps < reserve(strong, usual).reps
    assert reserve(weak, usual).reps < reserve(read_choice(weak, usual, 50.0), usual).reps < USUAL_REPS + 0.5


def test_what_was_read_is_a_sound_belief() -> None:
    covariance = np.array(read_choice(before(), dose_of("row", 60.0), 50.0).state.covariance)
    assert np.array_equal(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance).min() > 0
