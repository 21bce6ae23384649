from math import exp, log

import pytest

from ml.evaluation.one_rm_walk import EPLEY_SLOPE, FIRST_SD, NOISE_SD, WALK_SD, kalman
from ml.forecast.past import PastSet


def done(load_kg: float, reps: float) -> PastSet:
    return PastSet(machine="m", kind="row", day=0.0, load_kg=load_kg, reps=reps)


def test_after_one_set_it_is_epley() -> None:
    expected = (100.0 * (1.0 + EPLEY_SLOPE * 10.0) / 105.0 - 1.0) / EPLEY_SLOPE
    assert kalman([done(100.0, 10.0)], 105.0) == pytest.approx(expected)


def test_a_second_set_moves_it_by_the_gain() -> None:
    first, second = (log(100.0 * (1.0 + EPLEY_SLOPE * reps)) for reps in (8.0, 12.0))
    variance = FIRST_SD**2 + WALK_SD**2
    level = first + variance / (variance + NOISE_SD**2) * (second - first)
    expected = (exp(level) / 100.0 - 1.0) / EPLEY_SLOPE
    assert kalman([done(100.0, 8.0), done(100.0, 12.0)], 100.0) == pytest.approx(expected)


def test_a_load_beyond_reach_is_cut_at_one_rep() -> None:
    assert kalman([done(50.0, 5.0)], 200.0) == 1.0
