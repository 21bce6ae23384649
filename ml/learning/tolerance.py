"""What pain and reach tell of the tolerated range rho and of the pain sensitivity s (design page 5)."""

from math import exp, log

from contract.machines import catalogue
from ml.belief.state import PAIN, RANGE, Belief, floored
from ml.clinical.table import is_settled
from ml.effort.features import reached_cdeg, reached_share
from ml.learning.gate import Learned, observe, observe_bound, unit
from ml.replacing import replace
from ml.request import SetFacts

PAIN_VARIANCE = 1.0  # NRS^2: report noise .7 in each of two answers (science 3.7)
PAIN_RISE = 0.5  # NRS: usual rise within a session (science 3.7: .5 to 1.5, half of it settles at once)
PRESSED_RISE = 2  # NRS: pressing Pain says at least so much (a flare begins there, science 3.7)
MORNING_SHARE = 0.25  # of the session's rise is left next morning: e^(-16 h / 12 h) (science 3.7)
MORNING_VARIANCE = 1.0  # NRS^2: the day's own noise in B and in the morning (science 3.7)
RANGE_VARIANCE = 0.15**2  # logit^2; a reached end repeats within 1-2 deg of 60 (design choice)
SORE_VARIANCE = 0.5**2  # logit^2; pain has other causes than the range too (design choice)
MORNING_RANGE_VARIANCE = 1.0  # logit^2; a morning says little of which angle it was (design choice)
MOBILITY_VARIANCE = 0.35**2  # logit^2; unloaded reach, loaded less or more by some degrees (design choice)
RANGE_KEPT = 0.9  # of the span reached: the range was tolerated (page 8)
SHORT_CDEG = 200  # 2 deg: stopping so long before the end, a rep has met its own (reach varies by .8)
PAINLESS_RISE = 1  # NRS: no more than this during the set counts as painless


def learn_range(learned: Learned, facts: SetFacts, pain_before: int | None) -> Learned:
    """Read the tolerated end: beyond what was reached painlessly, below what hurt, at what stopped a set."""
    share, reached = reached_share(facts), reached_cdeg(facts.reps)
    if share is None or reached is None:
        return learned
    margin = learned.belief.state.mean[RANGE] - range_logit(learned.belief.kind, reached)
    source = f"range_set_{facts.applied.set}"
    if share < RANGE_KEPT or reached < facts.applied.end_cdeg - SHORT_CDEG:
        return observe(learned, unit(RANGE), -margin, RANGE_VARIANCE, source)
    if pain_rise(facts, pain_before) <= PAINLESS_RISE:
        return observe_bound(learned, unit(RANGE), margin, RANGE_VARIANCE, source)
    return observe_bound(learned, unit(RANGE, -1.0), -margin, SORE_VARIANCE, source)


def learn_pain(learned: Learned, facts: SetFacts, pain_before: int | None) -> Learned:
    """Read the sensitivity from the rise of pain during and after a set."""
    is_pressed = facts.end.ended_by == "pain"
    if not is_pressed and (facts.answers.pain_set is None or pain_before is None):
        return learned
    expected = expected_pain_rise(learned.belief)
    innovation = pain_rise(facts, pain_before) - expected
    source = f"pain_set_{facts.applied.set}"
    return observe(learned, unit(PAIN, expected), innovation, PAIN_VARIANCE, source)


def learn_morning(
    learned: Learned,
    morning_nrs: int | None,
    baseline_nrs: int,
    end_cdeg: int | None,
    *,
    is_told: bool = False,
) -> Learned:
    """Read the morning after: sensitivity from its rise over B, the range from an unsettled one.

    `end_cdeg` is the end angle of the visit before, None where nothing was trained; `is_told` when the
    sensitivity comes from another machine that has read the same morning.
    """
    if morning_nrs is None or end_cdeg is None:
        return learned
    expected = MORNING_SHARE * expected_pain_rise(learned.belief)
    innovation = max(morning_nrs - baseline_nrs, 0) - expected
    if not is_told:
        learned = observe(learned, unit(PAIN, expected), innovation, MORNING_VARIANCE, "morning")
    if not is_settled(morning_nrs, baseline_nrs):
        margin = range_logit(learned.belief.kind, end_cdeg) - learned.belief.state.mean[RANGE]
        row = unit(RANGE, -1.0)
        learned = observe_bound(learned, row, margin, MORNING_RANGE_VARIANCE, "morning_range")
    return replace(learned, belief=replace(learned.belief, state=floored(learned.belief.state)))


def learn_mobility(learned: Learned, end_cdeg: int) -> Learned:
    """Take in the painless unloaded end of a mobility test as a reading of the tolerated end."""
    innovation = range_logit(learned.belief.kind, end_cdeg) - learned.belief.state.mean[RANGE]
    return observe(learned, unit(RANGE), innovation, MOBILITY_VARIANCE, "mobility")


def pain_rise(facts: SetFacts, pain_before: int | None) -> int:
    """Return how much pain rose during a set (NRS; 0 where it was not answered)."""
    pressed = PRESSED_RISE if facts.end.ended_by == "pain" else 0
    if facts.answers.pain_set is None or pain_before is None:
        return pressed
    return max(facts.answers.pain_set - pain_before, pressed)


def expected_pain_rise(belief: Belief) -> float:
    """Return the rise of pain that a usual set brings this person (NRS)."""
    return PAIN_RISE * exp(belief.state.mean[PAIN])


def range_logit(kind: str, end_cdeg: int) -> float:
    """Return an end angle as the logit of its place in the machine's range."""
    low, high = catalogue()[kind].limit_cdeg
    place = min(max((end_cdeg - low) / (high - low), 0.02), 0.98)
    return log(place / (1.0 - place))
