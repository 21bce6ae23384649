"""Two for two: two reps to spare in the last set of two visits in a row, and the load goes up."""

from dataclasses import replace

from ml.belief.capacity import effort_cr10
from ml.evidence import Evidence
from ml.learning.observations import REPORTED
from ml.policies.table import load_cap_g, session_first, under_table, with_load
from ml.policies.wish import Wish

SPARE_REPS = 2.0  # beyond the goal (Baechle; science 2.3)
STEP_SHARE = 0.05  # 2.5-10 % in use


def two_for_two(evidence: Evidence) -> Wish:
    """Wish 5 % more when the person had two reps to spare today and at the last visit."""
    wish, rises = under_table(evidence)
    if "load" not in rises or not (_has_spare(evidence) and _had_spare(evidence)):
        return wish
    first = session_first(evidence, wish.dose)
    return replace(with_load(wish, load_cap_g(first.load_g, STEP_SHARE), "completed"), raised="load")


def _has_spare(evidence: Evidence) -> bool:
    """Tell whether the person says so: sets end at their goal, so nobody lifts the two reps."""
    last = evidence.last
    if last is None or last.end.ended_by != "target" or last.answers.rir is None:
        return False
    return REPORTED.get(last.answers.rir, SPARE_REPS) >= SPARE_REPS


def _had_spare(evidence: Evidence) -> bool:
    past = evidence.request.past[-1:]
    return any(
        visit.ended_by == "target"
        and visit.effort_cr10 is not None
        and visit.effort_cr10 <= effort_cr10(visit.reps, visit.reps + SPARE_REPS)
        for visit in past
    )
