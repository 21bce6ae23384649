"""The simplest rule that studios use: when the reps were done, add a fixed share of the load next time."""

from dataclasses import replace

from ml.evidence import Evidence
from ml.policies.table import load_cap_g, session_first, under_table, with_load
from ml.policies.wish import Wish

STEP_SHARE = 0.025  # +2.5 % after every completed set (baseline of design page 5)


def linear(evidence: Evidence) -> Wish:
    """Wish 2.5 % more when the last set reached its reps; the table stays the law."""
    wish, rises = under_table(evidence)
    last = evidence.last
    if "load" not in rises or last is None or last.end.ended_by != "target":
        return wish
    first = session_first(evidence, wish.dose)
    return replace(with_load(wish, load_cap_g(first.load_g, STEP_SHARE), "completed"), raised="load")
