"""One row per session and side: what screens and later sessions read instead of scanning reps."""

from typing import Any

from contract.messages import EndedBy, Mode, Rep, Side
from ml.effort.features import UNCLEAN
from ml.request import Dose, Raised
from services.coaching.case import Case, PlanRow
from services.coaching.reply import Answered

CUT_SHORT: frozenset[EndedBy] = frozenset(("pain", "unwell", "fault", "power", "staff"))
PEAKS = 3  # the last peaks whose median is what a side has shown (safety page, invariant 2)
CDEG = 100
WORK: frozenset[Mode] = frozenset(("train", "warm_up"))  # a test alone is no session of training


def summary_row(case: Case, answered: Answered) -> dict[str, Any] | None:
    """Summarise a side of a session after a decision about it; None before its first set of work.

    What was said of the morning after is the visit's and stays out: late rows must not take it back.
    """
    ask, asked, decision = answered
    done = list(case.done(ask.side))
    if case.frame is None:
        return None
    trained = [row for row in done if row.dose.mode in WORK]
    if not trained:
        return None
    work = [row for row in trained if row.dose.mode == "train"] or trained
    first, last = case.dose_done(work[0]), case.dose_done(work[-1])
    is_light = last.is_for_staff  # on a spasm day: nothing of it is usual, and no rung of the way back
    reps = [rep for row in done for rep in case.reps_of(row.set)]
    ended_by = case.ends[work[-1].set].ended_by
    pains = [pain for row in done if isinstance(pain := case.said.get(row.set, {}).get("pain_set"), int)]
    estimate = decision.estimate
    return {
        "session_id": case.row["id"],
        "side": ask.side,
        "patient_id": case.row["patient_id"],
        "visit_id": case.row["visit_id"],
        "origin": case.row["origin"],
        "kind": asked.kind,
        "wall_ms": case.row["opened_ms"],
        "visit": case.frame.visit,
        "load_g": 0 if is_light else last.load_g,
        "first_load_g": first.load_g,
        "start_cdeg": last.start_cdeg,
        "end_cdeg": last.end_cdeg,
        "peak_cdeg": _peak_cdeg(reps),
        "sets": len(done),
        "reps": last.reps,
        "total_reps": len(reps),
        "work_ms": last.work_ms,
        "flagged_reps": sum(1 for rep in reps if UNCLEAN.intersection(rep.quality)),
        "work_j": sum(rep.work_j for rep in reps),
        "under_tension_s": sum(rep.concentric_s + rep.hold_s + rep.eccentric_s for rep in reps),
        "effort_cr10": _effort(case, work[-1], estimate.effort_cr10),
        "pain_before": case.today.pain_before,
        "pain_set": max(pains, default=None),
        "raised": None if is_light else _raised(case, ask.side, last),
        "ended_by": ended_by,
        "regular": ended_by not in CUT_SHORT and not case.had_pain and not case.today.spasm,
        "skewed": case.frame.skew_ms != 0,
        "capacity_kg": estimate.capacity_kg,
        "capacity_low_kg": estimate.capacity_low_kg,
        "capacity_high_kg": estimate.capacity_high_kg,
    }


def _peak_cdeg(reps: list[Rep]) -> int:
    """Return the median of the last achieved ends; 0 before the first rep."""
    ends = sorted(int(rep.end_deg * CDEG) for rep in reps[-PEAKS:])
    return max(ends[len(ends) // 2], 0) if ends else 0


def _effort(case: Case, row: PlanRow, estimated: float | None) -> float | None:
    """Return the effort of a set (CR10): as said, else as estimated."""
    said = case.said.get(row.set, {}).get("rpe")
    return float(min(said, 10)) if isinstance(said, int) else estimated


def _raised(case: Case, side: Side, last: Dose) -> Raised | None:
    """Name the one thing that this session raised over the one before."""
    past = case.frame.sides[side].past if case.frame else ()
    if not past:
        return None
    before = past[-1]
    if last.load_g > before.load_g:
        return "load"
    if last.end_cdeg - last.start_cdeg > before.end_cdeg - before.start_cdeg:
        return "range"
    return "time" if last.reps > before.reps or last.work_ms > before.work_ms else None
