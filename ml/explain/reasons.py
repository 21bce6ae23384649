"""Reasons of a decision as codes and values, in the order of reading; the first is the patient's."""

from contract.machines import LOAD_STEP_G
from contract.messages import Why
from ml.clinical.table import TABLE
from ml.evidence import Evidence
from ml.explain.split import held_back
from ml.limiter import Limited, bounds
from ml.policies.wish import Wish
from ml.request import Dose
from ml.rules.doses import OPENED

REASONS_MOST = 6  # a setting carries the ones that matter; the whole list is in the decision's situations


def reasons(evidence: Evidence, wish: Wish, limited: Limited) -> tuple[Why, ...]:
    """Say what changes or why nothing does; limits that took something come last."""
    if limited.dose is not None and limited.dose.is_for_staff and limited.dose.load_g > 0:
        return _for_staff(evidence, wish, limited.dose)
    found = [_change(evidence, wish, limited.dose) if limited.dose else Why(code="no_safe_dose")]
    codes = [code for code in wish.situations if not TABLE[code].rises]
    is_less = _is_less(wish)
    lowering = [code for code in wish.situations if is_less and TABLE[code].lowers]
    if codes and not lowering and _starts_below(evidence, wish.base):
        lowering = codes[:1]  # a rung of a ladder: the row itself takes nothing, the dose began lower
    found += [_why(evidence, "lower", code) for code in lowering]
    if wish.binding == "chance_too_hard":
        found.append(Why(code="lower_chance_too_hard"))
    found += [_why(evidence, "hold", code) for code in codes if code not in lowering]
    if not codes and not lowering and wish.raised is None:
        found += _without_a_row(evidence, wish, limited, is_less=is_less)
    found += [Why(code=f"limit_{name.lower()}") for name in limited.bound]
    changes = [why for why in found if why.code != "same"]
    return tuple(changes or [Why(code="hold_steady")])[:REASONS_MOST]


def _for_staff(evidence: Evidence, wish: Wish, dose: Dose) -> tuple[Why, ...]:
    """Say that only staff open this set, and what else holds than the spasm."""
    codes = [code for code in wish.situations if code not in OPENED and not TABLE[code].rises]
    opened = Why(code="staff_light", values={"to_g": dose.load_g})
    return (opened, *(_why(evidence, "hold", code) for code in codes))[:REASONS_MOST]


def _without_a_row(evidence: Evidence, wish: Wish, limited: Limited, *, is_less: bool) -> list[Why]:
    """Say why nothing rose where no row of the table forbids it."""
    if is_less:
        return [] if wish.binding == "chance_too_hard" else [Why(code="lower_to_effort")]
    return [] if _is_cut(wish, limited) else [Why(code=f"hold_{_hold_cause(evidence, wish)}")]


def _change(evidence: Evidence, wish: Wish, dose: Dose) -> Why:
    """Name the one thing that rises, with where from and where to."""
    first = evidence.request.current or wish.base
    if wish.raised == "load":
        return Why(code="raise_load", values={"from_g": first.load_g, "to_g": dose.load_g})
    if wish.raised == "range":
        values = {"from_cdeg": first.end_cdeg - first.start_cdeg, "to_cdeg": dose.end_cdeg - dose.start_cdeg}
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
    is_narrower = dose.end_cdeg - dose.start_cdeg < last.end_cdeg - last.start_cdeg
    return "same" if dose.load_g < last.load_g or is_narrower else "plan_last"


def _starts_below(evidence: Evidence, base: Dose) -> bool:
    """Tell whether a session starts from less than the last visit."""
    past = evidence.request.past
    return evidence.request.occasion == "plan" and bool(past) and base.load_g < past[-1].load_g


def _is_cut(wish: Wish, limited: Limited) -> bool:
    """Tell whether the limits took load or range from what was wished."""
    dose, wished = limited.dose, wish.dose
    if dose is None or dose.load_g < wished.load_g:
        return True
    return dose.end_cdeg - dose.start_cdeg < wished.end_cdeg - wished.start_cdeg


def _is_less(wish: Wish) -> bool:
    dose, base = wish.dose, wish.base
    return dose.load_g < base.load_g or dose.end_cdeg < base.end_cdeg or dose.reps < base.reps


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
    if _is_less(wish):
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
