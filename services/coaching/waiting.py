"""Answers that wait for missing rows: at most two seconds, then the model abstains (protocol page).

Facts are stored in any order. A row that is to be answered, and that has come before rows below it, waits:
when these have come, the session is gone through again from that row on, as if all had come in order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection

from contract import codec, topics
from contract.messages import Head, Message
from services.coaching.desk import Delivery
from services.coaching.mark import Mark
from services.coaching.receive import Fact, Received, identity
from services.store import wire
from services.store.wire import Identity, StreamKey

WAIT_MS: Final = 2_000  # protocol page: the model waits so long for a missing row
ENDS: Final = frozenset(("sign_in", "sign_out"))  # they are never gone through again


@dataclass(slots=True, kw_only=True)
class Waiting:
    """The rows of a batch's sessions whose answer waits, and what became of them."""

    due_ms: dict[Identity, int] = field(default_factory=dict)
    session: dict[Identity, str] = field(default_factory=dict)
    added: list[dict[str, Any]] = field(default_factory=list)
    answered: list[Identity] = field(default_factory=list)

    def begins(self) -> dict[str, int]:
        """Say by session from which row on it is gone through again."""
        found: dict[str, int] = {}
        for key, number in self.session.items():
            found[number] = min(found.get(number, key[3]), key[3])
        return found

    def has_to_wait(self, fact: Fact, mark: Mark, row: Mapping[str, Any], now_ms: int) -> bool:
        """Tell whether the answer to a fact waits for rows below it, and note it when this is new."""
        if not is_early(mark, row, fact.message.head):
            return False
        key = identity(fact)
        if fact.is_stored:
            return self.due_ms.get(key, 0) > now_ms
        origin, machine, stream, seq = key
        place = {"origin": origin, "machine": machine, "stream": stream, "seq": seq}
        self.added.append(place | {"session_id": row["id"], "due_ms": now_ms + WAIT_MS})
        return True

    def is_due(self, fact: Fact) -> bool:
        """Tell whether a stored fact is still to be answered; then it is, from now on."""
        key = identity(fact)
        if key not in self.due_ms:
            return False
        self.answered.append(key)
        return True

    def write(self, connection: Connection) -> None:
        """Write who waits, and who no longer does."""
        wire.postpone(connection, self.added)
        wire.answered(connection, self.answered)


def read(connection: Connection, streams: Iterable[StreamKey]) -> Waiting:
    """Read which rows of these streams wait."""
    found = Waiting()
    for row in wire.postponed(connection, streams):
        key: Identity = (row.origin, row.machine, row.stream, row.seq)
        found.due_ms[key], found.session[key] = row.due_ms, row.session_id
    return found


def is_early(mark: Mark, row: Mapping[str, Any], head: Head) -> bool:
    """Tell whether rows of its session are missing below a row; before the sign-in, whether any are."""
    return mark.has_gap(row["first_seq"] if row["kind"] is not None else 0, head.seq)


def again(connection: Connection, waiting: Waiting, received: Received) -> list[Fact]:
    """Read the stored facts of sessions from their first waiting row on, without those of this batch."""
    new = {identity(fact) for fact in received.facts}
    machines = {number: key[:2] for key, number in waiting.session.items()}
    found = [
        _fact(row)
        for number, seq in waiting.begins().items()
        for row in wire.received_from(connection, number, seq)
        if row.kind not in ENDS and (row.origin, row.machine) == machines[number]  # others were buried
    ]
    return [fact for fact in found if fact is not None and identity(fact) not in new]


def in_order(facts: Sequence[Fact]) -> list[Fact]:
    """Sort facts as their machines numbered them."""
    return sorted(
        facts, key=lambda fact: (fact.message.head.machine, fact.message.head.stream, fact.message.head.seq)
    )


def _fact(row: Any) -> Fact | None:
    topic = topics.name_for_kind(row.origin, row.machine, row.kind)
    message = codec.decode_up(topic, row.raw)
    if not isinstance(message, Message):
        return None  # kept by an older version that understood it
    delivery = Delivery(topic=topic, payload=row.raw, received_ms=row.received_ms)
    return Fact(message=message, origin=row.origin, delivery=delivery, is_stored=True)
