"""What one fact changes besides its own row: the session, the visit, the set, and alerts."""

from typing import Any

from contract.messages import Answer, Event, Gravity, Message, Origin, SetEnd, SignOut
from services.coaching import alerts
from services.coaching.case import YES, Case
from services.coaching.record import record
from services.store import tables
from services.store.ledger import Ledger

ABOUT_SET = ("rir", "pain_set")
NRS_MOST = 10


def take(case: Case | None, message: Message, origin: Origin, ledger: Ledger) -> None:
    """Take one fact into its session, and write it."""
    body = message.body
    if case is not None:
        case.take(message)
        if isinstance(body, SetEnd | Answer):
            case.row["last_seq"] = max(case.row["last_seq"], message.head.seq)
        if isinstance(body, SignOut):
            case.row["closed_ms"] = message.head.wall_ms
        elif isinstance(body, Gravity):
            case.row["gravity"] = True
        elif isinstance(body, Answer):
            _hear(case, body, ledger)
    record(case, message, origin, ledger)
    if isinstance(body, Event):
        alerts.of_event(case, message.head, origin, body, ledger)


def _hear(case: Case, answer: Answer, ledger: Ledger) -> None:
    if answer.set is not None and answer.question in ABOUT_SET:
        value = answer.value
        said = str(value) if answer.question == "rir" else _nrs(value)
        key = {"session_id": case.row["id"], "set_number": answer.set}
        ledger.change(tables.finished_set, ("session_id", "set_number"), key | {answer.question: said})
        return
    visit = _visit_change(answer)
    if visit and case.row["visit_id"] is not None:
        ledger.change(tables.visit, ("id",), {"id": case.row["visit_id"]} | visit)
    if answer.question == "pain_next_morning" and case.frame is not None and case.frame.previous_visit:
        morning = {"morning_nrs": _nrs(answer.value)}
        ledger.change(tables.visit, ("id",), {"id": case.frame.previous_visit} | morning)
        ledger.change(tables.summary, ("visit_id",), {"visit_id": case.frame.previous_visit} | morning)


def _visit_change(answer: Answer) -> dict[str, Any]:
    if answer.question in ("pain_before", "pain_after"):
        return {answer.question: _nrs(answer.value)}
    if answer.question == "spasm":
        return {"spasm": answer.value in YES}
    if answer.question == "new_symptoms":
        return {"new_symptoms": str(answer.value)}
    return {}


def _nrs(value: int | str) -> int | None:
    return min(value, NRS_MOST) if isinstance(value, int) else None
