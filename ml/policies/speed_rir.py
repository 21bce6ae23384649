"""The load that would have left the wanted reps in reserve, from speed and tempo of the newest set."""

from ml.evidence import Evidence
from ml.policies.epley import Wanted, load_for_effort_g, towards
from ml.policies.table import under_table
from ml.policies.wish import Wish


def speed_rir(evidence: Evidence) -> Wish:
    """Wish the load of the phase's effort by the effort model's reading of the reps, without any belief."""
    wish, rises = under_table(evidence)
    if evidence.estimate is None:
        return wish
    wanted_g = load_for_effort_g(evidence, max(evidence.estimate.rir, 0.0))
    if wanted_g is None:
        return wish
    return towards(evidence, wish, rises, Wanted(wanted_g, "speed", evidence.estimate.at_least))
