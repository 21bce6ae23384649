"""The load that would have left the wanted reps in reserve, from what the person says and Epley's slope."""

from dataclasses import replace
from typing import Final

from contract.machines import LOAD_STEP_G
from ml.capacity import EFFORT_MOST
from ml.doses import step_down_g
from ml.effort_target import effort_target
from ml.evidence import Evidence
from ml.observations import REPORT_BIAS, REPORTED, REPORTED_MANY
from ml.policies.table import session_first, under_table, with_load
from ml.wish import Wish

SLOPE: Final = 1.0 / 30.0  # of 1RM per rep (Epley 1985)


def reported_rir(evidence: Evidence) -> Wish:
    """Wish the load of the phase's effort by the newest answer; people report .95 reps too few."""
    wish, rises = under_table(evidence)
    last = evidence.last
    if last is None or last.answers.rir is None or last.end.reps == 0 or last.applied.load_g == 0:
        return wish
    said = REPORTED.get(last.answers.rir, REPORTED_MANY)
    wanted_g = step_down_g(last.applied.load_g * _share(last.end.reps, said + REPORT_BIAS, evidence))
    first_g = session_first(evidence, wish.dose).load_g
    if wanted_g < min(wish.dose.load_g, first_g):
        return with_load(wish, wanted_g, "evidence")
    if "load" in rises and wanted_g >= first_g + LOAD_STEP_G:
        return replace(with_load(wish, wanted_g, "evidence"), raised="load")
    return wish


def _share(done: int, spare: float, evidence: Evidence) -> float:
    """Return the share of the load at which the same reps would have had the wanted effort."""
    possible = done * EFFORT_MOST / effort_target(evidence.request)
    return (1.0 + SLOPE * (done + spare)) / (1.0 + SLOPE * possible)
