"""Reasons of a decision as codes and values, in the order of reading; the first is the patient's."""

from contract.machines import LOAD_STEP_G
from contract.messages import Why
from ml.clinical.table import NO_CLIMB, TABLE
from ml.evidence import Evidence
from ml.explain.split import begun_g, held_back, load_before_g
from ml.limiter import Limited, bounds
from ml.policies.wish import Wish
from ml.request import Dose, SessionSummary
from ml.rules.doses import OPENED

LOAD_LIMITS = frozenset(("LOAD", "STEP", "SESSION_CAP", "WEEK_CAP"))
RANGE_LIMITS = frozenset(("RANGE", "RANGE_STEP"))
REASONS_MOST = 6  # a setting carries the ones that matter; the whole list is in the decision's situations


def reasons(evidence: Evidence, wish: Wish, limited: Limited) -> tuple[Why, ...]:
    """Say what changes or why nothing does; a load that falls or rises is never called unchanged.

    What takes load comes first, then what rises, what only keeps from rising behind it, and limits last.
    """
    if limited.dose is not None and limited.dose.is_for_staff and limited.dose.load_g > 0:
        return _for_staff(evidence, wish, limited.dose)
    frame = _frame(evidence, wish, limited.dose)
    falls = frame == "stay"
    codes = [code for code in wish.situations if not TABLE[code].rises]
    lowering = _lowering(evidence, wish, codes)
    limits = [_limit(name, _narrowed(evidence, limited.dose, name)) for name in limited.bound]
    found = [_change(evidence, wish, limited.dose, falls=falls) if limited.dose else Why(code="no_safe_dose")]
    if limited.dose is not None and frame == "cap" and found[0].code not in ("raise_load", "plan_back"):
        found.append(_climb(evidence, wish, limited.dose))
    taken = "cap" if frame == "cap" and not _is_shorter(evidence, wish, limited.dose) else "lower"
    takes = [_why(evidence, taken, code) for code in lowering]
    takes += [Why(code=f"{taken}_{code}") for code in _by_belief(wish, lowering, codes)]
    if limited.dose is not None and falls:
        found = [*_falls(evidence, wish, limited, takes), *found]
    found += [why for why in takes if why not in found]
    found += [_why(evidence, frame, code) for code in codes if code not in lowering]
    if not codes and not takes and wish.raised is None and not falls and not _is_cut(wish, limited):
        found.append(Why(code=f"{frame}_{_hold_cause(evidence, wish)}"))
    said = {why.code for why in found}
    found += [why for why in limits if why.code not in said]
    changes = [why for why in found if why.code != "same"]
    return tuple(changes or [Why(code="hold_steady")])[:REASONS_MOST]


def _falls(evidence: Evidence, wish: Wish, limited: Limited, takes: list[Why]) -> list[Why]:
    """Say why a load falls: what took of the wish, else limits, the grid, or back from a step of the plan."""
    before_g, dose_g = load_before_g(evidence.request, wish), limited.dose.load_g if limited.dose else 0
    if takes and wish.dose.load_g < before_g:
        return takes
    values: dict[str, int | str] = {"from_g": before_g, "to_g": dose_g}  # a limit may also take none
    cut = [_limit(name, values) for name in limited.bound if name in LOAD_LIMITS]
    is_rounded = before_g - dose_g < LOAD_STEP_G
    return cut or [_limit("unit", values) if is_rounded else Why(code="lower_usual")]


def _lowering(evidence: Evidence, wish: Wish, codes: list[str]) -> list[str]:
    """List the rows of the table that took something."""
    if _is_less(wish) and (rows := [code for code in wish.situations if TABLE[code].lowers]):
        return rows
    if codes and _is_like(evidence, wish) and begun_g(wish) < load_before_g(evidence.request, wish):
        return [next((code for code in codes if code in NO_CLIMB), codes[0])]  # no grounds for more
    return [code for code in codes if code == "range_short" and wish.dose.end_cdeg < wish.base.end_cdeg]


def _by_belief(wish: Wish, lowering: list[str], codes: list[str]) -> list[str]:
    """Name the chance or the effort, where they took load."""
    if wish.binding == "chance_too_hard":
        return ["chance_too_hard"]
    taken_g = sum(grams for code, grams in wish.split_g.items() if code not in TABLE)
    is_told = codes or wish.base.mode == "warm_up"  # a ramp may be less only because it was planned so
    is_less = taken_g < 0 if is_told else _is_less(wish) and wish.raised is None
    return ["to_effort"] if is_less and not lowering else []


def _frame(evidence: Evidence, wish: Wish, dose: Dose | None) -> str:
    """Choose how a cause is told that lets nothing rise further.

    Beside the load before: `stay` when it falls, `cap` when it rises, else `hold`. After a test, which has no
    load, nothing rises; a warm-up instead of work is no fall.
    """
    if dose is None:
        return "stay"
    before_g, is_like = load_before_g(evidence.request, wish), _is_like(evidence, wish)
    if dose.load_g > before_g and (is_like or before_g > 0):
        return "cap"
    return "stay" if dose.load_g < before_g and is_like else "hold"


def _is_like(evidence: Evidence, wish: Wish) -> bool:
    """Tell whether there is a dose before, of a set of the same kind."""
    current = evidence.request.current
    if current is None:
        return bool(evidence.request.past) and wish.base.mode == "train"
    return wish.base.mode == current.mode


def _climb(evidence: Evidence, wish: Wish, dose: Dose) -> Why:
    """Say that the load rises without a step of today: back to the usual one, or along a ramp."""
    if evidence.is_before_first_set and evidence.request.past:
        return Why(code="plan_back")
    return Why(code="climb", values={"from_g": load_before_g(evidence.request, wish), "to_g": dose.load_g})


def _for_staff(evidence: Evidence, wish: Wish, dose: Dose) -> tuple[Why, ...]:
    """Say that only staff open this set, and what else holds than the spasm."""
    codes = [code for code in wish.situations if code not in OPENED and not TABLE[code].rises]
    opened = Why(code="staff_light", values={"to_g": dose.load_g})
    frame = _frame(evidence, wish, dose)
    return (opened, *(_why(evidence, frame, code) for code in codes))[:REASONS_MOST]


def _change(evidence: Evidence, wish: Wish, dose: Dose, *, falls: bool) -> Why:
    """Name the one thing that rises, with where from and where to.

    Before the first set the dose in force may be the plan's, with the same step: it rises from its start.
    """
    first = evidence.request.current or wish.base
    if wish.raised == "load":
        values = {"from_g": min(first.load_g, wish.base.load_g), "to_g": dose.load_g}
        return Why(code="same" if falls else "raise_load", values=dict(values))
    if wish.raised == "range":
        values = {"from_cdeg": _span_cdeg(first), "to_cdeg": _span_cdeg(dose)}
        return Why(code="raise_range", values=dict(values))
    if wish.raised == "time" and dose.work_ms:
        return Why(code="raise_time", values={"from_ms": first.work_ms, "to_ms": dose.work_ms})
    if wish.raised == "time":
        return Why(code="raise_reps", values={"from_reps": first.reps, "to_reps": dose.reps})
    return Why(code=_start(evidence, dose) if evidence.request.occasion == "plan" else "same")


def _start(evidence: Evidence, dose: Dose) -> str:
    """Say where a session starts; one that starts lower or narrower says the reason instead."""
    if not evidence.request.past:
        return "plan_first"
    last = evidence.request.past[-1]
    if dose.load_g > last.load_g:
        return "plan_back"
    is_less = dose.load_g < last.load_g or _span_cdeg(dose) < _span_cdeg(last)
    return "same" if is_less else "plan_last"


def _is_cut(wish: Wish, limited: Limited) -> bool:
    """Tell whether the limits took load or range from what was wished."""
    dose, wished = limited.dose, wish.dose
    if dose is None or dose.load_g < wished.load_g:
        return True
    return _span_cdeg(dose) < _span_cdeg(wished)


def _is_less(wish: Wish) -> bool:
    dose, base = wish.dose, wish.base
    return dose.load_g < base.load_g or dose.end_cdeg < base.end_cdeg or dose.reps < base.reps


def _is_shorter(evidence: Evidence, wish: Wish, dose: Dose | None) -> bool:
    """Tell whether range or reps end below the dose in force, or the last visit's where none is."""
    before = _before(evidence) or wish.base
    if dose is None or dose.reps < before.reps:
        return dose is not None
    return _span_cdeg(dose) < _span_cdeg(before)


def _narrowed(evidence: Evidence, dose: Dose | None, name: str) -> dict[str, int | str]:
    """Say from where to where a limit of the range narrows it; nothing where it only keeps it."""
    before = _before(evidence)
    if name not in RANGE_LIMITS or before is None or dose is None or _span_cdeg(dose) >= _span_cdeg(before):
        return {}
    return {"from_cdeg": _span_cdeg(before), "to_cdeg": _span_cdeg(dose)}


def _before(evidence: Evidence) -> Dose | SessionSummary | None:
    """Return the dose in force, or the last visit's where none is."""
    past = evidence.request.past
    return evidence.request.current or (past[-1] if past else None)


def _span_cdeg(dose: Dose | SessionSummary) -> int:
    return dose.end_cdeg - dose.start_cdeg


def binding(evidence: Evidence, wish: Wish, limited: Limited) -> str:
    """Name the constraint that had the last word.

    In order: a limit of the envelope, what lowers, what took from a rise, what forbids one.
    """
    if limited.bound:
        return limited.bound[0]
    if wish.binding is not None:
        return wish.binding
    if wish.raised == "load":
        return "damping" if "damping" in wish.split_g else held_back(wish, wish.dose.load_g)
    if wish.raised is not None:
        return "one_step"
    return _forbidden_by(evidence, wish)


def _forbidden_by(evidence: Evidence, wish: Wish) -> str:
    """Name what kept everything from rising: a row of the table, a chance, or nothing left to rise."""
    codes = [code for code in wish.situations if not TABLE[code].rises]
    if codes:
        return codes[0]
    if _is_less(wish) and wish.base.mode != "warm_up":
        return "to_effort"
    refused = [candidate.refused for candidate in wish.candidates[1:] if candidate.refused is not None]
    return refused[0] if refused else _hold_cause(evidence, wish)


def _hold_cause(evidence: Evidence, wish: Wish) -> str:
    """Why a good set still changes nothing."""
    refused = [candidate for candidate in wish.candidates[1:] if not candidate.allowed]
    if refused:
        return "chances"
    if evidence.last is None:
        return "no_set_yet"
    if _is_at_limit(evidence, wish.dose):
        return "limits"
    return "done_today" if evidence.request.raised_today is not None else "complete"


def _is_at_limit(evidence: Evidence, dose: Dose) -> bool:
    """Tell whether the limits leave not even one step of the machine."""
    inside = bounds(evidence.request, evidence.kind)
    most_g = min(inside.max_load_g, inside.set_load_g, inside.session_load_g, inside.week_load_g)
    return most_g < dose.load_g + LOAD_STEP_G


def _limit(name: str, values: dict[str, int | str] | None = None) -> Why:
    return Why(code=f"limit_{name.lower()}", values=values or {})


def _why(evidence: Evidence, prefix: str, code: str) -> Why:
    values: dict[str, int | str] = {}
    if code.startswith("away"):
        values["days"] = int(evidence.request.days_away or 0)
    if evidence.pain_nrs is not None and ("pain" in code or "amber" in code):
        values |= {"nrs": evidence.pain_nrs, "baseline": evidence.request.person.baseline_nrs}
    if "hard" in code and evidence.effort is not None:
        values["effort"] = round(evidence.effort)
    if "technique" in code or code == "flagged_rep":
        values["reps"] = evidence.flagged_reps
    if code == "abstained":
        values["cause"] = str(evidence.request.abstain)[:64]
    return Why(code=f"{prefix}_{code}", values=values)
