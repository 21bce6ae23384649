"""The safe oracle: knows today's true capacity, tiredness and tolerated range, and obeys what binds others.

Same profile, phases, decision table and limiter; its limits are signed like everybody's, by what the product
would have learned of its sets. What the law (page 8) leaves open, how far range, reps or load rise within
their steps, it chooses by the reps that the body could truly do.
"""

from collections.abc import Iterable
from dataclasses import replace
from math import exp, log

from contract.machines import LOAD_STEP_G, MachineKind
from contract.messages import Side
from emulator.control.truth import capacity_kg, doses_of, effort_of, possible_reps, tolerated_cdeg
from emulator.people.bodies import Bodies
from ml.belief.capacity import effective_kg, rep_share, reps_in_time
from ml.belief.kalman import Gaussian
from ml.belief.priors import SLOPE_MEAN
from ml.belief.state import (
    CAPACITY,
    MACHINE,
    RANGE,
    SECOND_SET_LOSS,
    SLOPE,
    VARIANCE_FLOOR,
    Belief,
    from_json,
    to_json,
)
from ml.clinical.table import EFFORT_MARGIN, NORMAL_TEMPO
from ml.evidence import Evidence
from ml.learning.tolerance import range_logit
from ml.policies.table import (
    chooses_freely,
    highest_load_g,
    is_below_effort,
    load_cap_g,
    longer,
    session_first,
    under_table,
    with_load,
)
from ml.policies.wish import Policy, Wish
from ml.request import Dose, Raised, Request
from ml.rules.doses import with_reps
from ml.rules.effort_target import CAREFUL_RISE_PERCENT, effort_target, is_careful, reps_window
from ml.rules.range_target import range_target_cdeg

TOO_HARD = "true_reserve"  # the binding of a load that the truth took back
LEAST_RIR = 1.0  # reps: below it a set is an overshoot (page 5)
STEP, STEP_CALIBRATING = 0.05, 0.10  # rehab, of the session's first load (page 8)
STEP_STUDIO, STEP_STUDIO_CALIBRATING, LIGHT_SHARE = 0.08, 0.25, 0.60  # studio (page 5)
LOAD_CANDIDATES = 12
LESS_SHARE = 0.975  # of the load, again and again until a set leaves a rep
SPAN_CDEG = 4_000  # width of the dose by which capacity is measured, at most the tolerated one
LEAST_SLOPE, MOST_SLOPE = 0.005, 0.5  # Epley slopes that a single dose may ask for


def belief_of(
    body: Bodies, kind: MachineKind, side: Side, session_number: int, ready_log: float
) -> dict[str, object]:
    """Return the truth of today in the shape of a belief, with hardly any doubt.

    `ready_log`: how much stronger than usual the body is today; signed capacity does not go by it.
    """
    low, high = tolerated_cdeg(body)
    low = max(low, kind.default_cdeg[0])
    dose = Dose(
        set=1, side=side, mode="train", load_g=1000, start_cdeg=low, end_cdeg=min(high, kind.default_cdeg[1]),
        reps=10, work_ms=0, tempo_ms=NORMAL_TEMPO, rest_ms=60_000,
    )  # fmt: skip
    per_kg = effective_kg(kind.name, dose)
    able_kg = max(capacity_kg(body, dose) * per_kg, 0.1)
    end = range_logit(kind.name, high)
    mean = (log(able_kg) - ready_log, SLOPE_MEAN, 0.0, ready_log, 0.0, end, 0.0)
    size = len(mean)
    covariance = tuple(
        tuple(VARIANCE_FLOOR[row] if row == column else 0.0 for column in range(size)) for row in range(size)
    )
    state = Gaussian(mean, covariance)
    return to_json(Belief(kind=kind.name, side=side, state=state, sessions=session_number))


def told(asked: Request, body: Bodies, possible: float | None) -> Request:
    """Put the true reps into the question: of the newest set, or of the dose in force."""
    is_work = bool(asked.sets) and asked.sets[-1].applied.mode != "isometric"
    dose = asked.sets[-1].applied if is_work else asked.current
    belief = None if asked.belief is None else from_json(asked.belief)
    if dose is None or belief is None or dose.load_g == 0:
        return asked
    reps = possible if is_work and possible is not None else _possible(body, dose)
    ready = belief.state.mean[CAPACITY] + belief.state.mean[MACHINE]
    able_kg = exp(ready - SECOND_SET_LOSS * max(dose.set - 1, 0))
    slope = (able_kg / effective_kg(asked.kind, dose) - 1) / max(reps, 0.5) / rep_share(dose.tempo_ms)
    mean = list(belief.state.mean)
    mean[SLOPE] = log(min(max(slope, LEAST_SLOPE), MOST_SLOPE))
    mean[RANGE] = range_logit(asked.kind, tolerated_cdeg(body)[1])
    known = replace(belief, state=Gaussian(tuple(mean), belief.state.covariance))
    return replace(asked, belief=to_json(known))


def policy(body: Bodies) -> Policy:
    """Return the oracle for a body as it is before the next set."""

    def oracle(evidence: Evidence) -> Wish:
        wish, rises = under_table(evidence)
        wish = _easier(evidence, wish, body)
        if wish.binding == TOO_HARD:
            return wish
        found = [one for thing in rises if (one := _risen(evidence, wish, body, thing)) is not None]
        if chooses_freely(evidence, wish):
            target = effort_target(evidence.request)
            found.sort(key=lambda one: abs(_effort(body, one.dose) - target))
        return found[0] if found else wish

    return oracle


def _risen(evidence: Evidence, wish: Wish, body: Bodies, thing: Raised) -> Wish | None:
    if thing == "load":
        return _heavier(evidence, wish, body)
    wider = _wider(evidence, wish.dose, body)
    doses = longer(evidence, wish) if thing == "time" else (wider,) if wider else ()
    best = _nearest(evidence, body, doses)
    return None if best is None else replace(wish, dose=best, raised=thing)


def _nearest(evidence: Evidence, body: Bodies, doses: Iterable[Dose]) -> Dose | None:
    """Return the allowed dose whose true effort is nearest to the target; of equals the heaviest."""
    target = effort_target(evidence.request)
    allowed = [dose for dose in doses if _is_allowed(evidence, body, dose)]
    return min(allowed, key=lambda dose: (abs(_effort(body, dose) - target), -dose.load_g), default=None)


def _wider(evidence: Evidence, dose: Dose, body: Bodies) -> Dose | None:
    """One range step inside what is truly tolerated, at the end first."""
    if evidence.request.person.hypermobile:
        return None
    first, step = session_first(evidence, dose), evidence.kind.range_step_cdeg
    low, high = range_target_cdeg(evidence)
    tolerated_low, tolerated = tolerated_cdeg(body)
    if first.end_cdeg + step <= min(high, tolerated):
        return replace(dose, start_cdeg=first.start_cdeg, end_cdeg=first.end_cdeg + step)
    if first.start_cdeg - step >= max(low, tolerated_low):
        return replace(dose, start_cdeg=first.start_cdeg - step, end_cdeg=first.end_cdeg)
    return None


def _heavier(evidence: Evidence, wish: Wish, body: Bodies) -> Wish | None:
    """Pick the lawful load whose true effort is nearest to the target."""
    first = session_first(evidence, wish.dose)
    cap_g = min(load_cap_g(first.load_g, _step_share(evidence, wish)), highest_load_g(evidence))
    if cap_g <= first.load_g:
        return None
    reps = wish.dose.reps if is_below_effort(wish) else min(wish.dose.reps, reps_window(evidence.request)[0])
    shaped = with_reps(wish.dose, reps)
    best = _nearest(evidence, body, [replace(shaped, load_g=g) for g in _loads(first.load_g, cap_g)])
    if best is None:
        return None
    risen = replace(wish, dose=replace(best, load_g=wish.dose.load_g), raised="load")
    return with_load(risen, best.load_g, "evidence")


def _step_share(evidence: Evidence, wish: Wish) -> float:
    request = evidence.request
    if is_careful(request.person) or request.person.hypermobile or "settled_pain" in wish.situations:
        return CAREFUL_RISE_PERCENT / 100
    is_calibrating = "calibrating" in request.flags
    if request.profile == "rehab":
        return STEP_CALIBRATING if is_calibrating else STEP
    light_kg = LIGHT_SHARE * exp(evidence.belief.state.mean[CAPACITY])
    is_light = effective_kg(request.kind, wish.dose) <= light_kg
    return STEP_STUDIO_CALIBRATING if is_calibrating and is_light else STEP_STUDIO


def _loads(reference_g: int, cap_g: int) -> Iterable[int]:
    steps = max((cap_g - reference_g) // LOAD_STEP_G, 1)
    count = min(steps, LOAD_CANDIDATES)
    return (reference_g + LOAD_STEP_G * (steps * (index + 1) // count) for index in range(count))


def _easier(evidence: Evidence, wish: Wish, body: Bodies) -> Wish:
    """Take load away until the set leaves a rep and is not above the phase's zone."""
    load_g = wish.dose.load_g
    while load_g > 0 and not _is_allowed(evidence, body, replace(wish.dose, load_g=load_g)):
        load_g = int(load_g * LESS_SHARE) // LOAD_STEP_G * LOAD_STEP_G
    if load_g == wish.dose.load_g:
        return wish
    return with_load(replace(wish, binding=TOO_HARD), load_g, TOO_HARD)


def _is_allowed(evidence: Evidence, body: Bodies, dose: Dose) -> bool:
    is_in_zone = _effort(body, dose) <= effort_target(evidence.request) + EFFORT_MARGIN
    return is_in_zone and _rir(body, dose) >= LEAST_RIR


def _possible(body: Bodies, dose: Dose) -> float:
    return float(possible_reps(body, doses_of(dose))[0])


def _rir(body: Bodies, dose: Dose) -> float:
    return _possible(body, dose) - reps_in_time(dose)


def _effort(body: Bodies, dose: Dose) -> float:
    return effort_of(reps_in_time(dose), _possible(body, dose))
