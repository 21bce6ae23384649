"""What staff may open at the machine: the steps of one side, and every transition between them.

On a spasm day nothing is lifted with trunk and neck, but for a light set that the plan marks for staff: first
a trial without load, then the answer that it did not hurt, then a staff PIN. What hurts shuts it for the day.
A pair that is not in the table changes nothing, and a new sign-in begins at the trial: it fails closed.
"""

from collections.abc import Collection
from enum import Enum

LATCHES_THAT_SHUT = frozenset(("pain", "red", "unwell", "symptom", "forgotten", "hurt"))  # see `latches`


class Step(Enum):
    """How far a side has come towards a set that staff open."""

    UNTRIED = "untried"
    TRIED = "tried"  # to its target without load; how it felt is not known yet
    PAINLESS = "painless"  # staff may open it now
    OPEN = "open"
    SHUT = "shut"  # something hurt: not today


class Cause(Enum):
    """What moves a side on, or shuts it."""

    TRIAL_DONE = "trial_done"
    FELT_WELL = "felt_well"
    STAFF = "staff"
    HURT = "hurt"


TRANSITIONS: dict[tuple[Step, Cause], Step] = {
    (Step.UNTRIED, Cause.TRIAL_DONE): Step.TRIED,
    (Step.TRIED, Cause.FELT_WELL): Step.PAINLESS,
    (Step.PAINLESS, Cause.STAFF): Step.OPEN,
    **{(step, Cause.HURT): Step.SHUT for step in Step},
}


def after(step: Step, cause: Cause) -> Step:
    """Return the next step; a cause that means nothing now changes nothing."""
    return TRANSITIONS.get((step, cause), step)


def first_step(latches: Collection[str]) -> Step:
    """Return where every side of a new session begins, with what today has left behind."""
    shuts = any(latch.partition(":")[0] in LATCHES_THAT_SHUT for latch in latches)
    return Step.SHUT if shuts else Step.UNTRIED
