"""1RM from sets to failure: the belief with a population's slope, and the published formulas."""

from collections.abc import Sequence
from dataclasses import replace
from math import exp, log, log1p
from statistics import fmean, pstdev
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.belief import CAPACITY, SIZE, SLOPE, Belief
from ml.evaluation.one_rm_table import Set
from ml.forecast.past import PastSet, failure
from ml.kalman import Gaussian, update
from ml.observations import learn
from ml.priors import SLOPE_MEAN, SLOPE_SD

KIND = "leg_press"  # any: no equation depends on the kind in its default range
EPLEY_REPS = 30.0  # 1RM = w (1 + n / 30), Epley 1985
BRZYCKI_REPS, BRZYCKI_MOST = 37.0, 30.0  # 1RM = 36 w / (37 - n), Brzycki 1993; it has a pole at 37
HALF_REP = 0.5  # failure at rep d says n - .5 = d (design page 5), as the belief learns it
ROOM_SD_LEAST, SLOPE_SD_LEAST = 0.05, 0.15  # log; no few people make a prior more certain
# Times the spread of others' loads: a load unlike theirs is judged by its reps (from generated people).
ROOM_WIDER = 2.5
PRIOR_PEOPLE = 4.0  # the published slope counts as much as so many people
REGRESSION_RIDGE = 1e-3
UNUSED_SD = 1e-3  # states that no set to failure speaks of
OPEN_SD = 1.0  # log; a capacity of which nothing is known


class Population(NamedTuple):
    """What other people tell: log(1RM / load) of the loads that were chosen, and the log endurance slope."""

    room: float
    room_sd: float
    slope: float
    slope_sd: float


def population(sets: Sequence[Set]) -> Population:
    """Learn the prior from people whose 1RM is known; the published slope steadies few people."""
    rooms = [-log(one.share) for one in sets]
    slopes: dict[str, list[float]] = {}
    for one in sets:
        slope = log((1.0 / one.share - 1.0) / (one.reps + HALF_REP))
        slopes.setdefault(one.person, []).append(slope)
    own = [fmean(found) for found in slopes.values()]
    count = float(len(own))
    mean = (sum(own) + PRIOR_PEOPLE * SLOPE_MEAN) / (count + PRIOR_PEOPLE)
    variance = (count * pstdev(own) ** 2 + PRIOR_PEOPLE * SLOPE_SD**2) / (count + PRIOR_PEOPLE)
    return Population(
        fmean(rooms),
        ROOM_WIDER * max(pstdev(rooms), ROOM_SD_LEAST),
        mean,
        max(variance**0.5, SLOPE_SD_LEAST),
    )


def believed_kg(sets: Sequence[Set], known: Population) -> float:
    """Return the 1RM (kg) that the belief comes to after one or several sets to failure of one person.

    The heaviest set comes first, then what a chosen load tells, then the others: near 1RM reps are so curved
    in capacity that they must be linearised where they lie, not where other people's loads do.
    """
    heaviest, *others = sorted(sets, key=lambda one: -one.weight_kg)
    belief = _learned(_open(heaviest, known), heaviest)
    row = tuple(1.0 if index == CAPACITY else 0.0 for index in range(SIZE))
    chosen = fmean(log(one.weight_kg) for one in sets) + known.room
    state = update(belief.state, row, chosen - belief.state.mean[CAPACITY], known.room_sd**2)
    belief = replace(belief, state=state)
    for one in others:
        belief = _learned(belief, one)
    return exp(belief.state.mean[CAPACITY])


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
