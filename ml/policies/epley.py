"""What the published rules share: Epley's line from reps to the share of the one-repetition maximum."""

from dataclasses import replace
from typing import NamedTuple

from contract.machines import LOAD_STEP_G
from ml.belief.capacity import EFFORT_MOST
from ml.evidence import Evidence
from ml.policies.table import load_cap_g, session_first, with_load
from ml.policies.wish import Wish
from ml.request import Raised
from ml.rules.doses import step_down_g
from ml.rules.effort_target import effort_target

SLOPE = 1.0 / 30.0  # of 1RM per rep (Epley 1985)
BOUND_STEP = 0.05  # of load where only "more than can be told" is known (2.5-10 % in use; science 2.3)


class Wanted(NamedTuple):
    """The load that a rule works out, the name of its part in the split, and whether it rests on a bound."""

    load_g: int
    code: str
    is_bound: bool = False


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


def towards(evidence: Evidence, wish: Wish, rises: tuple[Raised, ...], wanted: Wanted) -> Wish:
    """Wish a load: down at any time, up only where the table lets the load rise."""
    first_g, wanted_g, code = session_first(evidence, wish.dose).load_g, wanted.load_g, wanted.code
    if wanted.is_bound:  # "at least so many left" is no reason to take load back
        wanted_g = max(wanted_g, load_cap_g(first_g, BOUND_STEP))
    if wanted_g < min(wish.dose.load_g, first_g):
        return with_load(wish, wanted_g, code)
    if "load" in rises and wanted_g >= first_g + LOAD_STEP_G:
        return replace(with_load(wish, wanted_g, code), raised="load")
    return wish
