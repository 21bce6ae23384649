import numpy as np
import pytest

from ml.forecast.distribution import mean, median, quantile
from ml.forecast.stage import Chances

CHANCES = Chances(np.array([5, 6, 7]), np.array([[0.9, 0.6, 0.2], [0.1, 0.05, 0.0]]))  # of 5, 6, 7, 8


def test_the_median_is_passed_in_half_of_the_cases() -> None:
    assert median(CHANCES).tolist() == [7.0, 5.0]


def test_the_mean_sums_the_chances() -> None:
    assert mean(CHANCES) == pytest.approx([6.7, 5.15])


def test_quantiles_spread_each_rep_evenly() -> None:
    """6 has .1 below it and .4 in it: its middle is the .25 quantile."""
    assert quantile(CHANCES, np.array([0.25, 0.45])) == pytest.approx([6.0 - 0.5 + 0.15 / 0.3, 5.0])
    assert quantile(CHANCES, np.array([1.0, 0.0])) == pytest.approx([8.5, 4.5])
