"""The part that every policy shares: the decision table is the law above any of them."""

from typing import Final

from contract.machines import LOAD_STEP_G
from ml.clinical.table import EFFORT_MARGIN, REPS_STEP, TABLE
from ml.evidence import Evidence
from ml.limiter import bounds
from ml.policies.wish import Wish
from ml.replacing import replace
from ml.request import Dose, Raised, Request
from ml.rules.doses import with_reps
from ml.rules.effort_target import (
    CAREFUL_RISE_PERCENT,
    effort_target,
    fills_first,
    is_careful,
    reps_window,
)
from ml.rules.session_rows import PREPARING, base_dose, lowered_dose, plan_rows
from ml.rules.situations import situations

STEP_LEAST = 0.025  # of the load: where the limits leave less, range or time rises instead (page 8)
SETTLED: Final = frozenset(("settled_pain", "settled_signed"))  # at most +2.5 %, signed or not (page 8)
SMALL_STEP: Final = CAREFUL_RISE_PERCENT / 100.0
BELOW: Final = frozenset(("too_easy", "too_easy_third", "effort_below"))


def under_table(evidence: Evidence) -> tuple[Wish, tuple[Raised, ...]]:
    """Return the dose under the rows that match, and what may still rise on top of it."""
    base = base_dose(evidence)
    codes = situations(evidence)
    lowered = lowered_dose(evidence, base, codes)
    change_g = lowered.dose.load_g - base.load_g
    wish = Wish(
        base=base,
        dose=lowered.dose,
        situations=codes,
        binding=lowered.binding,
        split_g={lowered.binding: change_g} if lowered.binding and change_g else {},
    )
    return wish, _rises(evidence, wish)


def is_below_effort(wish: Wish) -> bool:
    """Tell whether the dose is too light: then a load goes up without taking reps back."""
    return any(code in BELOW for code in wish.situations)


def chooses_freely(evidence: Evidence, wish: Wish) -> bool:
    """Tell whether the row leaves open what rises: for members below their effort (design page 5, action)."""
    return evidence.request.profile == "studio" and "effort_below" in wish.situations


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


def is_small_step(evidence: Evidence, wish: Wish) -> bool:
    """Tell whether a load rises by 2.5 % only: age, bone, overlarge range, settled pain (page 8)."""
    person = evidence.request.person
    return is_careful(person) or person.hypermobile or bool(SETTLED & set(wish.situations))


def within_step(evidence: Evidence, wish: Wish) -> Wish:
    """Keep the rise of any policy within the small step, where the table allows no more."""
    if wish.raised != "load" or not is_small_step(evidence, wish):
        return wish
    cap_g = load_cap_g(session_first(evidence, wish.dose).load_g, SMALL_STEP)
    own = next(reversed(wish.split_g), "evidence")  # what the policy called its rise
    return with_load(wish, min(wish.dose.load_g, cap_g), own)


def longer(evidence: Evidence, wish: Wish) -> tuple[Dose, ...]:
    """Return what a step of time may lead to: two reps more, at least the phase's fewest.

    A dose below its effort may go at once as far as the phase's most (page 8: "to the phase's top").
    """
    least, most = reps_window(evidence.request)
    first = session_first(evidence, wish.dose)
    reps = max(first.reps + REPS_STEP, least)
    steps = range(reps, most + 1, REPS_STEP) if "effort_below" in wish.situations else (min(reps, most),)
    return tuple(with_reps(wish.dose, count) for count in steps if first.reps < count <= most)


def highest_load_g(evidence: Evidence) -> int:
    """Return the most (g) that the limits leave for the next set: a wish beyond them is no rise."""
    inside = bounds(evidence.request, evidence.kind)
    most_g = min(inside.max_load_g, inside.set_load_g, inside.session_load_g, inside.week_load_g)
    return most_g // LOAD_STEP_G * LOAD_STEP_G


def _rises(evidence: Evidence, wish: Wish) -> tuple[Raised, ...]:
    """List what may rise, in the order of the row: what all rows leave, and only what rose already today."""
    request, base = evidence.request, wish.base
    order = TABLE[wish.situations[-1]].rises if wish.situations else ()
    rises = tuple(thing for thing in order if all(thing in TABLE[code].rises for code in wish.situations))
    is_capped = highest_load_g(evidence) < load_cap_g(session_first(evidence, base).load_g, STEP_LEAST)
    is_short = base.reps < reps_window(request)[0]
    if rises == ("load",) and (is_capped or is_short or fills_first(request, base.load_g, base.reps)):
        rises = ("time", "range") if is_capped else ("time",)
    if base.mode != "train" or not _has_evidence(evidence, base):
        return ()
    return tuple(thing for thing in rises if _is_open(request, thing, is_capped=is_capped))


def _is_open(request: Request, thing: Raised, *, is_capped: bool) -> bool:
    is_again = request.raised_today == thing == "load"  # of range and time one step a session
    return (request.raised_today is None or is_again) and not (thing == "load" and is_capped)


def _has_evidence(evidence: Evidence, base: Dose) -> bool:
    """Tell whether a rise has grounds: a good set today, or, with one set a session, a good last visit.

    Before the first set only a green answer of today opens the way: so a plan rises at a later station of
    a visit, where the pain of today is known, and never at the first. In `studio` a step is one of each
    setting (design page 5), so that the first set may rise too.
    """
    last, person = evidence.last, evidence.request.person
    if last is not None and last.applied.mode == "train":
        return True
    if evidence.light != "green" or not _was_good(evidence):
        return False
    is_prepared = last is not None and last.applied.mode in PREPARING
    if evidence.request.profile == "studio" and not (is_careful(person) or person.hypermobile):
        return evidence.is_before_first_set or is_prepared
    return evidence.is_before_first_set and len(plan_rows(evidence, base)) == 1


def _was_good(evidence: Evidence) -> bool:
    """Tell whether the last visit was complete, clean, green and not above its effort."""
    if not evidence.request.past or evidence.last_light != "green":
        return False
    last = evidence.request.past[-1]
    is_clean = last.ended_by == "target" and last.flagged_reps == 0
    effort = last.effort_cr10
    return is_clean and effort is not None and effort <= effort_target(evidence.request) + EFFORT_MARGIN
