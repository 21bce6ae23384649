"""What a finished set says about the belief: every observation of design page 5, each behind one gate."""

from dataclasses import dataclass, replace
from math import exp, log, sqrt
from typing import NamedTuple

from contract.machines import catalogue
from ml.belief import BIAS, CAPACITY, PAIN, RANGE, SIZE, Belief, floored
from ml.capacity import LEAST_REPS, Reserve, reserve
from ml.effort import BAND_SIGMAS, Reserves
from ml.features import reached_cdeg, reached_share
from ml.kalman import Gaussian, Vector, project, truncate, update
from ml.request import SetFacts

FAR_RIR = 7.0  # reps; so far from failure only a bound is believed: nothing in a set tells 10 from 40
GATE_SIGMAS = 3.5  # innovations beyond are set aside and shown to staff (design page 5)
FAILURE_VARIANCE = 0.8**2  # reps^2; failure at rep d says n - .5 = d
REPORT_BIAS = 0.95  # reps; people report so many too few (Halperin 2022)
REPORT_VARIANCE = 2.4**2  # reps^2
REPORTED = {"0": 0.0, "1-2": 1.5, "3-5": 4.0}  # words on the screen; "many" is a bound
REPORTED_MANY = 6.0
STOP_RESERVE, STOP_VARIANCE = (
    1.5,
    1.5**2,
)  # reps left where the speed rule ends a set (loss of 25-40 %, science 2.2)
COMPLETED = frozenset(("target",))
PAIN_VARIANCE = 1.0  # NRS^2: report noise .7 in each of two answers (science 3.7)
PAIN_RISE = 0.5  # NRS: usual rise within a session (science 3.7: .5 to 1.5, half of it settles at once)
RANGE_VARIANCE = 0.15**2  # logit^2; a reached end repeats within 1-2 deg of 60 (design choice)
RANGE_KEPT = 0.9  # of the span reached: the range was tolerated (page 8)
PAINLESS_RISE = 1  # NRS: no more than this during the set counts as painless


class Move(NamedTuple):
    """What one fact did to the belief: its code (`speed_set_1`) and the mean of the state after it."""

    code: str
    mean: Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The belief after the facts, what each of them did, and the observations that were set aside."""

    belief: Belief
    set_aside: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()


def learn(belief: Belief, facts: SetFacts, estimate: Reserves | None, pain_before: int | None) -> Learned:
    """Take in one finished set, as it was applied, in a fixed order of observations."""
    learned = Learned(belief=belief)
    if facts.applied.mode not in ("train", "warm_up"):
        return learned
    if facts.applied.load_g > 0 and facts.end.reps > 0:
        learned = _learn_reps(learned, facts, estimate)
    learned = _learn_range(learned, facts, pain_before)
    learned = _learn_pain(learned, facts, pain_before)
    return replace(learned, belief=replace(learned.belief, state=floored(learned.belief.state)))


def _learn_reps(learned: Learned, facts: SetFacts, estimate: Reserves | None) -> Learned:
    done = facts.end.reps
    if facts.end.ended_by == "tempo":
        return _reps(learned, facts, done + 0.5, FAILURE_VARIANCE, "failure")
    if facts.end.ended_by == "effort":
        learned = _reps(learned, facts, done + STOP_RESERVE, STOP_VARIANCE, "stop")
        return _learn_report(learned, facts)
    if facts.end.ended_by in COMPLETED:
        learned = _at_least(learned, facts, float(done), FAILURE_VARIANCE, "completed")
    if estimate is not None and (estimate.at_least or estimate.rir > FAR_RIR):
        learned = _at_least(learned, facts, done + estimate.low, _variance(estimate), "speed", bias=1.0)
    elif estimate is not None:
        learned = _reps(learned, facts, done + estimate.rir, _variance(estimate), "speed", bias=1.0)
    return _learn_report(learned, facts)


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

    On the logarithm of the reps: they are positive and skewed, and a light load leaves hundreds (to first
    order the same as the equations of page 5). A failure is never set aside: it is what must be believed.
    """
    expected = reserve(learned.belief, facts.applied)
    seen = max(reps - bias * learned.belief.state.mean[BIAS], LEAST_REPS)
    row = _log_row(expected, bias)
    innovation = log(seen) - log(expected.reps)
    name = f"{source}_set_{facts.applied.set}"
    if source == "failure":
        return _moved(learned, update(learned.belief.state, row, innovation, variance / seen**2), name)
    return _observe(learned, row, innovation, variance / seen**2, name)


def _at_least(
    learned: Learned, facts: SetFacts, reps: float, variance: float, source: str, bias: float = 0.0
) -> Learned:
    """Observe that at least so many reps were possible (truncated update)."""
    expected = reserve(learned.belief, facts.applied)
    bound = max(reps - bias * learned.belief.state.mean[BIAS], LEAST_REPS)
    margin = log(expected.reps) - log(bound)
    state = truncate(learned.belief.state, _log_row(expected, bias), margin, variance / bound**2)
    return _moved(learned, state, f"{source}_set_{facts.applied.set}")


def _log_row(expected: Reserve, bias: float) -> Vector:
    return tuple(
        (bias if place == BIAS else value) / expected.reps for place, value in enumerate(expected.row)
    )


def _learn_range(learned: Learned, facts: SetFacts, pain_before: int | None) -> Learned:
    share, reached = reached_share(facts), reached_cdeg(facts.reps)
    if share is None or reached is None:
        return learned
    row, name = _unit(RANGE), f"range_set_{facts.applied.set}"
    margin = learned.belief.state.mean[RANGE] - range_logit(learned.belief.kind, reached)
    if share >= RANGE_KEPT and pain_rise(facts, pain_before) <= PAINLESS_RISE:
        return _moved(learned, truncate(learned.belief.state, row, margin, RANGE_VARIANCE), name)
    return _observe(learned, row, -margin, RANGE_VARIANCE, name)


def _learn_pain(learned: Learned, facts: SetFacts, pain_before: int | None) -> Learned:
    if facts.answers.pain_set is None or pain_before is None:
        return learned
    expected = expected_pain_rise(learned.belief)
    row = _unit(PAIN, expected)
    innovation = pain_rise(facts, pain_before) - expected
    return _observe(learned, row, innovation, PAIN_VARIANCE, f"pain_set_{facts.applied.set}")


def pain_rise(facts: SetFacts, pain_before: int | None) -> int:
    """Return how much pain rose during a set (NRS; 0 where it was not answered)."""
    if facts.answers.pain_set is None or pain_before is None:
        return 0
    return max(facts.answers.pain_set - pain_before, 0)


def expected_pain_rise(belief: Belief) -> float:
    """Return the rise of pain that a usual set brings this person (NRS)."""
    return PAIN_RISE * exp(belief.state.mean[PAIN])


def range_logit(kind: str, end_cdeg: int) -> float:
    """Return an end angle as the logit of its place in the machine's range."""
    low, high = catalogue()[kind].limit_cdeg
    place = min(max((end_cdeg - low) / (high - low), 0.02), 0.98)
    return log(place / (1.0 - place))


def observe_isometric(learned: Learned, capacity_kg: float, variance: float) -> Learned:
    """Take in a strength test as a reading of log capacity (its variance holds the test's own bias)."""
    innovation = log(capacity_kg) - learned.belief.state.mean[CAPACITY]
    return _observe(learned, _unit(CAPACITY), innovation, variance, "isometric")


def _observe(learned: Learned, row: Vector, innovation: float, variance: float, source: str) -> Learned:
    """Update unless the innovation lies beyond the gate; then set it aside."""
    _, spread = project(learned.belief.state, row)
    if abs(innovation) > GATE_SIGMAS * sqrt(spread + variance):
        return replace(learned, set_aside=(*learned.set_aside, source))
    return _moved(learned, update(learned.belief.state, row, innovation, variance), source)


def _moved(learned: Learned, state: Gaussian, source: str) -> Learned:
    moves = (*learned.moves, Move(source, state.mean))
    return replace(learned, belief=replace(learned.belief, state=state), moves=moves)


def _unit(index: int, weight: float = 1.0) -> Vector:
    return tuple(weight if place == index else 0.0 for place in range(SIZE))
