"""Double progression: more reps at the same load first, then a step of load at the fewest reps."""

from dataclasses import replace

from ml.clinical.table import REPS_STEP
from ml.evidence import Evidence
from ml.policies.table import load_cap_g, session_first, under_table, with_load
from ml.policies.wish import Wish
from ml.rules.doses import with_reps
from ml.rules.effort_target import reps_window

STEP_SHARE = 0.05  # of load at the top of the window (2.5-10 % in use; science 2.3)


def double_progression(evidence: Evidence) -> Wish:
    """Wish two reps more until the phase's top is reached, then 5 % more load at the phase's bottom."""
    wish, rises = under_table(evidence)
    if evidence.last is None or evidence.last.end.ended_by != "target":
        return wish
    first = session_first(evidence, wish.dose)
    bottom, top = reps_window(evidence.request)
    if first.reps < top:
        longer = with_reps(wish.dose, min(first.reps + REPS_STEP, top))
        return replace(wish, dose=longer, raised="time") if "time" in rises else wish
    if "load" not in rises:
        return wish
    shaped = replace(wish, dose=with_reps(wish.dose, bottom), raised="load")
    return with_load(shaped, load_cap_g(first.load_g, STEP_SHARE), "completed")
