"""Narrows a wish to what the envelope allows, with a reason for everything it takes.

Law, property-tested: whatever is let out has no violations. Everything rounds inward; if no increment fits,
the dose holds; if nothing fits at all, there is no dose.
"""

from dataclasses import dataclass

from contract.envelope import (
    REPS_MOST,
    SPAN_LEAST_CDEG,
    SPASM_REGIONS,
    Limits,
    limits,
    pain_cap,
    staff_cap,
    under,
    violations,
)
from contract.machines import LOAD_STEP_G, MachineKind
from ml.clinical.exclusions import window_cdeg
from ml.replacing import replace
from ml.request import Dose, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """The dose inside the limits (None: no dose is safe) and the limits that took something, first first."""

    dose: Dose | None
    bound: tuple[str, ...] = ()


def bounds(request: Request, kind: MachineKind, *, for_staff: bool = False) -> Limits:
    """Return the limits of the request's side, under the cap that its machine sets on red pain or spasm.

    `for_staff`: of a set that only staff open; then the nothing of a spasm day is a little.
    """
    signed = limits(request.envelope, kind, request.side, request.standing, request.flags, request.ceiling_g)
    low, high = window_cdeg(request.person, kind)
    signed = replace(
        signed, lowest_cdeg=max(signed.lowest_cdeg, low), highest_cdeg=min(signed.highest_cdeg, high)
    )
    history = request.standing.history
    if for_staff:
        signed = under(signed, staff_cap(request.envelope, request.side, history))
    elif request.today.spasm or ("spasm" in request.flags and kind.region in SPASM_REGIONS):
        signed = under(signed, pain_cap(history, spasm=True))
    said = (
        request.today.pain_before,
        request.today.pain_set,
        *(done.answers.pain_set for done in request.sets),
    )
    is_red = any(nrs is not None and nrs > request.envelope.pain_amber_nrs for nrs in said)
    return under(signed, pain_cap(history, spasm=False)) if is_red else signed


def limit(wished: Dose, inside: Limits) -> Limited:
    """Clamp the load, then the angles, then the reps; each clamp rounds inward and leaves its name."""
    load_g, load_bound = _load(wished, inside)
    start, end, range_bound = _range(wished, inside)
    reps = min(max(wished.reps, 1), REPS_MOST)
    dose = replace(wished, load_g=load_g, start_cdeg=start, end_cdeg=end, reps=reps)
    if violations(dose, inside):
        return Limited(dose=None, bound=violations(dose, inside))
    return Limited(dose=dose, bound=(*load_bound, *range_bound))


def _load(wished: Dose, inside: Limits) -> tuple[int, tuple[str, ...]]:
    caps = {
        "LOAD": inside.max_load_g,
        "STEP": inside.set_load_g,
        "SESSION_CAP": inside.session_load_g,
        "WEEK_CAP": inside.week_load_g,
    }
    load_g = max(wished.load_g, 0) // LOAD_STEP_G * LOAD_STEP_G
    smallest = min(caps, key=lambda name: caps[name])
    if load_g <= caps[smallest]:
        return load_g, ()
    return max(caps[smallest], 0) // LOAD_STEP_G * LOAD_STEP_G, (smallest,)


def _range(wished: Dose, inside: Limits) -> tuple[int, int, tuple[str, ...]]:
    """Clamp both ends; give back what widens beyond one step, at the end first; keep the least span."""
    start = max(wished.start_cdeg, inside.lowest_cdeg)
    end = min(wished.end_cdeg, inside.highest_cdeg)
    bound = ("RANGE",) if (start, end) != (wished.start_cdeg, wished.end_cdeg) else ()
    reference = inside.range_cdeg
    if reference is not None:
        below, above = max(reference[0] - start, 0), max(end - reference[1], 0)
        excess = below + above - inside.range_step_cdeg
        if excess > 0:
            end -= min(excess, above)
            start += max(excess - above, 0)
            bound = (*bound, "RANGE_STEP")
    if wished.mode in ("train", "warm_up") and end - start < SPAN_LEAST_CDEG:
        if wished.load_g == 0:  # nothing is lifted; an earlier start the guard takes for an increase
            end = max(end, min(start + SPAN_LEAST_CDEG, inside.highest_cdeg))
        start, end = _at_least_span(start, end, inside)
    return start, end, bound


def _at_least_span(start: int, end: int, inside: Limits) -> tuple[int, int]:
    """Grow a range too short to tell a rep from sway to the least span, at its start first."""
    start = max(min(start, end - SPAN_LEAST_CDEG), inside.lowest_cdeg)
    return start, max(end, min(start + SPAN_LEAST_CDEG, inside.highest_cdeg))
