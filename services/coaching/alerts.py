"""What staff must see: raised by events, decisions and cloned machines; resolved by what comes later."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from contract.messages import Event, EventWhat, Head, Origin
from ml import sound
from ml.belief.state import from_json
from ml.clinical.phases import proposal
from ml.clinical.table import TABLE
from ml.decision import Decision
from ml.evidence import gather
from ml.rules.phase_facts import phase_facts
from services.coaching.case import Case
from services.coaching.names import basis_id
from services.coaching.reply import Answered
from services.store import alerts as store
from services.store import tables
from services.store.ledger import Ledger

RED_EVENTS: frozenset[EventWhat] = frozenset(("pain", "unwell", "estop", "fault", "sensor", "conflict"))
AMBER_EVENTS: frozenset[EventWhat] = frozenset(("stop", "assist_locked", "spool", "identity"))
SEVERITIES = ("red", "amber")  # a row of the table that names no more than this is itself the code
RED_CODES = frozenset(("no_safe_dose", sound.ALERT))
AMBER_CODES = frozenset(
    ("screen_again", "review", "clear_first")
)  # every other code is for the day's list, not an alarm

PHASE_NEXT = "phase_next"

CLOCK, CONSENT = "clock_skew", "consent_withdrawn"
ABOUT_MACHINE = (
    CLOCK,
    "assist_locked",
    "estop",
    "fault",
    "sensor",
    "spool",
)  # over when the machine is used again
FOR_STAFF = ("conflict", "limits_wait", "limits_renew")  # a cloned machine, a signature: staff end it


def of_event(case: Case | None, head: Head, origin: Origin, event: Event, ledger: Ledger) -> None:
    """Raise an alert for an event that staff must see; "too heavy" locks nothing and alarms nobody."""
    if event.what not in RED_EVENTS and event.what not in AMBER_EVENTS:
        return
    severity = "red" if event.what in RED_EVENTS else "amber"
    raise_alert(case, head, origin, (event.what, severity, event.detail), ledger)


def of_clock(case: Case, head: Head, ledger: Ledger) -> None:
    """Tell staff of a machine whose clock stands wrong."""
    skew_s = case.frame.skew_ms / 1_000 if case.frame else 0.0
    if skew_s:
        detail = f"the machine's clock is {abs(skew_s):.0f} s {'ahead' if skew_s > 0 else 'behind'}"
        raise_alert(case, head, case.row["origin"], (CLOCK, "amber", detail), ledger)


def of_consent(case: Case, head: Head, ledger: Ledger) -> None:
    """Tell staff why nothing is planned for who no longer agrees to train."""
    raise_alert(case, head, case.row["origin"], (CONSENT, "amber", ""), ledger)


def of_limits(case: Case, head: Head, lack: str, ledger: Ledger) -> None:
    """Tell staff why nothing is planned for who has no signed limits on this kind of machine."""
    raise_alert(case, head, case.row["origin"], (lack, "amber", case.row["kind"]), ledger)


def of_decision(case: Case, answered: Answered, ledger: Ledger) -> None:
    """Raise the alerts of a decision, each cause once a session: what staff did about another hides none."""
    ask, _, decision = answered
    for code, severity, cause in _causes(decision):
        if (code, cause) not in case.alerted:
            case.alerted.add((code, cause))
            raise_alert(case, ask.head, case.row["origin"], (code, severity, cause), ledger)


def _causes(decision: Decision) -> Iterable[tuple[str, str, str]]:
    """List what a decision alerts of: code, severity, and the row of the table or the doubt behind it."""
    for row in decision.situations:
        named = TABLE[row].alert
        if named in SEVERITIES:
            yield row, named, row
        elif named is not None:
            yield named, "amber" if named in AMBER_CODES else "info", row
    for code in dict.fromkeys(code for code in decision.alerts if code in RED_CODES):
        doubts = [one for one in decision.set_aside if one in sound.DOUBTS and code == sound.ALERT]
        yield code, "red", next(iter(doubts), "")


def of_phase(case: Case, answered: Answered, ledger: Ledger) -> None:
    """Put a phase whose criteria are met on the list for signing: the model proposes, a clinician signs."""
    ask, asked, decision = answered
    belief = from_json(decision.belief)
    if asked.occasion != "plan" or belief is None or _is_told(PHASE_NEXT, case):
        return
    following = proposal(asked.envelope.phase, phase_facts(gather(asked, belief)))
    if following is not None:
        case.alerted.add((PHASE_NEXT, following))
        raise_alert(case, ask.head, case.row["origin"], (PHASE_NEXT, "info", following), ledger)


def _is_told(code: str, case: Case) -> bool:
    return any(told == code for told, _ in case.alerted)


def raise_alert(
    case: Case | None, head: Head, origin: Origin, what: tuple[str, str, str], ledger: Ledger
) -> None:
    """Write an alert (code, severity, detail); the same cause makes the same alert."""
    code, severity, detail = what
    row: dict[str, Any] = case.row if case else {}
    ledger.insert(
        tables.alert,
        {
            "id": basis_id(origin, head, "alert", code, detail),
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
            "resolved_ms": None,
            "resolved_why": None,
        },
    )


def resolve(arrived: Iterable[Case], connection: Connection) -> None:
    """Resolve what these sign-ins have overtaken: of their persons until today, of their machines until now.

    What still holds, the decisions of today raise again. A second sign-in of the same day resolves nothing of
    the person: signing out and in makes nobody well.
    """
    signed = [case.row for case in arrived]
    used = [
        {"on_origin": row["origin"], "on_machine": row["machine"], "at_ms": row["opened_ms"]}
        for row in signed
    ]
    persons = [
        {"person": row["patient_id"], "visit": row["visit_id"], "at_ms": row["opened_ms"]}
        for row in signed
        if row["visit_id"] is not None
    ]
    store.resolve_of_machines(connection, used, ABOUT_MACHINE)
    store.resolve_of_persons(connection, persons, (*ABOUT_MACHINE, *FOR_STAFF))
