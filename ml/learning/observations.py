"""What a finished set says about the belief: every observation of design page 5, each behind one gate."""

from math import exp, log
from typing import NamedTuple

from contract.messages import Mode
from ml.belief.capacity import LEAST_REPS, effective_kg, expected_reps, ready_log, rep_share
from ml.belief.kalman import Gaussian, Vector, truncate, update
from ml.belief.miss_level import adapted
from ml.belief.state import (
    BIAS,
    CAPACITY,
    LOSS_SD_SHARE,
    MACHINE,
    SECOND_SET_LOSS,
    SHARED,
    SIZE,
    SLOPE,
    Belief,
    floored,
    stimulus_of,
)
from ml.effort.features import reached_cdeg
from ml.effort.model import BAND_SIGMAS, Reserves
from ml.learning.gate import Learned, Move, moved, observe, observe_bound
from ml.learning.isometric import capacity_of_test_kg, observe_isometric
from ml.learning.tolerance import learn_mobility, learn_pain, learn_range
from ml.replacing import replace
from ml.request import Dose, SetFacts

__all__ = ["REPORTED", "REPORTED_MANY", "REPORT_BIAS", "Learned", "Move", "carried", "learn"]

FAR_RIR = 7.0  # reps; so far from failure only a bound is believed: nothing in a set tells 10 from 40
FAILURE_VARIANCE = 0.8**2  # reps^2; failure at rep d says n - .5 = d
REPORT_BIAS = 0.95  # reps; people report so many too few (Halperin 2022)
REPORT_VARIANCE = 2.4**2  # reps^2
REPORTED = {"0": 0.0, "1-2": 1.5, "3-5": 4.0}  # words on the screen; "many" is a bound
REPORTED_MANY = 6.0
STOP_RESERVE = 1.5  # reps left where the speed rule ends a set (loss of 25-40 %, science 2.2)
STOP_VARIANCE = 4.0**2  # reps^2; one slow rep of a paced set may be noise (8-10 % a rep, science 3.3)
RECOVERY_S = 75.0  # time constant of the recovery between sets: 80 % in 120 s (science 3.2)
COMPLETED = frozenset(("target",))
WORK: frozenset[Mode] = frozenset(("train", "warm_up"))


def learn(belief: Belief, facts: SetFacts, estimate: Reserves | None, pain_before: int | None) -> Learned:
    """Take in one finished set, as it was applied, in a fixed order of observations."""
    learned = carried(Learned(belief=belief))
    if facts.applied.mode in WORK:
        learned = _learn_work(learned, facts, estimate, pain_before)
    elif facts.applied.mode == "mobility":
        learned = _learn_mobility(learned, facts)
    else:
        learned = _learn_isometric(learned, facts)
    return replace(learned, belief=replace(learned.belief, state=floored(learned.belief.state)))


def _learn_work(
    learned: Learned, facts: SetFacts, estimate: Reserves | None, pain_before: int | None
) -> Learned:
    if facts.applied.load_g > 0 and facts.end.reps > 0:
        learned = _learn_reps(learned, facts, estimate)
        learned = _trained(learned, facts)
        learned = _judged(learned, facts, estimate)
        learned = _tired(learned, facts)
    learned = learn_range(learned, facts, pain_before)
    return learn_pain(learned, facts, pain_before)


def _trained(learned: Learned, facts: SetFacts) -> Learned:
    """Note what the set does to the body: the hardest work set is the session's stimulus."""
    if facts.applied.mode != "train":
        return learned
    is_failure = facts.end.ended_by == "tempo"
    left = 0.0 if is_failure else expected_reps(learned.belief, facts.applied)[0] - facts.end.reps
    stimulus = max(learned.belief.stimulus, stimulus_of(left))
    return replace(learned, belief=replace(learned.belief, stimulus=stimulus))


def _tired(learned: Learned, facts: SetFacts) -> Learned:
    """Note the fatigue that the rest after a set will leave to the next one.

    A set takes the share of capacity between load and one rep, as far as it was filled; a rest gives back
    four fifths in two minutes (science 3.2, Looft 2018). The usual loss a set is in the equation already.
    """
    belief, dose = learned.belief, facts.applied
    possible, _ = expected_reps(belief, dose)
    free = 1.0 - min(effective_kg(belief.kind, dose) / exp(ready_log(belief, dose)), 1.0)
    filled = min(facts.end.reps / max(possible, facts.end.reps), 1.0)
    left = filled * free * exp(-dose.rest_ms / 1000.0 / RECOVERY_S)
    loss = max(-log(1.0 - left) - SECOND_SET_LOSS, 0.0)
    return replace(learned, belief=replace(belief, tired_log=loss, tired_set=dose.set))


def carried(learned: Learned) -> Learned:
    """Carry the fatigue of the last set into today's readiness of this machine: the next set meets it."""
    belief = learned.belief
    if belief.tired_log <= 0.0:
        return learned
    mean, rows = list(belief.state.mean), [list(row) for row in belief.state.covariance]
    mean[MACHINE] -= belief.tired_log
    rows[MACHINE][MACHINE] += (LOSS_SD_SHARE * belief.tired_log) ** 2
    rested = replace(belief, tired_log=0.0)
    state = Gaussian(tuple(mean), tuple(tuple(row) for row in rows))
    return moved(replace(learned, belief=rested), state, f"tired_set_{belief.tired_set}")


def _judged(learned: Learned, facts: SetFacts, estimate: Reserves | None) -> Learned:
    """Hold the person's effort bands to the sets whose truth is known: nothing was left."""
    if estimate is None or not (facts.end.ended_by == "tempo" or facts.answers.rir == "0"):
        return learned
    level = adapted(learned.belief.miss_level, missed=estimate.low > 0.0)
    return replace(learned, belief=replace(learned.belief, miss_level=level))


def _learn_mobility(learned: Learned, facts: SetFacts) -> Learned:
    reached = reached_cdeg(facts.reps)
    return learned if reached is None else learn_mobility(learned, reached)


def _learn_isometric(learned: Learned, facts: SetFacts) -> Learned:
    """Read the best try of a strength test; a try without torque is none."""
    best_nm = max((rep.mean_torque_nm for rep in facts.reps), default=0.0)
    if best_nm <= 0.0:
        return learned
    return observe_isometric(
        learned, capacity_of_test_kg(learned.belief.kind, facts.applied.end_cdeg, best_nm)
    )


def _learn_reps(learned: Learned, facts: SetFacts, estimate: Reserves | None) -> Learned:
    """Take readings first, bounds last: a cut after a reading hardly moves it, one before would bend it."""
    done, ended_by = facts.end.reps, facts.end.ended_by
    if ended_by == "tempo":
        return _reps(learned, facts, done + 0.5, FAILURE_VARIANCE, "failure")
    if ended_by == "effort" and estimate is None:
        learned = _reps(learned, facts, done + STOP_RESERVE, STOP_VARIANCE, "stop")
        return _learn_report(learned, facts)
    is_read = estimate is not None and not (estimate.at_least or estimate.rir > FAR_RIR)
    if estimate is not None and is_read:
        learned = _reps(learned, facts, done + estimate.rir, _variance(estimate), "speed", bias=1.0)
    learned = _learn_report(learned, facts)
    if estimate is not None and not is_read:
        learned = _at_least(learned, facts, done + estimate.low, _variance(estimate), "speed", bias=1.0)
    if ended_by in COMPLETED:
        learned = _at_least(learned, facts, float(done), FAILURE_VARIANCE, "completed")
    return learned


def _learn_report(learned: Learned, facts: SetFacts) -> Learned:
    said = facts.answers.rir
    if said == "many":
        least = facts.end.reps + REPORTED_MANY + REPORT_BIAS
        return _at_least(learned, facts, least, REPORT_VARIANCE, "reported")
    if said in REPORTED:
        reps = facts.end.reps + REPORTED[said] + REPORT_BIAS
        return _reps(learned, facts, reps, REPORT_VARIANCE, "reported")
    return learned


def _variance(estimate: Reserves) -> float:
    """R = (.7 + .22 y)^2 + .6 (design page 5), never below what the model's own band says."""
    band = (estimate.high - estimate.low) / (2.0 * BAND_SIGMAS)
    return max((0.7 + 0.22 * estimate.rir) ** 2 + 0.6, band**2)


def _reps(
    learned: Learned, facts: SetFacts, reps: float, variance: float, source: str, bias: float = 0.0
) -> Learned:
    """Observe the reps to failure of the applied dose; `bias` 1 adds the person's effort bias v.

    A failure is never set aside: it is what must be believed.
    """
    row, margin, noise = around(learned.belief, facts.applied, Seen(reps, variance, bias))
    name = f"{source}_set_{facts.applied.set}"
    if source == "failure":
        return moved(learned, update(learned.belief.state, row, -margin, noise), name)
    return observe(learned, row, -margin, noise, name)


def _at_least(
    learned: Learned, facts: SetFacts, reps: float, variance: float, source: str, bias: float = 0.0
) -> Learned:
    """Observe that at least so many reps were possible (truncated); what was done is never set aside."""
    row, margin, noise = around(learned.belief, facts.applied, Seen(reps, variance, bias))
    name = f"{source}_set_{facts.applied.set}"
    if source == "completed":
        return moved(learned, truncate(learned.belief.state, row, margin, noise), name)
    return observe_bound(learned, row, margin, noise, name)


class Seen(NamedTuple):
    """Reps to failure as one source saw them: reps, variance (reps^2), share of the effort bias in them."""

    reps: float
    variance: float
    bias: float


def around(belief: Belief, dose: Dose, seen: Seen) -> tuple[Vector, float, float]:
    """Linearise how far the believed capacity is above what the seen reps need: row, value, variance.

    n = (exp(c + a + b - .015 set) / w_eff - 1) / k (design page 5) solved for the capacity that n = d needs:
    c + a + b - .015 set - log(w_eff) - log(1 + k d), which is linear in all but the slope, however light or
    heavy the load. An error of d reps is k / (1 + k d) of it.
    """
    mean = belief.state.mean
    slope = exp(mean[SLOPE]) * rep_share(dose.tempo_ms)
    reps = max(seen.reps - seen.bias * mean[BIAS], LEAST_REPS)
    needed = 1.0 + slope * reps
    row = [0.0] * SIZE
    row[CAPACITY] = row[SHARED] = row[MACHINE] = 1.0
    row[SLOPE] = -slope * reps / needed
    row[BIAS] = seen.bias * slope / needed
    value = ready_log(belief, dose) - log(effective_kg(belief.kind, dose)) - log(needed)
    return tuple(row), value, seen.variance * (slope / needed) ** 2
