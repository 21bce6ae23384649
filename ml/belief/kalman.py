"""Scalar observations of a small Gaussian state, in plain floats so that every machine gets the same digits.

Equation numbers: Sarkka 2013, Bayesian Filtering and Smoothing. Vectors are tuples, matrices tuples of rows.
"""

from collections.abc import Sequence
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
    used = [(index, weight) for index, weight in enumerate(row) if weight]
    if len(used) == 1:  # a reading of one state: half of all observations
        index, weight = used[0]
        cross = tuple([line[index] * weight for line in state.covariance])
        return cross, cross[index] * weight
    cross = tuple([_dot(line, used) for line in state.covariance])
    return cross, _dot(cross, used)


def update(
    state: Gaussian,
    row: Vector,
    innovation: float,
    noise_variance: float,
    projected: tuple[Vector, float] | None = None,
) -> Gaussian:
    """Take in a scalar observation (Sarkka 4.20-4.21), covariance in Joseph form: it stays positive.

    `projected` is `project(state, row)` where that is known already.
    """
    cross, variance = projected or project(state, row)
    total = variance + noise_variance
    gain = tuple([value / total for value in cross])
    used = [(index, weight) for index, weight in enumerate(row) if weight]
    covariance = list(state.covariance)
    moved = [index for index, value in enumerate(gain) if value]  # what is not correlated stays as it is
    for index in moved:
        pull = gain[index]
        half = [p - pull * g for p, g in zip(covariance[index], cross, strict=True)]
        back = noise_variance * pull - _dot(half, used)
        covariance[index] = tuple([h + k * back for h, k in zip(half, gain, strict=True)])
    return Gaussian(_shifted(state.mean, gain, innovation), _symmetric(covariance, moved))


def truncate(
    state: Gaussian,
    row: Vector,
    margin: float,
    noise_variance: float,
    projected: tuple[Vector, float] | None = None,
) -> Gaussian:
    """Take in `row . state + noise >= 0`, whose expected left side is `margin` (moments of a cut normal).

    `projected` is `project(state, row)` where that is known already.
    """
    cross, variance = projected or project(state, row)
    total = variance + noise_variance
    deviation = sqrt(total)
    alpha = -margin / deviation
    ratio = _mills(-alpha)
    shrink = min(max(ratio * (ratio - alpha), 0.0), 1.0)
    gain = tuple([value / total for value in cross])
    covariance = list(state.covariance)
    moved = [index for index, value in enumerate(gain) if value]
    for index in moved:
        pull = gain[index] * total * shrink
        covariance[index] = tuple([p - pull * k for p, k in zip(covariance[index], gain, strict=True)])
    return Gaussian(_shifted(state.mean, gain, deviation * ratio), _symmetric(covariance, moved))


def _dot(line: Sequence[float], used: Sequence[tuple[int, float]]) -> float:
    total = 0.0
    for index, weight in used:
        total += line[index] * weight
    return total


def _shifted(mean: Vector, gain: Vector, innovation: float) -> Vector:
    return tuple([m + k * innovation for m, k in zip(mean, gain, strict=True)])


def _symmetric(lines: list[Vector], moved: Sequence[int]) -> Matrix:
    """Average the moved part of a matrix with its transpose, so that rounding cannot make it lopsided."""
    if len(moved) < 2:  # a variance alone is no pair
        return tuple(lines)
    full = {row: list(lines[row]) for row in moved}
    for place, row in enumerate(moved):
        line = full[row]
        for column in moved[:place]:
            line[column] = full[column][row] = 0.5 * (line[column] + full[column][row])
    for row, line in full.items():
        lines[row] = tuple(line)
    return tuple(lines)


def _mills(z: float) -> float:
    """Return density / P(Z <= z): the inverse Mills ratio."""
    if z < TAIL_SIGMA:
        return -z
    return normal_density(z) / normal_cdf(z)
