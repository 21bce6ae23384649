"""From bytes to facts: decode, tell duplicates from conflicts, keep high-water marks, bury what is bad."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from contract import codec, recording, topics
from contract.codec import Undecodable
from contract.messages import Message, Origin, SignIn, Status
from contract.messages.vocabulary import UUID_PATTERN
from services.coaching.desk import Delivery
from services.coaching.mark import Mark, mark_of
from services.coaching.names import made_id
from services.store import locks, tables, wire
from services.store.dead_letters import KEPT_BYTES
from services.store.ledger import Ledger
from services.store.wire import Identity, StreamKey

CONFLICT = "this row was stored before with another body: a cloned machine?"
_UUID = re.compile(UUID_PATTERN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A recorded message that the store had not seen before; or one that is gone through again."""

    message: Message
    origin: Origin
    delivery: Delivery
    is_stored: bool = False  # its rows are written


@dataclass(frozen=True, slots=True, kw_only=True)
class Poison:
    """Why bytes are buried; the identity when it is legible."""

    reason: str
    detail: str
    stream: str | None = None
    seq: int | None = None


# Without the row's identity: it is not rejected to the machine, which keeps it until older rows have come.
TOO_MANY_GAPS = Poison(
    reason="GAPS", detail="too many rows below it are missing: it is taken when they have come"
)


@dataclass(slots=True, kw_only=True)
class Received:
    """What a batch holds."""

    facts: list[Fact] = field(default_factory=list)
    statuses: list[tuple[topics.Address, Status, Delivery]] = field(default_factory=list)
    marks: dict[StreamKey, Mark] = field(default_factory=dict)
    gapped: set[StreamKey] = field(default_factory=set)  # rows of them were missing when the batch came
    conflicts: list[Fact] = field(default_factory=list)
    retired: frozenset[tuple[Origin, str]] = frozenset()  # machines that somebody signs in at nevertheless
    duplicates: int = 0
    rejected: int = 0


def receive(batch: Sequence[Delivery], connection: Connection, ledger: Ledger) -> Received:
    """Decode a batch, store its inbox rows, and sort out what is new, known, in conflict or unreadable."""
    received = Received()
    decoded: dict[Identity, tuple[Fact, str]] = {}
    again: list[tuple[Fact, str]] = []
    poison: list[tuple[Delivery, Poison]] = []
    for delivery in batch:
        message = codec.decode_up(delivery.topic, delivery.payload)
        if isinstance(message, Undecodable):
            poison.append((delivery, _poison(message)))
        elif isinstance(message, Message):
            fact, digest = _fact(message, delivery), codec.body_hash(delivery.payload)
            if identity(fact) in decoded:
                again.append((fact, digest))
            else:
                decoded[identity(fact)] = (fact, digest)
        elif isinstance(message, Status):
            received.statuses.append((_address(delivery), message, delivery))
    locks.machines(connection, _machines(received, decoded, poison))
    _load_marks(received, connection, decoded, poison)
    _sort_out(received, connection, decoded, again, ledger)
    for delivery, why in poison:
        bury(received, delivery, why, ledger)
    received.facts.sort(
        key=lambda fact: (fact.message.head.machine, fact.message.head.stream, fact.message.head.seq)
    )
    return received


def identity(fact: Fact) -> Identity:
    """Name a recorded row for ever."""
    head = fact.message.head
    return fact.origin, head.machine, head.stream, head.seq


def poison_of(fact: Fact, reason: str, detail: str) -> Poison:
    """Say why a decoded row cannot be taken."""
    head = fact.message.head
    return Poison(reason=reason, detail=detail, stream=head.stream, seq=head.seq)


def bury(received: Received, delivery: Delivery, why: Poison, ledger: Ledger) -> None:
    """Put bytes into the dead letters, and reject the row when its number is legible."""
    address = topics.parse(delivery.topic)
    is_legible = address is not None and _is_row(why)
    digest, topic = hashlib.sha256(delivery.payload).hexdigest(), _plain(delivery.topic)
    ledger.insert(
        tables.dead_letter,
        {
            "id": made_id("dead", topic, digest, why.reason),
            "topic": topic,
            "raw": _without_proof(delivery)[:KEPT_BYTES],
            "size_bytes": len(delivery.payload),
            "sha256": digest,
            "reason": why.reason,
            "detail": _plain(why.detail),
            "origin": address.origin if address else None,
            "machine": address.machine if address else None,
            "stream": why.stream if is_legible else None,
            "seq": why.seq if is_legible else None,
            "received_ms": delivery.received_ms,
            "requeued_ms": None,
            "asked_ms": None,
            "failed_ms": None,
        },
    )
    received.rejected += 1
    if address is not None and is_legible and why.stream is not None and why.seq is not None:
        mark = received.marks.setdefault((address.origin, address.machine, why.stream), Mark())
        if mark.takes(why.seq):
            mark.add(why.seq)
            mark.rejected[why.seq] = why.reason


def refuse(
    received: Received, refused: Iterable[tuple[Fact, Poison]], connection: Connection, ledger: Ledger
) -> None:
    """Bury rows that were read and cannot be taken; they are stored nowhere else, and may come again."""
    buried = []
    for fact, why in refused:
        received.facts.remove(fact)
        bury(received, fact.delivery, why, ledger)
        buried.append(identity(fact))
    wire.forget(connection, buried)


def bury_alone(delivery: Delivery, why: Poison, connection: Connection, ledger: Ledger) -> Received:
    """Bury one message whose handling failed; its identity is read again when it can be."""
    message = codec.decode_up(delivery.topic, delivery.payload)
    if isinstance(message, Message):
        why = replace(why, stream=message.head.stream, seq=message.head.seq)
    received = Received()
    locks.machines(connection, _machines(received, (), [(delivery, why)]))
    _load_marks(received, connection, (), [(delivery, why)])
    bury(received, delivery, why, ledger)
    return received


def write_marks(received: Received, ledger: Ledger, now_ms: int) -> None:
    """Write the high-water marks of the batch."""
    for (origin, machine, stream), mark in received.marks.items():
        ledger.replace(
            tables.stream,
            {
                "origin": origin,
                "machine": machine,
                "stream": stream,
                "upto": mark.upto,
                "missing": mark.missing,
                "boot": mark.boot,
                "heard_ms": now_ms,
            },
        )


def _sort_out(
    received: Received,
    connection: Connection,
    decoded: dict[Identity, tuple[Fact, str]],
    again: Sequence[tuple[Fact, str]],
    ledger: Ledger,
) -> None:
    new = wire.store_new(connection, [_inbox_row(fact, digest) for fact, digest in decoded.values()])
    old = [(fact, digest) for key, (fact, digest) in decoded.items() if key not in new]
    known = wire.hashes(connection, (identity(fact) for fact, _ in old))
    known |= {key: digest for key, (_, digest) in decoded.items() if key in new}
    received.facts = [fact for key, (fact, _) in decoded.items() if key in new]
    unmarked = [fact for fact in received.facts if not _is_marked(received, fact)]
    refuse(received, ((fact, TOO_MANY_GAPS) for fact in unmarked), connection, ledger)
    for fact, digest in (*old, *again):
        if known[identity(fact)] == digest:
            received.duplicates += 1
            continue
        received.conflicts.append(fact)
        bury(received, fact.delivery, poison_of(fact, "CONFLICT", CONFLICT), ledger)


def _is_marked(received: Received, fact: Fact) -> bool:
    """Mark a row as stored, unless its stream has too many gaps for it: then the machine keeps the row."""
    head = fact.message.head
    mark = received.marks[fact.origin, head.machine, head.stream]
    if not mark.takes(head.seq):
        return False
    mark.add(head.seq)
    mark.boot = head.boot
    return True


def _load_marks(
    received: Received,
    connection: Connection,
    identities: Iterable[Identity],
    poison: Sequence[tuple[Delivery, Poison]],
) -> None:
    keys: set[StreamKey] = {(origin, machine, stream) for origin, machine, stream, _ in identities}
    for delivery, why in poison:
        address = topics.parse(delivery.topic)
        if address is not None and _is_row(why) and why.stream is not None:
            keys.add((address.origin, address.machine, why.stream))
    load_marks(received, connection, keys)


def load_marks(received: Received, connection: Connection, keys: Iterable[StreamKey]) -> None:
    """Read the high-water marks of streams."""
    wanted = set(keys)
    stored = wire.marks(connection, wanted)
    for key in wanted:
        row = stored.get(key)
        received.marks[key] = mark_of(row) if row else Mark()
        if received.marks[key].missing:
            received.gapped.add(key)


def _machines(
    received: Received, identities: Iterable[Identity], poison: Sequence[tuple[Delivery, Poison]]
) -> set[tuple[str, str]]:
    told = {(origin, machine) for origin, machine, _, _ in identities}
    told |= {(address.origin, address.machine) for address, _, _ in received.statuses}
    parsed = (topics.parse(delivery.topic) for delivery, _ in poison)
    return told | {(address.origin, address.machine) for address in parsed if address is not None}


def _poison(why: Undecodable) -> Poison:
    return Poison(reason=why.reason, detail=why.detail, stream=why.stream, seq=why.seq)


def _fact(message: Message, delivery: Delivery) -> Fact:
    return Fact(message=message, origin=_address(delivery).origin, delivery=delivery)


def _address(delivery: Delivery) -> topics.Address:
    address = topics.parse(delivery.topic)
    if address is None:
        raise ValueError("the codec let a foreign topic through")
    return address


def _inbox_row(fact: Fact, digest: str) -> dict[str, Any]:
    head, delivery = fact.message.head, fact.delivery
    is_secret = isinstance(fact.message.body, SignIn) and fact.message.body.pin_proof is not None
    return {
        "origin": fact.origin,
        "machine": head.machine,
        "stream": head.stream,
        "seq": head.seq,
        "kind": head.kind,
        "session_id": head.session,
        "boot": head.boot,
        "body_hash": digest,
        "raw": _without_proof(delivery) if is_secret else delivery.payload,
        "wall_ms": head.wall_ms,
        "mono_ms": head.mono_ms,
        "received_ms": delivery.received_ms,
    }


def _without_proof(delivery: Delivery) -> bytes:
    """Blot out the proof of a PIN: it is never recorded."""
    return recording.from_wire(delivery.topic, delivery.payload, 0).payload


def _is_row(why: Poison) -> bool:
    return (
        why.stream is not None
        and _UUID.fullmatch(why.stream) is not None
        and why.seq is not None
        and 1 <= why.seq <= 2**53
    )


def _plain(text: str) -> str:
    """Drop what PostgreSQL's text refuses."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
