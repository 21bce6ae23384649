"""The rule of the lumbar extension trials: one load until all reps of the window are done, then 5 % more."""

from dataclasses import replace

from ml.evidence import Evidence
from ml.policies.table import load_cap_g, session_first, under_table, with_load
from ml.policies.wish import Wish
from ml.rules.doses import with_reps
from ml.rules.effort_target import reps_window

STEP_SHARE = 0.05  # when 15-20 reps are done (science 2.3)


def medx(evidence: Evidence) -> Wish:
    """Wish the phase's most reps at once, and 5 % more load as soon as they were done."""
    wish, rises = under_table(evidence)
    last = evidence.last
    if last is None or last.end.ended_by != "target":
        return wish
    top = reps_window(evidence.request)[1]
    if wish.dose.reps < top:
        return replace(wish, dose=with_reps(wish.dose, top), raised="time") if "time" in rises else wish
    if "load" not in rises or last.end.reps < top:
        return wish
    first = session_first(evidence, wish.dose)
    return replace(with_load(wish, load_cap_g(first.load_g, STEP_SHARE), "completed"), raised="load")
