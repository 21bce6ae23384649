"""A recorded message as a replay says it: always under the simulation's topics, and known again by its names.

A row keeps stream, number and times, so that a service that has it already changes nothing. Only these are
changed: the root of the topic; the names of settings when the recorded machine was a real one, because a
service names what it answers by the root as well; a proof of a PIN, which no recording keeps, when the PIN is
given; and with `moved` all that would make the row an old one: its times, and the ids that a machine makes.
A status says that its clock is simulated.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from contract import topics
from contract.messages import Message, Origin, Rep, SetEnd
from contract.names import made_id, setting_id
from contract.recording import REDACTED
from emulator.replay.tape import Row
from machine_agent import pins

ROOT: Origin = "sim"  # credentials of a replay open no other, and it asks for no other
MADE_BY_MACHINE = ("stream", "boot", "session")
ANSWERED = frozenset(("sign_in", "set_end", "answer", "rep"))  # kinds of rows that settings may answer
SETS_AHEAD = 12  # a plan of six stations' worth of sets goes on after the last one that was done


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A replay as if it happened now: ms that are added to every time, and what makes its ids its own."""

    by_ms: int
    as_round: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """What changes: settings by their recorded names, stretched PINs by code, whether the day is moved."""

    settings: Mapping[str, str] = field(default_factory=dict)
    pins: Mapping[str, bytes] = field(default_factory=dict)
    moved: Moved | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What is published; `stream` and `seq` of a row that the service acknowledges."""

    machine: str
    topic: str
    payload: bytes
    qos: int
    stream: str | None = None
    seq: int = 0


def rewriting(
    rows: Iterable[Row], stretched: Mapping[str, bytes] | None = None, moved: Moved | None = None
) -> Rewriting:
    """Work out what changes in a replay of these rows."""
    messages = [(row.origin, row.message) for row in rows if row.message is not None]
    settings = {} if moved is None and all(one == ROOT for one, _ in messages) else _settings(messages, moved)
    return Rewriting(settings=settings, pins=stretched or {}, moved=moved)


def spoken(row: Row, change: Rewriting) -> Spoken:
    """Write a recorded message as the replay says it; of bytes that cannot be read only the topic changes."""
    payload = row.payload if row.message is None and row.channel != "up/status" else _changed(row, change)
    head = row.message.head if row.message is not None else None
    return Spoken(
        machine=row.machine,
        topic=topics.name(ROOT, row.machine, row.channel),
        payload=payload,
        qos=topics.TOPICS[row.channel].qos,
        stream=None if head is None else _own(head.stream, change.moved),
        seq=0 if head is None else head.seq,
    )


def _changed(row: Row, change: Rewriting) -> bytes:
    try:
        fields = msgspec.json.decode(row.payload, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError):
        return row.payload
    new = dict(fields)
    if change.moved is not None:
        new |= {name: _own(fields[name], change.moved) for name in MADE_BY_MACHINE if fields.get(name)}
        new["wall_ms"] = fields.get("wall_ms", 0) + change.moved.by_ms
    if row.channel == "up/status":
        new["clock"] = "sim"  # times of a recording: nobody may hold them against the time of their coming
    if fields.get("setting") in change.settings:
        new["setting"] = change.settings[fields["setting"]]
    if fields.get("pin_proof") == REDACTED and fields.get("code") in change.pins:
        new["pin_proof"] = pins.proof(change.pins[fields["code"]], fields["nonce"])
    return row.payload if new == fields else msgspec.json.encode(new)


def _own(recorded: str, moved: Moved | None) -> str:
    return recorded if moved is None else made_id("replay", moved.as_round, recorded)


def _settings(messages: Iterable[tuple[Origin, Message]], moved: Moved | None) -> dict[str, str]:
    """Say how the settings of these sessions were called, and how the service of the replay calls them."""
    bases: dict[str, list[tuple[Origin, Message]]] = {}
    last_set: dict[str, int] = {}
    for origin, message in messages:
        session, body = message.head.session, message.body
        if session is None:
            continue
        if message.head.kind in ANSWERED:
            bases.setdefault(session, []).append((origin, message))
        if isinstance(body, Rep | SetEnd):
            last_set[session] = max(last_set.get(session, 0), body.set)
    return {
        _name(origin, message, number, None): _name(ROOT, message, number, moved)
        for session, found in bases.items()
        for origin, message in found
        for number in range(1, last_set.get(session, 0) + SETS_AHEAD + 1)
    }


def _name(origin: Origin, message: Message, set_number: int, moved: Moved | None) -> str:
    head = message.head
    basis = (origin, head.machine, _own(head.stream, moved), head.seq)
    return setting_id(basis, _own(head.session or "", moved), set_number)
