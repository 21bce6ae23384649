"""1RM from sets to failure: the belief with a population's slope, and the published formulas."""

from collections.abc import Sequence
from math import exp, log, log1p
from statistics import fmean, pstdev
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.belief.kalman import Gaussian
from ml.belief.priors import SLOPE_MEAN, SLOPE_SD
from ml.belief.state import CAPACITY, SIZE, SLOPE, Belief
from ml.evaluation.one_rm_table import Set
from ml.forecast.past import PastSet, failure
from ml.learning.observations import learn

KIND = "leg_press"  # any: no equation depends on the kind in its default range
EPLEY_REPS = 30.0  # 1RM = w (1 + n / 30), Epley 1985
BRZYCKI_REPS, BRZYCKI_MOST = 37.0, 30.0  # 1RM = 36 w / (37 - n), Brzycki 1993; it has a pole at 37
HALF_REP = 0.5  # failure at rep d says n - .5 = d (design page 5), as the belief learns it
SLOPE_SD_LEAST = 0.15  # log; no few people make a prior more certain
ROOM_SD = 0.04  # log; width of the kernel around each load that somebody chose (generated people)
FREE = 0.1  # of the prior is for loads that nobody else chose
PRIOR_PEOPLE = 4.0  # the published slope counts as much as so many people
REGRESSION_RIDGE = 1e-3
UNUSED_SD = 1e-3  # states that no set to failure speaks of
OPEN_SD = 1.0  # log; a capacity of which nothing is known


class Population(NamedTuple):
    """What other people tell: log(1RM / load) of every load that was chosen, and the log endurance slope."""

    rooms: tuple[float, ...]
    slope: float
    slope_sd: float


def population(sets: Sequence[Set]) -> Population:
    """Learn the prior from people whose 1RM is known; the published slope steadies few people."""
    slopes: dict[str, list[float]] = {}
    for one in sets:
        slope = log((1.0 / one.share - 1.0) / (one.reps + HALF_REP))
        slopes.setdefault(one.person, []).append(slope)
    own = [fmean(found) for found in slopes.values()]
    count = float(len(own))
    mean = (sum(own) + PRIOR_PEOPLE * SLOPE_MEAN) / (count + PRIOR_PEOPLE)
    variance = (count * pstdev(own) ** 2 + PRIOR_PEOPLE * SLOPE_SD**2) / (count + PRIOR_PEOPLE)
    return Population(tuple(-log(one.share) for one in sets), mean, max(variance**0.5, SLOPE_SD_LEAST))


def believed_kg(sets: Sequence[Set], known: Population) -> float:
    """Return the 1RM (kg) that the belief comes to after one or several sets to failure of one person.

    The heaviest set comes first: near 1RM reps are so curved in capacity that they must be linearised there.
    """
    heaviest, *others = sorted(sets, key=lambda one: -one.weight_kg)
    belief = _learned(_open(heaviest, known), heaviest)
    for one in others:
        belief = _learned(belief, one)
    room = belief.state.mean[CAPACITY] - log(heaviest.weight_kg)
    return heaviest.weight_kg * exp(_chosen(room, belief.sd(CAPACITY) ** 2, known.rooms))


def _chosen(room: float, variance: float, rooms: Sequence[float]) -> float:
    """Weigh a believed log(1RM / load) by the loads that others chose: posterior mean of a kernel mixture."""
    spread = variance + ROOM_SD**2
    weights = [exp(-0.5 * (room - one) ** 2 / spread) for one in rooms]
    means = [(room * ROOM_SD**2 + one * variance) / spread for one in rooms]
    # A load that nobody else chose keeps the share FREE: there the reps alone count.
    total = (1.0 - FREE) * sum(weights) / len(rooms) + FREE
    told = sum(weight * mean for weight, mean in zip(weights, means, strict=True)) / len(rooms)
    return ((1.0 - FREE) * told + FREE * room) / total


def _learned(belief: Belief, one: Set) -> Belief:
    done = PastSet(machine=KIND, kind=KIND, day=0.0, load_kg=one.weight_kg, reps=one.reps)
    return learn(belief, failure(done), None, None).belief


def _open(first: Set, known: Population) -> Belief:
    """Return a belief that knows the population's slope, and of the capacity next to nothing."""
    mean, deviations = [0.0] * SIZE, [UNUSED_SD] * SIZE
    mean[CAPACITY] = log(first.weight_kg) + log1p(exp(known.slope) * (first.reps + HALF_REP))
    mean[SLOPE] = known.slope
    deviations[CAPACITY], deviations[SLOPE] = OPEN_SD, known.slope_sd
    covariance = tuple(
        tuple(deviations[row] ** 2 if row == column else 0.0 for column in range(SIZE)) for row in range(SIZE)
    )
    return Belief(kind=KIND, side="both", state=Gaussian(tuple(mean), covariance))


def epley_kg(one: Set) -> float:
    """Return Epley's 1RM (kg)."""
    return one.weight_kg * (1.0 + one.reps / EPLEY_REPS)


def brzycki_kg(one: Set) -> float:
    """Return Brzycki's 1RM (kg)."""
    return one.weight_kg * 36.0 / (BRZYCKI_REPS - min(one.reps, BRZYCKI_MOST))


class Regression:
    """log(1RM / load) from the reps and their square root, by least squares on other people."""

    def __init__(self, sets: Sequence[Set]) -> None:
        rows, rooms = _design(sets), np.array([-log(one.share) for one in sets])
        squares = rows.T @ rows + REGRESSION_RIDGE * np.eye(rows.shape[1])
        self._weights = np.linalg.solve(squares, rows.T @ rooms)

    def kg(self, one: Set) -> float:
        """Return the 1RM (kg)."""
        return one.weight_kg * exp(float((_design([one]) @ self._weights)[0]))


def _design(sets: Sequence[Set]) -> NDArray[np.float64]:
    return np.array([(1.0, one.reps, one.reps**0.5) for one in sets])
