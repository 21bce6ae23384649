"""Scalar updates against numpy and against sampling."""

from math import isclose

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.belief.kalman import Gaussian, normal_cdf, project, truncate, update

NUMBERS = st.floats(-3, 3, allow_nan=False)


def gaussian(seed: int, size: int = 4) -> Gaussian:
    drawn = np.random.default_rng(seed)
    root = drawn.normal(size=(size, size))
    covariance = root @ root.T + 0.01 * np.eye(size)
    rows = tuple(tuple(float(value) for value in row) for row in covariance)
    return Gaussian(tuple(float(value) for value in drawn.normal(size=size)), rows)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.lists(NUMBERS, min_size=4, max_size=4), NUMBERS, st.floats(0.01, 4))
def test_update_is_the_kalman_update_of_numpy(
    seed: int, row: list[float], innovation: float, noise: float
) -> None:
    state = gaussian(seed)
    mean, covariance, used = np.array(state.mean), np.array(state.covariance), np.array(row)
    gain = covariance @ used / (used @ covariance @ used + noise)
    found = update(state, tuple(row), innovation, noise)
    assert np.allclose(found.mean, mean + gain * innovation)
    assert np.allclose(found.covariance, covariance - np.outer(gain, used) @ covariance)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.lists(NUMBERS, min_size=4, max_size=4), st.floats(-6, 6))
def test_both_updates_keep_the_covariance_symmetric_and_positive(
    seed: int, row: list[float], margin: float
) -> None:
    for state in (
        update(gaussian(seed), tuple(row), margin, 0.5),
        truncate(gaussian(seed), tuple(row), margin, 0.5),
    ):
        covariance = np.array(state.covariance)
        assert np.array_equal(covariance, covariance.T)
        assert np.linalg.eigvalsh(covariance).min() > -1e-9


def test_truncation_has_the_moments_of_a_cut_normal() -> None:
    state = Gaussian((0.5, 0.0), ((1.0, 0.6), (0.6, 2.0)))
    drawn = np.random.default_rng(1)
    samples = drawn.multivariate_normal(state.mean, state.covariance, 400_000)
    kept = samples[samples[:, 0] - 1.0 + drawn.normal(0, 0.5, len(samples)) >= 0]
    found = truncate(state, (1.0, 0.0), state.mean[0] - 1.0, 0.25)
    assert np.allclose(found.mean, kept.mean(axis=0), atol=0.02)
    assert np.allclose(found.covariance, np.cov(kept.T), atol=0.03)


def test_a_bound_far_below_changes_nothing_and_far_above_moves_everything() -> None:
    state = gaussian(3)
    row = (1.0, 0.0, 0.0, 0.0)
    assert np.allclose(truncate(state, row, 60.0, 1.0).mean, state.mean)
    moved = truncate(state, row, -40.0, 1.0)
    assert moved.mean[0] > state.mean[0] + 20
    assert all(np.isfinite(moved.mean))


def test_projection_and_normal() -> None:
    cross, variance = project(Gaussian((0.0, 0.0), ((4.0, 1.0), (1.0, 9.0))), (1.0, 2.0))
    assert cross == (6.0, 19.0)
    assert variance == 44.0
    assert isclose(normal_cdf(1.6449), 0.95, abs_tol=1e-4)


def test_a_reading_of_one_state_is_the_same_update_in_fewer_steps() -> None:
    correlated = gaussian(5)
    alone = Gaussian((0.5, 1.0), ((2.0, 0.0), (0.0, 3.0)))
    for state in (correlated, alone):
        size = len(state.mean)
        row = (0.0, 2.0, *(0.0,) * (size - 2))
        covariance, used = np.array(state.covariance), np.array(row)
        cross, variance = project(state, row)
        assert np.allclose(cross, covariance @ used)
        assert isclose(variance, used @ covariance @ used)
        gain = covariance @ used / (variance + 0.5)
        for found in (update(state, row, 0.7, 0.5), update(state, row, 0.7, 0.5, (cross, variance))):
            assert np.allclose(found.mean, np.array(state.mean) + gain * 0.7)
            assert np.allclose(found.covariance, covariance - np.outer(gain, used) @ covariance)
        assert truncate(state, row, 0.3, 0.5) == truncate(state, row, 0.3, 0.5, (cross, variance))
