"""The range that training aims at: the kind's default inside what the clinician signed for the side."""

from ml.belief.state import RANGE
from ml.evidence import Evidence
from ml.learning.tolerance import range_logit

COMPLETE_SHARE = 0.8  # of the target: restore may be left (page 8)
TRIED_SIGMAS = 1.5  # an end so far beyond the tolerated one is not tried; it is tried again as doubt grows


def range_target_cdeg(evidence: Evidence) -> tuple[int, int]:
    """Return the lowest start and the highest end that training aims at (hundredths of a degree)."""
    low, high = evidence.kind.default_cdeg
    signed = evidence.request.envelope.sides.get(evidence.request.side)
    if signed is None:
        return low, high
    return max(low, signed.lowest_cdeg), min(high, signed.highest_cdeg)


def is_range_complete(evidence: Evidence, start_cdeg: int, end_cdeg: int) -> bool:
    """Tell whether a range is at least 80 % of its target, or as wide as the person tolerates."""
    low, high = range_target_cdeg(evidence)
    wider = min(end_cdeg + evidence.kind.range_step_cdeg, high)
    return end_cdeg - start_cdeg >= COMPLETE_SHARE * (high - low) or not is_tolerated(evidence, wider)


def is_tolerated(evidence: Evidence, end_cdeg: int) -> bool:
    """Tell whether an end angle may be tried: not clearly beyond the tolerated range that is believed."""
    belief = evidence.belief
    over = range_logit(belief.kind, end_cdeg) - belief.state.mean[RANGE]
    return over <= TRIED_SIGMAS * belief.sd(RANGE)
