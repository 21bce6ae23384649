"""One stretch of a batch in which no fact depends on an answer that is still to be given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from contract.messages import Answer, Head, Rep, SetEnd, Side, SignOut
from ml.request import Occasion, Request
from services.coaching import alerts, load, reply
from services.coaching.ask import Ask, request
from services.coaching.case import Case
from services.coaching.desk import Desk, Outgoing
from services.coaching.receive import Fact, Received
from services.coaching.reply import Answered
from services.coaching.side_effects import take
from services.coaching.sign_in import Arrival, arrive
from services.coaching.summary import summary_row
from services.store import sessions, tables
from services.store.ledger import Ledger

DECIDING = frozenset(("sign_in", "set_end", "answer"))
BEYOND = 2**31  # a set that never comes: the session is closed

Asked = tuple[Ask, Request]


@dataclass(slots=True, kw_only=True)
class Batch:
    """What a whole batch works on."""

    received: Received
    cases: dict[str, Case]
    begun: Mapping[str, int]  # by session: the highest set begun in this batch
    connection: Connection
    desk: Desk
    ledger: Ledger
    outgoing: list[Outgoing] = field(default_factory=list)


def segments(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    """Cut a batch where a fact needs the answer to an earlier one: after a sign-in, before the next one."""
    segment: list[Fact] = []
    signed: set[str | None] = set()
    busy: set[tuple[str, str]] = set()
    for fact in facts:
        head = fact.message.head
        machine = (fact.origin, head.machine)
        is_sign_in = head.kind == "sign_in"
        if head.session in signed or (is_sign_in and machine in busy):
            yield segment
            segment, signed, busy = [], set(), set()
        segment.append(fact)
        if is_sign_in:
            signed.add(head.session)
        busy.add(machine)
    if segment:
        yield segment


def is_deciding(fact: Fact, row: Mapping[str, Any]) -> bool:
    """Tell whether a fact needs the whole session in memory: it is answered, or it comes too late."""
    return fact.message.head.kind in DECIDING or is_late(fact, row)


def is_late(fact: Fact, row: Mapping[str, Any]) -> bool:
    """Tell whether a rep comes after the end of its set was heard."""
    return fact.message.head.kind == "rep" and fact.message.head.seq < row["last_seq"]


def begun_sets(facts: Iterable[Fact]) -> dict[str, int]:
    """Find which sets have begun by the end of a batch: no setting is worked out for a set that is over."""
    begun: dict[str, int] = {}
    for fact in facts:
        body, session = fact.message.body, fact.message.head.session or ""
        if isinstance(body, Rep | SetEnd):
            begun[session] = max(begun.get(session, 0), body.set)
        elif isinstance(body, SignOut):
            begun[session] = BEYOND
    return begun


def work(batch: Batch, segment: Sequence[Fact]) -> None:
    """Take all facts of a segment in, ask the model once for all of them, and write."""
    signing = [fact for fact in segment if fact.message.head.kind == "sign_in"]
    arrivals = arrive(signing, batch.cases, batch.connection, batch.ledger) if signing else []
    asked = [one for arrival in arrivals for one in _plan_questions(batch, arrival)]
    for fact in segment:
        if fact.message.head.kind != "sign_in":
            case = batch.cases.get(fact.message.head.session or "")
            take(case, fact.message, fact.origin, batch.ledger)
            if case is not None:
                asked += _questions(batch, case, fact)
    answered = _answers(batch, _without_outdated(asked))
    _send(batch, arrivals, answered)
    write_sessions(batch)
    batch.ledger.flush(batch.connection)
    for one in answered:
        _carry_on(batch, one)


def write_sessions(batch: Batch) -> None:
    """Write what has changed in the session rows; a new session is written whole."""
    for case in batch.cases.values():
        if not case.stored:
            batch.ledger.replace(tables.session, dict(case.row))
        elif case.row != case.stored:
            changed = {name: value for name, value in case.row.items() if _is_new(case, name, value)}
            batch.ledger.change(tables.session, ("id",), {"id": case.row["id"]} | changed)
        case.stored = dict(case.row)


def _is_new(case: Case, name: str, value: object) -> bool:
    return name not in case.stored or case.stored[name] != value


def _plan_questions(batch: Batch, arrival: Arrival) -> list[Asked]:
    frame = arrival.case.frame
    if frame is None:
        return []
    found = []
    for side in arrival.sides:
        ask = Ask(
            session=arrival.case.row["id"],
            side=side,
            occasion="plan",
            head=arrival.head,
            basis_seq=arrival.head.seq,
            row=None,
        )
        found.append((ask, request(arrival.case, frame, ask, batch.desk, abstain=False)))
    return found


def _questions(batch: Batch, case: Case, fact: Fact) -> list[Asked]:
    """Ask about every side that this fact is about."""
    frame, head = case.frame, fact.message.head
    if frame is None:
        return []
    mark = batch.received.marks[fact.origin, head.machine, head.stream]
    is_gap = mark.has_gap(case.row["first_seq"], case.newest_seq)
    over = batch.begun.get(case.row["id"], 0) if case.row["closed_ms"] is None else BEYOND
    found = []
    for side in _sides(case, fact, over):
        row = case.next_row(side)
        ask = Ask(
            session=case.row["id"],
            side=side,
            occasion=_occasion(case, fact, side),
            head=head,
            basis_seq=case.newest_seq,
            row=row if row is not None and row.set > over else None,
        )
        found.append((ask, request(case, frame, ask, batch.desk, abstain=is_gap)))
    return found


def _sides(case: Case, fact: Fact, over: int) -> list[Side]:
    body = fact.message.body
    if isinstance(body, SetEnd):
        return [body.side] if body.set in case.plan else []
    if isinstance(body, Rep):
        return [body.side] if is_late(fact, case.row) and body.set in case.ends else []
    if not isinstance(body, Answer):
        return []
    if body.set is not None:
        row = case.plan.get(body.set)
        return [row.side] if row is not None and body.set in case.ends else []
    # An answer about the day moves whatever is still to come, on every side.
    waiting = [(side, case.next_row(side)) for side in case.sides()]
    return [side for side, row in waiting if row is not None and row.set > over]


def _occasion(case: Case, fact: Fact, side: Side) -> Occasion:
    """Before the first set the whole session is planned anew; then one set after the other."""
    if not any(True for _ in case.done(side)):
        return "plan"
    return "answer" if isinstance(fact.message.body, Answer) else "set_end"


def _without_outdated(asked: list[Asked]) -> list[Asked]:
    """Drop questions that only move the belief when a later one has seen more."""
    last = {(ask.session, ask.side): place for place, (ask, _) in enumerate(asked)}
    return [
        (ask, one)
        for place, (ask, one) in enumerate(asked)
        if ask.row is not None or last[ask.session, ask.side] == place or not one.sets
    ]


def _answers(batch: Batch, asked: list[Asked]) -> list[Answered]:
    if not asked:
        return []
    try:
        decisions = batch.desk.adjust([one for _, one in asked])
    except Exception as error:  # noqa: BLE001 - facts are kept whatever the model does; staff are told
        return [answer for pair in asked for answer in _alone(batch, pair, error)]
    return [(ask, one, decision) for (ask, one), decision in zip(asked, decisions, strict=True)]


def _alone(batch: Batch, pair: Asked, error: Exception) -> list[Answered]:
    """Ask one by one; a question that fails stays unanswered, and the machine holds."""
    ask, one = pair
    try:
        return [(ask, one, batch.desk.adjust([one])[0])]
    except Exception as again:  # noqa: BLE001 - see above
        case = batch.cases[ask.session]
        detail = f"{type(error).__name__}, {type(again).__name__}"
        alerts.raise_alert(case, ask.head, case.row["origin"], ("model_failed", "red", detail), batch.ledger)
        return []


def _send(batch: Batch, arrivals: list[Arrival], answered: list[Answered]) -> None:
    desk, ledger = batch.desk, batch.ledger
    plans = {arrival.case.row["id"]: arrival for arrival in arrivals}
    for one in answered:
        keep(batch, one)
        if one[0].session not in plans:
            sent = reply.send_setting(batch.cases[one[0].session], one, desk, ledger)
            batch.outgoing += [sent] if sent is not None else []
    for number, arrival in plans.items():
        own = [one for one in answered if one[0].session == number]
        batch.outgoing.append(reply.send_plan(arrival, own, desk, ledger))


def keep(batch: Batch, one: Answered) -> None:
    """Store a decision, the belief after it, the summary of the side, and its alerts."""
    ask, asked, decision = one
    case = batch.cases[ask.session]
    reply.keep_decision(case, one, batch.desk, batch.ledger)
    belief = case.beliefs[ask.side]
    if asked.sets or belief.latest is None:
        belief.latest = decision.belief
    batch.ledger.replace(
        tables.belief,
        {
            "session_id": ask.session,
            "side": ask.side,
            "patient_id": case.row["patient_id"],
            "origin": case.row["origin"],
            "kind": asked.kind,
            "opened_ms": case.row["opened_ms"],
            "before": belief.before,
            "latest": belief.latest,
        },
    )
    summary = summary_row(case, one)
    if summary is not None:
        batch.ledger.replace(tables.summary, summary)
    alerts.of_decision(case, one, batch.ledger)


def _carry_on(batch: Batch, one: Answered) -> None:
    """Late facts: move the belief of every later session of this side; past decisions stay."""
    ask, asked, _ = one
    case = batch.cases[ask.session]
    if not asked.sets or not case.was_closed:
        return
    before = case.beliefs[ask.side].latest
    later = sessions.later_beliefs(
        batch.connection, case.row["patient_id"], asked.kind, case.row["opened_ms"]
    )
    for number in [row.session_id for row in later if row.side == ask.side]:
        rows = sessions.sessions(batch.connection, [number])
        batch.cases |= load.load(batch.connection, rows, [number])
        before = _again(batch, batch.cases[number], ask.side, (before, ask.head))


def _again(
    batch: Batch, case: Case, side: Side, start: tuple[dict[str, object] | None, Head]
) -> dict[str, object] | None:
    """Work a later session out again from a corrected belief; nothing is sent."""
    before, head = start
    belief, frame = case.beliefs[side], case.frame
    belief.before = before
    ask = Ask(
        session=case.row["id"],
        side=side,
        occasion="answer",
        head=replace(head, wall_ms=case.row["opened_ms"]),
        basis_seq=case.newest_seq,
        row=None,
    )
    if frame is not None and any(True for _ in case.done(side)):
        asked = [(ask, request(case, frame, ask, batch.desk, abstain=False))]
        for one in _answers(batch, asked):
            keep(batch, one)
    else:
        belief.latest = before
        batch.ledger.change(
            tables.belief,
            ("session_id", "side"),
            {"session_id": case.row["id"], "side": side, "before": before, "latest": before},
        )
    batch.ledger.flush(batch.connection)
    return belief.latest
