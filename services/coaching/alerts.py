"""What staff must see: alerts from events, from decisions and from cloned machines."""

from typing import Any

from contract.messages import Event, EventWhat, Head, Origin
from services.coaching.case import Case
from services.coaching.names import basis_id
from services.coaching.reply import Answered
from services.store import tables
from services.store.ledger import Ledger

RED_EVENTS: frozenset[EventWhat] = frozenset(("pain", "unwell", "estop", "fault", "conflict"))
AMBER_EVENTS: frozenset[EventWhat] = frozenset(("stop", "sensor", "assist_locked", "spool", "identity"))
RED_CODES = frozenset(("red", "no_safe_dose"))
AMBER_CODES = frozenset(("amber", "screen_again"))  # every other code is for the day's list, not an alarm


def of_event(case: Case | None, head: Head, origin: Origin, event: Event, ledger: Ledger) -> None:
    """Raise an alert for an event that staff must see; "too heavy" locks nothing and alarms nobody."""
    if event.what not in RED_EVENTS and event.what not in AMBER_EVENTS:
        return
    severity = "red" if event.what in RED_EVENTS else "amber"
    raise_alert(case, head, origin, (event.what, severity, event.detail), ledger)


def of_decision(case: Case, answered: Answered, ledger: Ledger) -> None:
    """Raise the alerts of a decision; the same code once a session."""
    ask, _, decision = answered
    for code in dict.fromkeys(decision.alerts):
        if code not in case.alerted:
            case.alerted.add(code)
            severity = "red" if code in RED_CODES else "amber" if code in AMBER_CODES else "info"
            reason = decision.why[0].code if decision.why else ""
            raise_alert(case, ask.head, case.row["origin"], (code, severity, reason), ledger)


def raise_alert(
    case: Case | None, head: Head, origin: Origin, what: tuple[str, str, str], ledger: Ledger
) -> None:
    """Write an alert (code, severity, detail); the same cause makes the same alert."""
    code, severity, detail = what
    row: dict[str, Any] = case.row if case else {}
    ledger.insert(
        tables.alert,
        {
            "id": basis_id(origin, head, "alert", code),
            "code": code,
            "severity": severity,
            "origin": origin,
            "machine": head.machine,
            "patient_id": row.get("patient_id"),
            "session_id": row.get("id"),
            "detail": detail,
            "raised_ms": head.wall_ms,
            "state": "open",
            "handled_by": None,
            "handled_ms": None,
        },
    )
