"""An oracle that obeys phases, signed limits and the guard's steps, but not the steps of the decision table.

It shows what the limits alone would allow: the distance from it to the safe oracle is what the table costs.
"""

from dataclasses import replace

import numpy as np

from contract.machines import LOAD_STEP_G, G
from emulator.control.oracle import LEAST_RIR
from emulator.control.truth import possible_at
from emulator.people.bodies import Bodies
from ml.clinical.table import EFFORT_MARGIN
from ml.evidence import Evidence
from ml.policies.table import under_table, with_load
from ml.policies.wish import Policy, Wish
from ml.rules.doses import with_reps
from ml.rules.effort_target import effort_target, reps_window

LOADS = 40  # loads that are looked at, from nothing to the phase's cap


def unbound(body: Bodies) -> Policy:
    """Return the oracle that picks load and reps by the truth alone; a load of nothing stays nothing."""

    def oracle(evidence: Evidence) -> Wish:
        wish, _ = under_table(evidence)
        if wish.dose.load_g == 0 or wish.dose.mode != "train":
            return wish
        load_g, reps = _nearest(evidence, wish, body)
        free = replace(wish, dose=with_reps(wish.dose, reps), raised="load")
        return with_load(free, load_g, "evidence")

    return oracle


def _nearest(evidence: Evidence, wish: Wish, body: Bodies) -> tuple[int, int]:
    """Return the load (g) and the reps whose true effort is nearest to the target."""
    cap_g = min(evidence.request.envelope.phase_cap_g, evidence.request.envelope.max_load_g)
    fewest, most = reps_window(evidence.request)
    target = effort_target(evidence.request)
    loads_g = np.unique(np.linspace(LOAD_STEP_G, max(cap_g, LOAD_STEP_G), LOADS) // LOAD_STEP_G) * LOAD_STEP_G
    possible = possible_at(body, wish.dose, loads_g / G)
    found: list[
        tuple[float, int, int]
    ] = []  # distance from the target, less the load: of equals the heaviest
    for reps in range(fewest, most + 1):
        effort = 10 * reps / possible
        allowed = (possible - reps >= LEAST_RIR) & (effort <= target + EFFORT_MARGIN)
        away = np.where(allowed, np.abs(effort - target), np.inf)
        best = len(away) - 1 - int(np.argmin(away[::-1]))
        found.append((float(away[best]), -int(loads_g[best]), reps))
    nearest = min(found)
    return (LOAD_STEP_G, fewest) if np.isinf(nearest[0]) else (-nearest[1], nearest[2])
