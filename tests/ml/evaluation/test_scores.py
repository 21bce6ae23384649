import numpy as np
import pytest

from ml.evaluation.scores import bootstrap, coverage, errors


def test_errors_of_a_hand_made_case() -> None:
    found = errors(np.array([8.0, 9.0, 10.0]), np.array([8.0, 8.0, 13.0]), np.array([1, 6, 7]))
    assert found["mae"] == pytest.approx(4 / 3, abs=1e-4)
    assert found["rmse"] == pytest.approx((10 / 3) ** 0.5, abs=1e-4)
    assert found["mae_after_six"] == 2.0
    assert found["r2"] == pytest.approx(1 - 10 / (2 * (5 / 3) ** 2 + (10 / 3) ** 2), abs=1e-4)


def test_coverage_counts_both_ends_and_finds_the_worst_person() -> None:
    people = np.repeat([f"{place:02d}" for place in range(11)], 2)
    truth = np.array([8.0, 9.0] * 10 + [20.0, 20.0])
    found = coverage(np.full(22, 8.0), np.full(22, 9.0), truth, people)
    assert found == {"coverage": 0.9091, "width": 1.0, "worst_decile_person": 1.0}
    truth[:4] = 20.0
    assert coverage(np.full(22, 8.0), np.full(22, 9.0), truth, people)["worst_decile_person"] == 0.0


def test_the_bootstrap_draws_people_not_rows() -> None:
    """One person with many rows is one person: the interval is as wide as two people make it."""
    values, people = np.array([0.0] * 500 + [1.0] * 500), np.array(["a"] * 500 + ["b"] * 500)
    assert bootstrap(values, people, 1) == (0.0, 1.0)
    many = np.array([f"{place}" for place in range(1000)])
    low, high = bootstrap(values, many, 1)
    assert 0.45 < low < 0.5 < high < 0.55
