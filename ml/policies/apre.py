"""Autoregulatory progressive resistance: reps beyond or below the goal set the next load by a table."""

from typing import Final

from ml.evidence import Evidence
from ml.learning.observations import REPORT_BIAS, REPORTED, REPORTED_MANY
from ml.policies.epley import Wanted, possible_reps, towards
from ml.policies.table import under_table
from ml.policies.wish import Wish
from ml.rules.doses import step_down_g

# Reps possible against the goal -> change of load. The published table (science 2.3) is for barbells of 50 kg
# and more and in kilograms (-5 to +7.5); here as shares of the load, 2.5 kg = 5 %.
CHANGES: Final[tuple[tuple[float, float], ...]] = ((0.65, -0.075), (0.85, -0.025), (1.15, 0.0), (1.65, 0.075))
MOST = 0.125


def apre(evidence: Evidence) -> Wish:
    """Wish the table's change of load; sets are not lifted to failure, so the spare reps are asked for."""
    wish, rises = under_table(evidence)
    last = evidence.last
    if last is None or last.answers.rir is None or last.end.reps == 0 or last.applied.load_g == 0:
        return wish
    possible = last.end.reps + REPORTED.get(last.answers.rir, REPORTED_MANY) + REPORT_BIAS
    change = _change(possible / possible_reps(evidence, last.end.reps))
    wanted_g = step_down_g(last.applied.load_g * (1.0 + change))
    return towards(evidence, wish, rises, Wanted(wanted_g, "reported", last.answers.rir not in REPORTED))


def _change(share: float) -> float:
    return next((change for most, change in CHANGES if share < most), MOST)
