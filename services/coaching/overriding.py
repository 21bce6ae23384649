"""Staff beats model: what is sent for a set is staff's dose for as long as their order is open.

The limits stand above both, and so does a load of 0: the decision table takes the load away for reasons that
only a clinician can clear.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection

from contract import codec, topics
from contract.machines import catalogue
from contract.messages import Basis, Receipt, Setting
from ml.decision import Decision
from ml.limiter import bounds, limit
from ml.request import Dose, Request
from services.coaching import order
from services.coaching.case import Case, PlanRow
from services.coaching.names import made_id
from services.coaching.order import Order
from services.coaching.receive import Fact
from services.keys.command import CommandKey
from services.store import orders as store

TOO_LATE: Final = frozenset(("EXPIRED", "BASIS"))  # the machine was asked on a row that is not its newest
TRIES_MOST: Final = 4  # of one order for one set


@dataclass(frozen=True, slots=True, kw_only=True)
class Resent:
    """A setting that follows an older one of its set, signed, and the row that keeps it."""

    setting: Setting
    row: dict[str, Any]


def chosen(case: Case, row: PlanRow, dose: Dose, asked: Request) -> tuple[Dose | None, Order | None]:
    """Return the dose to send for a set, and the order of staff that it follows."""
    found = case.order_for(row.side, row.set)
    if found is None or dose.mode != "train" or dose.load_g == 0:
        return dose, None
    inside = bounds(asked, catalogue()[asked.kind], for_staff=dose.is_for_staff)
    return limit(found.over(dose), inside).dose, found


def said(decision: Decision, dose: Dose) -> Decision:
    """Put what is sent as staff's choice: it names a person, and raises nothing by itself."""
    return replace(decision, why=order.why(dose), policy=order.STAFF, raised=None)


def is_turned_down(fact: Fact) -> bool:
    """Tell whether a receipt turns a setting down that came too late, not one that asks too much."""
    body = fact.message.body
    return isinstance(body, Receipt) and body.result != "applied" and body.reason in TOO_LATE


def again(connection: Connection, case: Case, fact: Fact, command: CommandKey) -> Resent | None:
    """Sign staff's dose once more where the machine had said something newer: its receipt is the newest."""
    body = fact.message.body
    if not isinstance(body, Receipt) or body.setting is None or not is_turned_down(fact):
        return None
    before = store.setting(connection, body.setting)
    if before is None or before.session_id != case.row["id"] or case.row["closed_ms"] is not None:
        return None
    found = case.order_for(before.side, before.set_number)
    if found is None or before.order_id != found.id or before.set_number <= case.row["begun_set"]:
        return None
    if store.tries(connection, found.id, before.set_number) >= TRIES_MOST:
        return None
    case.row["commands"] += 1
    head = fact.message.head
    basis = Basis(stream=head.stream, seq=head.seq)
    numbered = (found.id, case.row["commands"], head.wall_ms)
    return resent(before, order.dose_of(before), numbered, basis, command)


def resent(
    before: Any, dose: Dose, numbered: tuple[str, int, int], basis: Basis, command: CommandKey
) -> Resent:
    """Follow a stored setting by staff's dose; `numbered`: order, command number, studio time (ms)."""
    found, seq, now_ms = numbered
    sent = codec.decode_down(topics.name("sim", "any", "down/setting"), before.signed)
    if not isinstance(sent, Setting):
        raise TypeError("what is stored as a setting is none")
    following = replace(
        sent,
        id=made_id("order", found, sent.set, seq),
        seq=seq,
        load_g=dose.load_g,
        start_cdeg=dose.start_cdeg,
        end_cdeg=dose.end_cdeg,
        reps=dose.reps,
        work_ms=dose.work_ms,
        stop=replace(sent.stop, max_reps=0),
        basis=basis,
        why=order.why(dose),
        policy=order.STAFF,
        model=order.STAFF,
    )
    signed = command.sign_setting(following)
    return Resent(setting=signed, row=_row(before, signed, found, now_ms))


def _row(before: Any, signed: Setting, found: str, now_ms: int) -> dict[str, Any]:
    return {
        "id": signed.id,
        "decision_id": before.decision_id,
        "session_id": signed.session,
        "seq": signed.seq,
        "set_number": signed.set,
        "ordinal": before.ordinal,
        "side": signed.side,
        "mode": signed.mode,
        "load_g": signed.load_g,
        "start_cdeg": signed.start_cdeg,
        "end_cdeg": signed.end_cdeg,
        "reps": signed.reps,
        "work_ms": signed.work_ms,
        "tempo_ms": list(signed.tempo_ms),
        "rest_ms": signed.rest_ms,
        "in_plan": False,
        "raised": None,
        "signed": codec.encode(signed),
        "decided_ms": now_ms,
        "state": "pending",
        "reason": None,
        "applied_load_g": None,
        "applied_start_cdeg": None,
        "applied_end_cdeg": None,
        "applied_ms": None,
        "order_id": found,
        "opens": signed.opens or None,
    }
