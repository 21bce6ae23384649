"""What is taken away from `steady` to see what it is worth: prior, slope state, pain constraint.

The others are a line each where sets are done: no in-set stop, no speed and tempo, no reported RIR.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import nan

from contract.machines import MachineKind
from contract.messages import Side
from emulator.control.arm import Arm
from ml.belief.kalman import Gaussian
from ml.belief.priors import LOG_SD, SLOPE_MEAN, prior
from ml.belief.state import CAPACITY, PAIN, SIZE, SLOPE, Belief, from_json, to_json
from ml.effort.features import SetFeatures
from ml.effort.model import EffortModel, Reserves
from ml.evidence import Evidence
from ml.policies import POLICIES
from ml.policies.wish import Policy, Wish
from ml.request import Person as Described
from ml.rules.situations import situations

MIDDLE_YEARS, MIDDLE_KG = 50, 70.0  # of the person of whom nothing is known
UNKNOWN_LOG_SD = 2 * LOG_SD  # log capacity of somebody of whom neither age, sex nor mass is known
NO_PAIN = -10.0  # log pain sensitivity at which every chance of a flare is nothing


def belief_before(
    arm: Arm, stored: dict[str, object] | None, who: Described, kind: MachineKind, side: Side
) -> dict[str, object] | None:
    """Return the belief that a session starts from: as stored, or with a part taken away."""
    if arm.without == "prior" and stored is None:
        return _of_somebody(who, kind, side)
    if arm.without == "slope":
        belief = None if stored is None else from_json(stored)
        return to_json(_with_fixed_slope(belief or prior(who, kind.name, side)))
    return stored


def painless(policy: str) -> Policy:
    """Let a policy choose as if nothing could hurt; the decision table still holds."""

    def chosen(evidence: Evidence) -> Wish:
        light = "green" if "settled_pain" in situations(evidence) else evidence.light
        belief = replace(evidence.belief, state=_with_mean(evidence.belief, PAIN, NO_PAIN))
        return POLICIES[policy](replace(evidence, belief=belief, pain_nrs=None, light=light))

    return chosen


class WithoutSpeed:
    """An effort model that is shown neither speed nor tempo, smoothness or range."""

    def __init__(self, model: EffortModel) -> None:
        self.name = f"{model.name} without speed"
        self._model = model

    def estimate(self, rows: Sequence[SetFeatures]) -> list[Reserves]:
        """Estimate from what is left."""
        return self._model.estimate([_blind(row) for row in rows])


def _blind(row: SetFeatures) -> SetFeatures:
    return replace(
        row,
        speed_ratio=nan,
        concentric_ratio=nan,
        eccentric_ratio=nan,
        tempo_trend=nan,
        smoothness_trend=nan,
        range_loss=nan,
        partial_reps=0.0,
    )


def _of_somebody(who: Described, kind: MachineKind, side: Side) -> dict[str, object]:
    """Return the belief about a person of whom nothing is known: between the sexes, and twice as wide."""
    middle_aged = replace(who, age_years=MIDDLE_YEARS, mass_kg=MIDDLE_KG)
    women = prior(replace(middle_aged, sex="female"), kind.name, side)
    men = prior(replace(middle_aged, sex="male"), kind.name, side)
    middle = (women.state.mean[CAPACITY] + men.state.mean[CAPACITY]) / 2
    mean = _with_mean(women, CAPACITY, middle).mean
    return to_json(replace(women, state=Gaussian(mean, _with_variance(women, CAPACITY, UNKNOWN_LOG_SD**2))))


def _with_fixed_slope(belief: Belief) -> Belief:
    mean = _with_mean(belief, SLOPE, SLOPE_MEAN).mean
    return replace(belief, state=Gaussian(mean, _with_variance(belief, SLOPE, 0.0)))


def _with_mean(belief: Belief, index: int, mean: float) -> Gaussian:
    found = (mean if place == index else value for place, value in enumerate(belief.state.mean))
    return Gaussian(tuple(found), belief.state.covariance)


def _with_variance(belief: Belief, index: int, variance: float) -> tuple[tuple[float, ...], ...]:
    """Return the covariance with another variance of one state, uncorrelated with the rest."""
    rows = [list(row) for row in belief.state.covariance]
    for other in range(SIZE):
        rows[index][other] = rows[other][index] = 0.0
    rows[index][index] = variance
    return tuple(tuple(row) for row in rows)
