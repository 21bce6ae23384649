"""A fixed share of a tested maximum, tested again every six weeks; in between nothing is looked at."""

from ml.evidence import Evidence
from ml.policies.epley import SLOPE, Wanted, possible_reps, towards
from ml.policies.table import under_table
from ml.policies.wish import Wish
from ml.request import SessionSummary
from ml.rules.doses import step_down_g

TEST_VISITS = 12  # six weeks of two visits
FIRST_TEST = 4  # after practice (design page 8, "Tests")


def percent_1rm_retest(evidence: Evidence) -> Wish:
    """Wish the share of the last tested maximum at which the phase's reps have the phase's effort."""
    wish, rises = under_table(evidence)
    maximum_g = _tested_g(evidence)
    if maximum_g is None or evidence.last is None:
        return wish
    share = 1.0 / (1.0 + SLOPE * possible_reps(evidence, wish.dose.reps))
    return towards(evidence, wish, rises, Wanted(step_down_g(maximum_g * share), "tested"))


def _tested_g(evidence: Evidence) -> float | None:
    """Return the maximum (g) of the newest test visit: Epley's line from that visit's set and its effort."""
    tests = [visit for visit in evidence.request.past if _is_test(visit)]
    if not tests or tests[-1].effort_cr10 is None:
        return None
    return tests[-1].load_g * (1.0 + SLOPE * tests[-1].reps * 10.0 / tests[-1].effort_cr10)


def _is_test(visit: SessionSummary) -> bool:
    is_day = visit.visit == FIRST_TEST or (visit.visit > 0 and visit.visit % TEST_VISITS == 0)
    return is_day and bool(visit.effort_cr10) and visit.reps > 0 and visit.load_g > 0
