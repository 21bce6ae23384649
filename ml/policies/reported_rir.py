"""The load that would have left the wanted reps in reserve, from what the person says."""

from ml.evidence import Evidence
from ml.learning.observations import REPORT_BIAS, REPORTED, REPORTED_MANY
from ml.policies.epley import Wanted, load_for_effort_g, towards
from ml.policies.table import under_table
from ml.policies.wish import Wish


def reported_rir(evidence: Evidence) -> Wish:
    """Wish the load of the phase's effort by the newest answer; people report .95 reps too few."""
    wish, rises = under_table(evidence)
    said = evidence.last.answers.rir if evidence.last else None
    if said is None:
        return wish
    wanted_g = load_for_effort_g(evidence, REPORTED.get(said, REPORTED_MANY) + REPORT_BIAS)
    if wanted_g is None:
        return wish
    return towards(evidence, wish, rises, Wanted(wanted_g, "reported", said not in REPORTED))
