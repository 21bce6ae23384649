"""What the published rules share: Epley's line from reps to the share of the one-repetition maximum."""

from dataclasses import replace

from contract.machines import LOAD_STEP_G
from ml.belief.capacity import EFFORT_MOST
from ml.evidence import Evidence
from ml.policies.table import session_first, with_load
from ml.policies.wish import Wish
from ml.request import Raised
from ml.rules.doses import step_down_g
from ml.rules.effort_target import effort_target

SLOPE = 1.0 / 30.0  # of 1RM per rep (Epley 1985)


def possible_reps(evidence: Evidence, done: int) -> float:
    """Return the reps that must be possible, so that doing `done` has the effort of the phase."""
    return done * EFFORT_MOST / effort_target(evidence.request)


def load_for_effort_g(evidence: Evidence, spare: float) -> int | None:
    """Return the load (g) at which the newest set would have had the phase's effort; None without a set."""
    last = evidence.last
    if last is None or last.end.reps == 0 or last.applied.load_g == 0:
        return None
    done = last.end.reps
    share = (1.0 + SLOPE * (done + spare)) / (1.0 + SLOPE * possible_reps(evidence, done))
    return step_down_g(last.applied.load_g * share)


def towards(evidence: Evidence, wish: Wish, rises: tuple[Raised, ...], wanted_g: int, code: str) -> Wish:
    """Wish a load: down at any time, up only where the table lets the load rise; `code` names the part."""
    first_g = session_first(evidence, wish.dose).load_g
    if wanted_g < min(wish.dose.load_g, first_g):
        return with_load(wish, wanted_g, code)
    if "load" in rises and wanted_g >= first_g + LOAD_STEP_G:
        return replace(with_load(wish, wanted_g, code), raised="load")
    return wish
