import numpy as np
import pytest

from ml.evaluation.intervals import by_person, calibrated, needed, whole
from ml.forecast.stage import Chances

STEPS = np.arange(5, 12)
SHARES = np.array([0.05, 0.1, 0.2, 0.3, 0.2, 0.1, 0.04, 0.01])  # of 5, 6, ... 12 reps
DAYS = np.arange(40.0)


def chances(rows: int) -> Chances:
    return Chances(STEPS, np.tile(1.0 - np.cumsum(SHARES)[:-1], (rows, 1)))


def drawn(rows: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).choice(np.arange(5.0, 13.0), rows, p=SHARES)


def test_the_score_is_the_level_that_just_holds_the_truth() -> None:
    assert needed(chances(2), np.array([8.0, 12.0])) == pytest.approx([0.0, 0.99], abs=1e-9)
    assert needed(chances(1), np.array([30.0])) == pytest.approx([0.99])


def test_ends_are_whole_reps_that_the_level_holds() -> None:
    low, high, apart = whole(chances(2), np.array([0.55, 0.9]))
    assert low.tolist() == [7.0, 6.0]
    assert high.tolist() == [9.0, 10.0]
    assert apart == pytest.approx([9.125 - 6.875, 10.5 - 5.5])


def test_a_level_of_nothing_still_holds_the_forecast() -> None:
    low, high, _ = whole(chances(1), np.array([0.0]))
    assert low.tolist() == high.tolist() == [8.0]


def test_a_calibrated_level_covers_new_people() -> None:
    level = calibrated(chances(2000), drawn(2000, 1))
    scores = needed(chances(4000), drawn(4000, 2))
    assert 0.79 <= (scores <= level).mean() <= 0.95  # whole reps cannot hit .8


def test_who_is_missed_gets_wider_intervals_and_who_is_not_narrower() -> None:
    erratic, steady = np.tile([5.0, 12.0], 20), np.full(40, 8.0)
    people = np.repeat(["a", "b"], 40)
    low, high, _ = by_person(chances(80), np.concatenate([erratic, steady]), people, np.tile(DAYS, 2), 0.8)
    width = high - low
    assert width[39] > width[0] > width[79]


def test_the_truth_of_a_day_is_used_from_the_next_day_on() -> None:
    truth = np.array([12.0, 12.0, 8.0])
    days = np.array([0.0, 0.0, 1.0])
    low, high, _ = by_person(chances(3), truth, np.array(["a"] * 3), days, 0.76)
    assert (high - low)[0] == (high - low)[1] < (high - low)[2]
