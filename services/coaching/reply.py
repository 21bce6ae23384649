"""From a decision to what is sent and what is kept."""

import zlib
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from contract import codec, topics
from contract.messages import Basis, Head, Plan, Setting
from contract.names import setting_id
from ml.decision import Decision
from ml.replacing import replace
from ml.request import Dose, Request
from services.coaching import overriding
from services.coaching.case import Case, PlanRow
from services.coaching.desk import Desk, Outgoing
from services.coaching.names import basis_id, made_id
from services.coaching.questions import Ask
from services.store import tables
from services.store.ledger import Ledger

TTL_MS = 30_000  # protocol page: a command is too old after 30 s
FAST = 1  # zlib level: requests repeat themselves, more effort gains little

Answered = tuple[Ask, Request, Decision]
State = Literal["planned", "pending", "proposed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How a setting is stored: of which decision, at what studio time, and by which order of staff."""

    decision: str
    state: State
    now_ms: int
    order: str | None = None


def keep_decision(case: Case, answered: Answered, desk: Desk, ledger: Ledger) -> str:
    """Store the whole question and answer; return the decision's id."""
    ask, asked, decision = answered
    number = decision_id(case, ask)
    estimate = decision.estimate
    ledger.insert(
        tables.decision,
        {
            "id": number,
            "session_id": ask.session,
            "patient_id": case.row["patient_id"],
            "origin": case.row["origin"],
            "kind": asked.kind,
            "side": ask.side,
            "set_number": ask.row.set if ask.row else 0,
            "occasion": asked.occasion,
            "basis_stream": ask.head.stream,
            "basis_seq": ask.basis_seq,
            "now_ms": asked.now_ms,
            "policy": decision.policy,
            "model": decision.model,
            "software": desk.software,
            "held": decision.held,
            "raised": decision.raised,
            "binding": decision.binding,
            "why": msgspec.to_builtins(decision.why),
            "split_g": decision.split_g,
            "alerts": list(decision.alerts),
            "set_aside": list(decision.set_aside),
            "capacity_kg": estimate.capacity_kg,
            "capacity_low_kg": estimate.capacity_low_kg,
            "capacity_high_kg": estimate.capacity_high_kg,
            "rir": estimate.rir,
            "previous": _previous(asked),
            "request": zlib.compress(msgspec.json.encode(asked, order="deterministic"), FAST),
            "answer": zlib.compress(msgspec.json.encode(decision, order="deterministic"), FAST),
        },
    )
    ledger.insert(tables.unmonitored, {"decision_id": number})
    return number


def decision_id(case: Case, ask: Ask) -> str:
    """Name a decision by the row that caused it and the side it is about."""
    return basis_id(case.row["origin"], ask.head, "decision", ask.session, ask.side)


def send_setting(case: Case, answered: Answered, desk: Desk, ledger: Ledger) -> Outgoing | None:
    """Sign the dose for the set that comes next; None when no dose is safe, or there is no set for it."""
    ask, asked, decision = answered
    due = ask.row
    dose = next((one for one in decision.rows if due and one.set == due.ordinal), None)
    row = _row_for(case, due, dose) if due and dose else None
    if row is None or dose is None:
        return None
    dose, chosen = overriding.chosen(case, row, replace(dose, set=row.ordinal), asked)
    if dose is None:
        return None  # not even staff's dose is safe: the machine holds
    decision = decision if chosen is None else overriding.said(decision, dose)
    planned = replace(row, dose=dose)
    setting = setting_of(case, planned, ask.head, decision, desk)
    setting = desk.command.sign_setting(replace(setting, basis=replace(setting.basis, seq=ask.basis_seq)))
    is_advice = case.frame is not None and case.frame.advice and chosen is None
    state: State = "proposed" if is_advice else "pending"
    kept = Kept(decision=decision_id(case, ask), state=state, now_ms=asked.now_ms)
    keep_setting(case, setting, planned, decision, replace(kept, order=chosen.id if chosen else None), ledger)
    if is_advice:
        return None  # staff confirm it, or the plan's row holds
    case.plan[row.set] = planned
    case.doses[setting.id] = dose
    if decision.raised:
        case.raised[setting.id] = decision.raised
    return send(case.row["origin"], case.row["machine"], "down/setting", setting, ledger)


def _row_for(case: Case, due: PlanRow, dose: Dose) -> PlanRow | None:
    """Find the next set of the dose's mode: a test that may not be done now is passed over by the machine."""
    waiting = (row for row in case.plan.values() if row.side == due.side and row.set >= due.set)
    return next((row for row in waiting if row.dose.mode == dose.mode), None)


def send(
    origin: Any, machine: str, channel: topics.Channel, message: Setting | Plan, ledger: Ledger
) -> Outgoing:
    """Put a message into the outbox."""
    payload = codec.encode(message)
    outgoing = Outgoing(
        id=message.id if isinstance(message, Setting) else made_id("plan", message.session, message.nonce),
        topic=topics.name(origin, machine, channel),
        payload=payload,
        expiry_s=topics.TOPICS[channel].expiry_s,
    )
    ledger.insert(
        tables.outbox,
        {
            "id": outgoing.id,
            "topic": outgoing.topic,
            "payload": payload,
            "expiry_s": outgoing.expiry_s,
            "created_ms": ledger.now_ms,
            "published_ms": None,
            "seq": message.seq if isinstance(message, Setting) else None,
            "taken_ms": ledger.taken_ms,  # by whoever handles this batch
        },
    )
    return outgoing


def setting_of(case: Case, row: PlanRow, head: Head, decision: Decision, desk: Desk) -> Setting:
    """Write an unsigned setting for a set; takes the session's next command number."""
    frame = case.frame
    if frame is None:
        raise ValueError("a setting needs the frame of its session")
    case.row["commands"] += 1
    dose = row.dose
    return Setting(
        id=setting_id((case.row["origin"], head.machine, head.stream, head.seq), case.row["id"], row.set),
        session=case.row["id"],
        nonce=case.row["nonce"],
        seq=case.row["commands"],
        set=row.set,
        side=row.side,
        mode=dose.mode,
        load_g=dose.load_g,
        start_cdeg=dose.start_cdeg,
        end_cdeg=dose.end_cdeg,
        reps=dose.reps,
        work_ms=dose.work_ms,
        tempo_ms=dose.tempo_ms,
        rest_ms=dose.rest_ms,
        stop=decision.stop,
        basis=Basis(stream=head.stream, seq=head.seq),
        ttl_ms=TTL_MS,
        envelope_version=frame.envelope.version,
        why=decision.why,
        policy=decision.policy,
        model=decision.model,
        key_id=desk.command.key_id,
        opens=dose.opens,
    )


def keep_setting(
    case: Case,
    setting: Setting,
    row: PlanRow,
    decision: Decision,
    kept: Kept,
    ledger: Ledger,
) -> None:
    """Store a setting as sent."""
    case.made.setdefault(kept.decision, []).append(setting.id)
    if kept.state != "proposed":
        case.newest_command[row.set] = setting.seq
    if kept.order is not None:
        case.ordered[setting.id] = kept.order
    ledger.insert(
        tables.setting,
        {
            "id": setting.id,
            "decision_id": kept.decision,
            "session_id": setting.session,
            "seq": setting.seq,
            "set_number": setting.set,
            "ordinal": row.ordinal,
            "side": setting.side,
            "mode": setting.mode,
            "load_g": setting.load_g,
            "start_cdeg": setting.start_cdeg,
            "end_cdeg": setting.end_cdeg,
            "reps": setting.reps,
            "work_ms": setting.work_ms,
            "tempo_ms": list(setting.tempo_ms),
            "rest_ms": setting.rest_ms,
            "in_plan": kept.state == "planned",
            "raised": decision.raised,
            "signed": codec.encode(setting),
            "decided_ms": kept.now_ms,
            "state": kept.state,
            "reason": None,
            "applied_load_g": None,
            "applied_start_cdeg": None,
            "applied_end_cdeg": None,
            "applied_ms": None,
            "order_id": kept.order,
            "opens": setting.opens or None,
        },
    )


def _previous(asked: Request) -> dict[str, int] | None:
    dose = asked.current
    if dose is not None:
        return {
            "load_g": dose.load_g,
            "start_cdeg": dose.start_cdeg,
            "end_cdeg": dose.end_cdeg,
            "reps": dose.reps,
            "work_ms": dose.work_ms,
        }
    if not asked.past:
        return None
    last = asked.past[-1]
    return {
        "load_g": last.load_g,
        "start_cdeg": last.start_cdeg,
        "end_cdeg": last.end_cdeg,
        "reps": last.reps,
        "work_ms": last.work_ms,
    }
