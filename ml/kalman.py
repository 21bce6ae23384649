"""Scalar observations of a small Gaussian state, in plain floats so that every machine gets the same digits.

Equation numbers: Sarkka 2013, Bayesian Filtering and Smoothing. Vectors are tuples, matrices tuples of rows.
"""

from math import erf, exp, pi, sqrt
from typing import NamedTuple

Vector = tuple[float, ...]
Matrix = tuple[Vector, ...]

TAIL_SIGMA = -8.0  # below it the tail probability is under 1e-15 and its ratio is replaced by the asymptote


class Gaussian(NamedTuple):
    """Mean and covariance of a state."""

    mean: Vector
    covariance: Matrix


def normal_cdf(z: float) -> float:
    """Return P(Z <= z) of the standard normal."""
    return 0.5 * (1.0 + erf(z / sqrt(2.0)))


def normal_density(z: float) -> float:
    """Return the density of the standard normal at z."""
    return exp(-0.5 * z * z) / sqrt(2.0 * pi)


def project(state: Gaussian, row: Vector) -> tuple[Vector, float]:
    """Return the covariance of the state with `row . state`, and the variance of `row . state`."""
    used = [(index, weight) for index, weight in enumerate(row) if weight != 0.0]
    cross = tuple([sum([line[index] * weight for index, weight in used]) for line in state.covariance])
    return cross, sum(cross[index] * weight for index, weight in used)


def update(state: Gaussian, row: Vector, innovation: float, noise_variance: float) -> Gaussian:
    """Take in a scalar observation (Sarkka 4.20-4.21), covariance in Joseph form: it stays positive."""
    cross, variance = project(state, row)
    total = variance + noise_variance
    gain = tuple(value / total for value in cross)
    mean = tuple(m + k * innovation for m, k in zip(state.mean, gain, strict=True))
    half = [
        [p - k * g for p, g in zip(line, cross, strict=True)]
        for line, k in zip(state.covariance, gain, strict=True)
    ]
    used = [(index, weight) for index, weight in enumerate(row) if weight != 0.0]
    rest = [sum([line[index] * weight for index, weight in used]) for line in half]
    full = tuple(
        tuple([p + k * (noise_variance * own - h) for p, k in zip(line, gain, strict=True)])
        for line, h, own in zip(half, rest, gain, strict=True)
    )
    return Gaussian(mean, symmetric(full))


def truncate(state: Gaussian, row: Vector, margin: float, noise_variance: float) -> Gaussian:
    """Take in `row . state + noise >= 0`, whose expected left side is `margin` (moments of a cut normal)."""
    cross, variance = project(state, row)
    total = variance + noise_variance
    deviation = sqrt(total)
    alpha = -margin / deviation
    ratio = _mills(-alpha)
    shrink = min(max(ratio * (ratio - alpha), 0.0), 1.0)
    gain = tuple(value / total for value in cross)
    mean = tuple(m + k * deviation * ratio for m, k in zip(state.mean, gain, strict=True))
    covariance = tuple(
        tuple([p - k * own for p, own in zip(line, gain, strict=True)])
        for line, k in zip(state.covariance, [value * total * shrink for value in gain], strict=True)
    )
    return Gaussian(mean, symmetric(covariance))


def symmetric(matrix: Matrix) -> Matrix:
    """Average a matrix with its transpose, so that rounding cannot make it lopsided."""
    return tuple(
        tuple([0.5 * (one + other) for one, other in zip(line, column, strict=True)])
        for line, column in zip(matrix, zip(*matrix, strict=True), strict=True)
    )


def _mills(z: float) -> float:
    """Return density / P(Z <= z): the inverse Mills ratio."""
    if z < TAIL_SIGMA:
        return -z
    return normal_density(z) / normal_cdf(z)
