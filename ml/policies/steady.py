"""The policy of the product: the decision table as law, then the best dose that the chances allow.

One thing rises a session: range first, then time, then load (page 8). A computed increase of load is applied
by half (LoopAlgorithm gives 40 % of the computed dose), a decrease in full.
"""

from collections.abc import Iterable
from typing import Final

from contract.envelope import SPAN_LEAST_CDEG
from contract.machines import LOAD_STEP_G
from ml.belief.capacity import effective_kg, effort_cr10, fitting_load_g
from ml.belief.state import RANGE
from ml.clinical.table import EFFORT_MARGIN, REPS_STEP
from ml.decision import Candidate
from ml.evidence import Evidence
from ml.learning.tolerance import range_logit
from ml.policies.table import (
    SMALL_STEP,
    chooses_freely,
    highest_load_g,
    is_below_effort,
    is_small_step,
    load_cap_g,
    longer,
    session_first,
    under_table,
    with_load,
)
from ml.policies.utility import weigh
from ml.policies.wish import Wish
from ml.replacing import replace
from ml.request import Dose, Raised
from ml.rules.doses import step_down_g, with_reps
from ml.rules.effort_target import effort_target, reps_window, too_hard_chance
from ml.rules.range_target import is_tolerated, range_target_cdeg

DAMPING = 0.5  # share of a computed increase that is applied (design page 5: 40-60 %)
STEP, STEP_EASY, STEP_EASY_CALIBRATING = 0.05, 0.05, 0.10  # shares of the session's first load (page 8)
STEP_STUDIO, STEP_STUDIO_CALIBRATING = 0.08, 0.25  # per setting (design page 5)
CALIBRATING_LOAD_SHARE = 0.60  # of mean capacity: above it calibration takes regular steps
LOAD_CANDIDATES = 5
LESS_SHARES: Final = (0.975, 0.95, 0.925, 0.90, 0.85)  # lower loads that are tried, mildest first
HYSTERESIS = 2.0  # times the allowed chance before a load is taken back for the chance alone


def steady(evidence: Evidence) -> Wish:
    """Wish the next dose."""
    wish, rises = under_table(evidence)
    hold = weigh(evidence, wish.dose, wish.base)
    wish = replace(wish, candidates=(hold,))
    # The table's own step down is the law for work; a ramp that followed it down may still be too hard.
    is_lowered = wish.base.mode != "warm_up" and wish.dose.load_g < wish.base.load_g
    is_hard = hold.p_too_hard > HYSTERESIS * too_hard_chance(evidence.request)
    if (is_hard or hold.refused == "effort_zone") and not is_lowered:
        return _less(evidence, wish, hold.refused or "chance_too_hard")
    wish = _within_reach(evidence, wish)
    return _risen(evidence, wish, rises, hold)


def _risen(evidence: Evidence, wish: Wish, rises: Iterable[Raised], hold: Candidate) -> Wish:
    """Raise the first thing of the row that may; for a member below the effort the best one."""
    found: list[Wish] = []
    for thing in rises:
        risen = _raise(evidence, wish, thing, hold)
        wish = replace(wish, candidates=risen.candidates, cap=risen.cap)
        found += [risen] if risen.raised is not None else []
        if found and not chooses_freely(evidence, wish):
            break
    if not found:
        return wish
    best = max(found, key=lambda one: weigh(evidence, one.dose, wish.base, hold).score)
    return replace(best, candidates=wish.candidates)


def _within_reach(evidence: Evidence, wish: Wish) -> Wish:
    """Ask for the range that is reached where it falls a little short: else nothing could rise again."""
    reached, dose = evidence.reached_cdeg, wish.dose
    if "range_short" not in wish.situations or reached is None:
        return wish
    end = min(dose.end_cdeg, max(reached, dose.start_cdeg + SPAN_LEAST_CDEG))
    return replace(wish, dose=replace(dose, end_cdeg=end))


def _raise(evidence: Evidence, wish: Wish, thing: Raised, hold: Candidate) -> Wish:
    if thing == "load":
        return _raise_load(evidence, wish, hold)
    wider = _wider(evidence, wish.dose)
    doses = longer(evidence, wish) if thing == "time" else (wider,) if wider else ()
    weighed = [(dose, weigh(evidence, dose, wish.base, hold)) for dose in doses]
    wish = replace(wish, candidates=(*wish.candidates, *(candidate for _, candidate in weighed)))
    allowed = [pair for pair in weighed if pair[1].allowed]
    if not allowed:
        return wish
    best, _ = max(allowed, key=lambda pair: pair[1].score)
    is_gentle = thing == "time" and evidence.request.profile == "rehab"
    return replace(wish, dose=_half_filled(wish.dose, best) if is_gentle else best, raised=thing)


def _half_filled(dose: Dose, best: Dose) -> Dose:
    """Go half of the way to the reps that are wanted, at least one step of them."""
    reps = dose.reps + max(round((best.reps - dose.reps) * DAMPING), REPS_STEP)
    return with_reps(dose, min(reps, best.reps))


def _wider(evidence: Evidence, dose: Dose) -> Dose | None:
    """One range step beyond the session's first range; None where the range is complete.

    At the end where that is believed to be tolerated, else at the start, else at the end for a trial.
    """
    if evidence.request.person.hypermobile:
        return None  # 75 %, never raised (page 8)
    first = session_first(evidence, dose)
    low, high = range_target_cdeg(evidence)
    step = evidence.kind.range_step_cdeg
    end, start = first.end_cdeg + step, first.start_cdeg - step
    at_end = replace(dose, start_cdeg=first.start_cdeg, end_cdeg=end) if end <= high else None
    if at_end is not None and range_logit(evidence.belief.kind, end) <= evidence.belief.state.mean[RANGE]:
        return at_end
    if start >= low:
        return replace(dose, start_cdeg=start, end_cdeg=first.end_cdeg)
    return at_end if is_tolerated(evidence, end) else None


def _raise_load(evidence: Evidence, wish: Wish, hold: Candidate) -> Wish:
    """Go half of the way to the load of the phase's effort, within the step that the table allows."""
    is_below = is_below_effort(wish)
    first = session_first(evidence, wish.dose)
    step_g = load_cap_g(first.load_g, _step_share(evidence, wish, is_below=is_below))
    reps = wish.dose.reps if is_below else min(wish.dose.reps, reps_window(evidence.request)[0])
    shaped = with_reps(wish.dose, reps)
    target = effort_target(evidence.request)
    fits = [fitting_load_g(evidence.belief, one, target) for one in (shaped, replace(shaped, set=1))]
    wanted_g = sum(fits) // len(fits)  # between this set, tired, and the next visit's first one
    damped_g = wanted_g if _is_calibrating(evidence) else _damped(first.load_g, wanted_g)
    caps = {"one_step": step_g, "limits": highest_load_g(evidence),
            "damping": max(damped_g, first.load_g + LOAD_STEP_G)}  # fmt: skip
    cap = min(caps, key=lambda name: caps[name])
    tried = {load_g: weigh(evidence, replace(shaped, load_g=load_g), wish.base, hold)
             for load_g in _loads(first.load_g, caps[cap])}  # fmt: skip
    wish = replace(wish, candidates=(*wish.candidates, *tried.values()), cap=cap)
    allowed = [load_g for load_g in tried if tried[load_g].allowed]
    if not is_below and not _is_light(evidence, hold):
        allowed = [load_g for load_g in allowed if not _is_light(evidence, tried[load_g])]
    if not allowed:
        return wish
    best_g = max(allowed, key=lambda load_g: tried[load_g].score)
    risen = replace(wish, dose=replace(shaped, load_g=wish.dose.load_g), raised="load")
    return with_load(risen, best_g, "evidence")


def _is_light(evidence: Evidence, candidate: Candidate) -> bool:
    """Tell whether a dose lies below the zone of the phase's effort."""
    effort = effort_cr10(candidate.reps, candidate.reps + candidate.rir)
    return effort < effort_target(evidence.request) - EFFORT_MARGIN


def _step_share(evidence: Evidence, wish: Wish, *, is_below: bool) -> float:
    request = evidence.request
    if is_small_step(evidence, wish):
        return SMALL_STEP
    if request.profile == "studio":
        is_light = effective_kg(request.kind, wish.dose) <= CALIBRATING_LOAD_SHARE * capacity_kg(evidence)
        return STEP_STUDIO_CALIBRATING if _is_calibrating(evidence) and is_light else STEP_STUDIO
    if is_below:
        return STEP_EASY_CALIBRATING if _is_calibrating(evidence) else STEP_EASY
    return STEP


def capacity_kg(evidence: Evidence) -> float:
    """Return the believed capacity (kg)."""
    return evidence.belief.capacity_quantile_kg(0.0)


def _is_calibrating(evidence: Evidence) -> bool:
    return "calibrating" in evidence.request.flags


def _loads(reference_g: int, cap_g: int) -> Iterable[int]:
    """Return a few loads on the machine's grid from one step up to the cap."""
    steps = max((cap_g - reference_g) // LOAD_STEP_G, 1)
    count = min(steps, LOAD_CANDIDATES)
    return (reference_g + LOAD_STEP_G * (steps * (index + 1) // count) for index in range(count))


def _damped(reference_g: int, wanted_g: float) -> int:
    return reference_g + step_down_g((wanted_g - reference_g) * DAMPING)


def _less(evidence: Evidence, wish: Wish, cause: str) -> Wish:
    """Take the load back until chance and effort are allowed; in full, not by half.

    Shares are of the base, so that a ramp which has followed its work down is not taken back twice.
    """
    tried: list[Candidate] = []
    load_g = wish.dose.load_g
    for share in LESS_SHARES:
        load_g = min(wish.dose.load_g, step_down_g(wish.base.load_g * share))
        tried.append(weigh(evidence, replace(wish.dose, load_g=load_g), wish.base))
        if tried[-1].refused not in ("chance_too_hard", "effort_zone"):
            break
    weighed = replace(wish, candidates=(*wish.candidates, *tried))
    return with_load(replace(weighed, binding=cause), load_g, cause) if load_g < wish.dose.load_g else weighed
