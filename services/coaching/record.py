"""One fact: into its session in memory, into its rows in the store, and what it changes besides."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from contract.machines import catalogue
from contract.messages import (
    Answer,
    Event,
    Gravity,
    Message,
    Origin,
    Receipt,
    Rep,
    SetEnd,
    SignOut,
    TestResult,
)
from ml.request import Dose
from services.coaching import alerts
from services.coaching.case import UNWELL, Case
from services.store import tables
from services.store.ledger import Ledger

_REP_PLAIN = (
    "side", "load_g", "start_deg", "end_deg", "concentric_s", "hold_s", "eccentric_s", "peak_torque_nm",
    "mean_torque_nm", "work_j", "peak_speed_deg_s", "mean_speed_deg_s", "smoothness",
)  # fmt: skip
_REP_FIGURES = attrgetter(*_REP_PLAIN)

ABOUT_SET = ("rir", "pain_set")
NRS_MOST = 10
# What was applied was applied, and what was refused stays so; "expired" may be what the service assumed.
FINAL = ("state", ("applied", "refused"))


def take(case: Case | None, message: Message, origin: Origin, ledger: Ledger, *, waits: bool = False) -> None:
    """Take one fact into its session, and write it; what an answer changes besides waits with it."""
    body = message.body
    if case is not None:
        case.take(message)
        _change(case, message, ledger, waits=waits)
    _record(case, message, origin, ledger)
    if isinstance(body, Event):
        alerts.of_event(case, message.head, origin, body, ledger)


def _change(case: Case, message: Message, ledger: Ledger, *, waits: bool) -> None:
    """Change what a fact changes besides its own row."""
    body = message.body
    if isinstance(body, SetEnd | Answer):
        case.row["last_seq"] = max(case.row["last_seq"], message.head.seq)
    if isinstance(body, SignOut):
        case.row["closed_ms"] = message.head.wall_ms
    elif isinstance(body, Gravity):
        case.row["gravity"] = True
    elif isinstance(body, Answer) and not waits:
        _hear(case, body, ledger)
    elif isinstance(body, Event) and body.what == UNWELL and case.row["visit_id"] is not None:
        said = {"id": case.row["visit_id"], "new_symptoms": case.today.new_symptoms}
        ledger.change(tables.visit, ("id",), said)


def finish(case: Case, message: Message, origin: Origin, ledger: Ledger) -> None:
    """Do what had to wait for rows below a stored fact: what an answer changes, and the dose of a set."""
    head, body = message.head, message.body
    if isinstance(body, Answer):
        _hear(case, body, ledger)
    elif isinstance(body, SetEnd) and body.set in case.plan:
        place = {"origin": origin, "machine": head.machine, "stream": head.stream, "seq": head.seq}
        dose = case.dose_done(case.plan[body.set])
        ledger.change(tables.finished_set, tuple(place), place | _dose(dose))


def _hear(case: Case, answer: Answer, ledger: Ledger) -> None:
    if answer.set is not None and answer.question in ABOUT_SET:
        value = answer.value
        said = str(value) if answer.question == "rir" else _nrs(value)
        key = {"session_id": case.row["id"], "set_number": answer.set}
        ledger.change(tables.finished_set, ("session_id", "set_number"), key | {answer.question: said})
        return
    if answer.question == "tick":
        _tick(case, answer, ledger)
        return
    visit = _visit_change(case, answer)
    if visit and case.row["visit_id"] is not None:
        ledger.change(tables.visit, ("id",), {"id": case.row["visit_id"]} | visit)
    if answer.question == "pain_next_morning" and case.frame is not None and case.frame.previous_visit:
        morning = {"morning_nrs": _nrs(answer.value)}
        ledger.change(tables.visit, ("id",), {"id": case.frame.previous_visit} | morning)
        ledger.change(tables.summary, ("visit_id",), {"visit_id": case.frame.previous_visit} | morning)


def _tick(case: Case, answer: Answer, ledger: Ledger) -> None:
    """Tick off the guided station that an answer names; a bare yes or no, or a kind of machine, is none."""
    if isinstance(answer.value, int) or answer.value in catalogue():
        return
    if case.row["patient_id"] is None or case.today.day is None:
        return
    ledger.insert(
        tables.tick,
        {
            "patient_id": case.row["patient_id"],
            "origin": case.row["origin"],
            "day": case.today.day,
            "source": "station",
            "item": answer.value,
            "at_ms": ledger.now_ms,
            "by_id": case.row["machine"],
        },
    )


def _visit_change(case: Case, answer: Answer) -> dict[str, Any]:
    """Return what an answer about the day changes of the visit; symptoms and spasm as heard all day."""
    if answer.question in ("pain_before", "pain_after"):
        return {answer.question: _nrs(answer.value)}
    if answer.question == "spasm":
        return {"spasm": case.today.spasm}
    if answer.question == "new_symptoms":
        return {"new_symptoms": case.today.new_symptoms}
    return {}


def _nrs(value: int | str) -> int | None:
    return min(value, NRS_MOST) if isinstance(value, int) else None


def _record(case: Case | None, message: Message, origin: Origin, ledger: Ledger) -> None:
    """Write one fact; `case` is its session, None for a fact outside sessions."""
    head = message.head
    row: dict[str, Any] = {
        "origin": origin,
        "machine": head.machine,
        "stream": head.stream,
        "seq": head.seq,
        "wall_ms": head.wall_ms,
        "session_id": head.session,
    }
    write = _WRITE.get(head.kind)
    if write is not None:
        write(case, message.body, row, ledger)


def _rep(case: Case | None, rep: Rep, row: dict[str, Any], ledger: Ledger) -> None:
    if case is None:
        raise ValueError("a rep belongs to a session")
    row |= zip(_REP_PLAIN, _REP_FIGURES(rep), strict=True)
    row |= {
        "filed_ms": case.row["filed_ms"],
        "set_number": rep.set,
        "rep_number": rep.rep,
        "setting_id": rep.setting,
        "quality": list(rep.quality),
        "curve": None if rep.curve is None else {"deg": rep.curve.deg, "nm": rep.curve.nm},
    }
    ledger.insert(tables.rep, row)


def _set_end(case: Case | None, end: SetEnd, row: dict[str, Any], ledger: Ledger) -> None:
    planned = case.plan.get(end.set) if case else None
    dose = case.dose_done(planned) if case and planned else None
    said = case.said.get(end.set, {}) if case else {}  # an answer may be faster than the end of its set
    ledger.insert(
        tables.finished_set,
        row
        | {
            "set_number": end.set,
            "side": end.side,
            "setting_id": end.setting,
            "reps": end.reps,
            "partial_reps": end.partial_reps,
            "ended_by": end.ended_by,
            "duration_s": end.duration_s,
            "rir": None if said.get("rir") is None else str(said["rir"]),
            "pain_set": _nrs(said.get("pain_set", "")),
        }
        | _dose(dose),
    )


def _dose(dose: Dose | None) -> dict[str, Any]:
    return {
        "mode": dose.mode if dose else "train",
        "load_g": dose.load_g if dose else 0,
        "start_cdeg": dose.start_cdeg if dose else 0,
        "end_cdeg": dose.end_cdeg if dose else 0,
        "work_ms": dose.work_ms if dose else 0,
    }


def _answer(_case: Case | None, answer: Answer, row: dict[str, Any], ledger: Ledger) -> None:
    is_number = isinstance(answer.value, int)
    ledger.insert(
        tables.answer,
        row
        | {
            "question": answer.question,
            "set_number": answer.set,
            "number": answer.value if is_number else None,
            "word": None if is_number else answer.value,
        },
    )


def _gravity(_case: Case | None, gravity: Gravity, row: dict[str, Any], ledger: Ledger) -> None:
    ledger.insert(tables.gravity, row | {"deg": gravity.deg, "nm": gravity.nm})


def _receipt(_case: Case | None, receipt: Receipt, row: dict[str, Any], ledger: Ledger) -> None:
    ledger.insert(
        tables.receipt,
        row
        | _applied(receipt)
        | {
            "setting_id": receipt.setting,
            "hold_id": receipt.hold,
            "result": receipt.result,
            "reason": receipt.reason,
            "virtual": receipt.virtual,
        },
    )
    if receipt.hold is not None:
        answered = {"result": receipt.result, "refusal": receipt.reason, "answered_ms": row["wall_ms"]}
        ledger.change(tables.staff_order, ("id",), {"id": receipt.hold} | answered)
    if receipt.setting is None:
        return
    was_applied = receipt.result == "applied"
    ledger.change(
        tables.setting,
        ("id",),
        {
            "id": receipt.setting,
            "state": receipt.result,
            "reason": receipt.reason,
            "applied_load_g": receipt.applied.load_g if was_applied else None,
            "applied_start_cdeg": receipt.applied.start_cdeg if was_applied else None,
            "applied_end_cdeg": receipt.applied.end_cdeg if was_applied else None,
            "applied_ms": row["wall_ms"] if was_applied else None,
        },
        unless=None if was_applied else FINAL,
    )


def _applied(receipt: Receipt) -> dict[str, Any]:
    applied = receipt.applied
    return {"load_g": applied.load_g, "start_cdeg": applied.start_cdeg, "end_cdeg": applied.end_cdeg}


def _event(_case: Case | None, event: Event, row: dict[str, Any], ledger: Ledger) -> None:
    ledger.insert(tables.event, row | {"what": event.what, "detail": event.detail})


def _test_result(_case: Case | None, result: TestResult, row: dict[str, Any], ledger: Ledger) -> None:
    ledger.insert(
        tables.test_result,
        row
        | {
            "mode": result.mode,
            "side": result.side,
            "angle_cdeg": result.angle_cdeg,
            "peak_torque_nm": result.peak_torque_nm,
            "mean_3s_nm": result.mean_3s_nm,
            "range_deg": result.range_deg,
            "attempt": result.attempt,
        },
    )


_Write = Callable[[Case | None, Any, dict[str, Any], Ledger], None]
_WRITE: dict[str, _Write] = {
    "rep": _rep,
    "set_end": _set_end,
    "answer": _answer,
    "gravity": _gravity,
    "receipt": _receipt,
    "event": _event,
    "test_result": _test_result,
}
