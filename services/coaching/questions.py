"""Which facts are answered, and what the model is asked because of them."""

from contract.messages import Answer, Rep, SetEnd, Side
from ml.request import Occasion, Request
from services.coaching.ask import Ask, request
from services.coaching.batch import BEYOND, Batch, is_late
from services.coaching.case import Case
from services.coaching.receive import Fact
from services.coaching.sign_in import Arrival

Asked = tuple[Ask, Request]


def of_arrival(batch: Batch, arrival: Arrival) -> list[Asked]:
    """Ask for the whole session of every side; nothing without limits."""
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


def of_fact(batch: Batch, case: Case, fact: Fact) -> list[Asked]:
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


def without_outdated(asked: list[Asked]) -> list[Asked]:
    """Drop questions that only move the belief when a later one has seen more."""
    last = {(ask.session, ask.side): place for place, (ask, _) in enumerate(asked)}
    return [
        (ask, one)
        for place, (ask, one) in enumerate(asked)
        if ask.row is not None or last[ask.session, ask.side] == place or not one.sets
    ]
