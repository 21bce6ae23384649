"""What a candidate dose is worth, and the chances it is judged by (design page 5, action)."""

from math import exp, log
from typing import Final

from ml.belief.capacity import chance_below, effort_cr10, expected_reps, reps_in_time, reserve
from ml.belief.kalman import normal_cdf
from ml.belief.state import PAIN, RANGE
from ml.clinical.table import EFFORT_MARGIN, amber_until
from ml.decision import Candidate
from ml.evidence import Evidence
from ml.learning.tolerance import expected_pain_rise, range_logit
from ml.replacing import replace
from ml.request import Dose
from ml.rules.effort_target import effort_target, too_hard_chance

RED_CHANCE, FLARE_CHANCE = 0.05, 0.03  # allowed P(pain red), P(flare) (design page 5)
CHANCE_ADDED = 0.005  # a candidate that hardly adds to the chance of staying as it is may still rise
RANGE_WEIGHT, WEAK_WEIGHT, FLARE_WEIGHT = 0.3, 0.2, 3.0
PAIN_SD = 1.0  # NRS, of one answer (science 3.7)
# logit P(flare) = -4.6 + 1.1 [RIR < 1] + 9 max(0, rise - .07) + .35 (NRS - 3) + 6 beyond + s (science 3.7)
FLARE_BASE, FLARE_HARD, FLARE_STEP, FLARE_PAIN, FLARE_RANGE = -4.6, 1.1, 9.0, 0.35, 6.0
FLARE_FREE_STEP, FLARE_FREE_NRS = 0.07, 3.0
BEYOND_SHARE: Final = (
    0.25  # logit of range beyond what is tolerated -> share of the span (slope of the logistic)
)


def weigh(evidence: Evidence, dose: Dose, reference: Dose, hold: Candidate | None = None) -> Candidate:
    """Score one dose against the dose in force; chances of failure, flare and red pain included.

    `hold` is staying as it is: a dose that hardly adds to its chances of pain is not forbidden by them.
    """
    expected = reserve(evidence.belief, dose)
    reps = reps_in_time(dose)
    p_hard = chance_below(expected.reps, expected.sd, reps + 1.0)
    effort = effort_cr10(reps, expected.reps)
    p_flare = flare_chance(evidence, dose, reference, p_hard)
    p_red = red_chance(evidence, dose)
    fresh = effort_cr10(reps, expected_reps(evidence.belief, replace(dose, set=1))[0])
    score = _score(evidence, dose, (effort, fresh), p_flare)
    within = {
        "chance_too_hard": p_hard <= too_hard_chance(evidence.request),
        "chance_flare": p_flare <= max(FLARE_CHANCE, 0.0 if hold is None else hold.p_flare + CHANCE_ADDED),
        "chance_red": p_red <= max(RED_CHANCE, 0.0 if hold is None else hold.p_red + CHANCE_ADDED),
        "effort_zone": effort <= effort_target(evidence.request) + EFFORT_MARGIN,
    }
    refused = next((name for name, is_within in within.items() if not is_within), None)
    return Candidate(
        load_g=dose.load_g,
        start_cdeg=dose.start_cdeg,
        end_cdeg=dose.end_cdeg,
        reps=dose.reps,
        score=round(score, 6),
        rir=round(expected.reps - reps, 6),
        p_too_hard=round(p_hard, 6),
        p_flare=round(p_flare, 6),
        p_red=round(p_red, 6),
        allowed=refused is None,
        refused=refused,
    )


def flare_chance(evidence: Evidence, dose: Dose, reference: Dose, p_hard: float) -> float:
    """Return P(pain up by 2 for more than a day) (science 3.7)."""
    rise = log(dose.load_g / reference.load_g) if dose.load_g > 0 and reference.load_g > 0 else 0.0
    pain = evidence.request.person.baseline_nrs if evidence.pain_nrs is None else evidence.pain_nrs
    logit = (
        FLARE_BASE
        + FLARE_HARD * p_hard
        + FLARE_STEP * max(0.0, rise - FLARE_FREE_STEP)
        + FLARE_PAIN * (pain - FLARE_FREE_NRS)
        + FLARE_RANGE * beyond_tolerated(evidence, dose)
        + evidence.belief.state.mean[PAIN]
    )
    return 1.0 / (1.0 + exp(-logit))


def beyond_tolerated(evidence: Evidence, dose: Dose) -> float:
    """Return how far a dose goes beyond the tolerated range, as a share of the machine's range."""
    over = range_logit(evidence.belief.kind, dose.end_cdeg) - evidence.belief.state.mean[RANGE]
    return max(over, 0.0) * BEYOND_SHARE


def red_chance(evidence: Evidence, dose: Dose) -> float:
    """Return P(pain of the next set is red)."""
    if evidence.pain_nrs is None or dose.load_g == 0:
        return 0.0
    envelope, baseline = evidence.request.envelope, evidence.request.person.baseline_nrs
    red_from = min(amber_until(baseline), envelope.pain_amber_nrs) + 0.5
    expected = (evidence.request.today.pain_before or evidence.pain_nrs) + expected_pain_rise(evidence.belief)
    return normal_cdf((expected - red_from) / PAIN_SD)


def _score(evidence: Evidence, dose: Dose, efforts: tuple[float, float], p_flare: float) -> float:
    """Score by the effort of this set and of a visit's first one, which will be done with the same dose."""
    low, high = evidence.kind.default_cdeg
    range_share = min((dose.end_cdeg - dose.start_cdeg) / (high - low), 1.0)
    weak = WEAK_WEIGHT if evidence.request.person.weak_side == dose.side else 0.0
    target = effort_target(evidence.request)
    off_target = sum((effort - target) ** 2 for effort in efforts) / len(efforts)
    return -off_target + RANGE_WEIGHT * range_share + weak - FLARE_WEIGHT * p_flare
