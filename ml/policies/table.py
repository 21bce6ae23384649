"""The part that every policy shares: the decision table is the law above any of them."""

from dataclasses import replace

from contract.machines import LOAD_STEP_G
from ml.clinical import EFFORT_MARGIN, TABLE
from ml.doses import lower
from ml.effort_target import effort_target, fills_first
from ml.evidence import Evidence
from ml.request import Dose, Raised
from ml.session_rows import base_dose, plan_rows
from ml.situations import situations
from ml.wish import Wish


def under_table(evidence: Evidence) -> tuple[Wish, tuple[Raised, ...]]:
    """Return the dose under the rows that match, and what may still rise on top of it."""
    base = base_dose(evidence)
    codes = situations(evidence)
    lowered = lower(evidence, base, codes)
    change_g = lowered.dose.load_g - base.load_g
    wish = Wish(
        base=base,
        dose=lowered.dose,
        situations=codes,
        binding=lowered.binding,
        split_g={lowered.binding: change_g} if lowered.binding and change_g else {},
    )
    return wish, _rises(evidence, wish)


def session_first(evidence: Evidence, base: Dose) -> Dose:
    """Return the first work set of today, from which one step a session is measured."""
    done = (facts.applied for facts in evidence.request.sets if facts.applied.mode == "train")
    first = next(done, base)
    span = evidence.request.standing.range_cdeg
    return first if span is None else replace(first, start_cdeg=span[0], end_cdeg=span[1])


def with_load(wish: Wish, load_g: int, code: str) -> Wish:
    """Return the wish with another load; the difference goes into the split under the code."""
    change_g = load_g - wish.dose.load_g
    if change_g == 0:
        return wish
    split = {**wish.split_g, code: wish.split_g.get(code, 0) + change_g}
    return replace(wish, dose=replace(wish.dose, load_g=load_g), split_g=split)


def load_cap_g(reference_g: int, share: float) -> int:
    """Return the load after a step of that share; one machine step is always allowed (page 8)."""
    stepped = int(reference_g * (1.0 + share)) // LOAD_STEP_G * LOAD_STEP_G
    return max(reference_g + LOAD_STEP_G, stepped)


def _rises(evidence: Evidence, wish: Wish) -> tuple[Raised, ...]:
    """List what may rise, in the order of the last row: what all rows leave, or what rose today already."""
    order = TABLE[wish.situations[-1]].rises if wish.situations else ()
    rises = tuple(thing for thing in order if all(thing in TABLE[code].rises for code in wish.situations))
    request = evidence.request
    if rises[:1] == ("load",) and fills_first(request, wish.base.load_g, wish.base.reps):
        rises = ("time", *(thing for thing in rises if thing == "range"))
    if wish.base.mode != "train" or not _has_evidence(evidence, wish.base):
        return ()
    return tuple(thing for thing in rises if request.raised_today in (None, thing))


def _has_evidence(evidence: Evidence, base: Dose) -> bool:
    """Tell whether a rise has grounds: a good set today, or, with one set a session, a good last visit.

    Before the first set only a green answer of today opens the way: so a plan rises at a later station of
    a visit, where the pain of today is known, and never at the first.
    """
    if evidence.last is not None:
        return evidence.last.applied.mode == "train"
    if not evidence.is_before_first_set or evidence.light != "green":
        return False
    return len(plan_rows(evidence, base)) == 1 and _was_good(evidence)


def _was_good(evidence: Evidence) -> bool:
    """Tell whether the last visit was complete, clean, green and not above its effort."""
    if not evidence.request.past or evidence.last_light != "green":
        return False
    last = evidence.request.past[-1]
    is_clean = last.ended_by == "target" and last.flagged_reps == 0
    effort = last.effort_cr10
    return is_clean and effort is not None and effort <= effort_target(evidence.request) + EFFORT_MARGIN
