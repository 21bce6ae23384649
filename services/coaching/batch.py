"""A batch in memory: its sessions, what has begun by its end, and where it must be cut."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from contract.messages import Rep, SetEnd, SignOut
from services.coaching.case import Case
from services.coaching.desk import Desk, Outgoing, Trace
from services.coaching.receive import Fact, Received
from services.coaching.waiting import Waiting
from services.store.ledger import Ledger

DECIDING = frozenset(("sign_in", "set_end", "answer"))
BEYOND = 2**31  # a set that never comes: the session is closed


@dataclass(slots=True, kw_only=True)
class Batch:
    """What a whole batch works on."""

    received: Received
    cases: dict[str, Case]
    begun: Mapping[str, int]  # by session: the highest set begun in this batch
    connection: Connection
    desk: Desk
    ledger: Ledger
    waiting: Waiting = field(default_factory=Waiting)
    outgoing: list[Outgoing] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)


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
