"""Bytes <-> message. No other file of ours reads or writes the JSON of the wire.

Up messages are read tolerantly (unknown fields are kept by whoever stores the bytes), down messages strictly
(an unknown field is refused). What cannot be read is a value, `Undecodable`, never an exception.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import msgspec
from msgspec.json import Decoder

from contract import topics
from contract.messages import (
    BODIES,
    PROTOCOL_VERSION,
    Ack,
    Down,
    Frame,
    Head,
    Hold,
    Message,
    Plan,
    Setting,
    Status,
)

UP_LIMIT_BYTES = 64 * 1024  # protocol page, "Sizes"
DOWN_LIMIT_BYTES = 16 * 1024
DEPTH_LIMIT = 8
SERVED_VERSIONS = (PROTOCOL_VERSION,)  # N and N-1; version 1 is the first

Reason = Literal["TOPIC", "SIZE", "DEPTH", "JSON", "VERSION", "MACHINE", "KIND", "VALUE"]
Up = Message | Status | Frame
_Typed = TypeVar("_Typed")
# All that msgspec raises on bytes of any kind: bad UTF-8 and endless numbers are no DecodeError of its own.
_UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError, ValueError, OverflowError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecodable:
    """Why bytes could not be read; `stream` and `seq` when at least the identity is legible."""

    reason: Reason
    detail: str
    machine: str | None = None
    stream: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Identity:
    """The least that lets a bad row be rejected by number."""

    v: int | None = None
    kind: str | None = None
    machine: str | None = None
    stream: str | None = None
    seq: int | None = None


_DOWN: dict[str, Decoder[Any]] = {
    "down/plan": Decoder(Plan),
    "down/setting": Decoder(Setting),
    "down/hold": Decoder(Hold),
    "down/ack": Decoder(Ack),
}
_STATUS, _FRAME, _IDENTITY, _HEAD = Decoder(Status), Decoder(Frame), Decoder(_Identity), Decoder(Head)
_BODIES = {kind: Decoder(body) for kind, body in BODIES.items()}
_FIELDS, _ANYTHING = Decoder(dict[str, Any]), Decoder(object)
# A row that is no JSON (NaN, cut off, far too long) must still be rejected by number, or its machine sends it
# for ever: so these two are looked for in the bytes.
_STREAM = re.compile(rb'"stream"\s*:\s*"([0-9a-f-]{36})"')
_SEQ = re.compile(rb'"seq"\s*:\s*([0-9]{1,16})[,}\s]')


def encode(message: Up | Down) -> bytes:
    """Write a message as compact JSON."""
    if isinstance(message, Message):
        return msgspec.json.encode(msgspec.to_builtins(message.head) | msgspec.to_builtins(message.body))
    return msgspec.json.encode(message)


def body_hash(payload: bytes) -> str:
    """Fingerprint a recorded message without what may be missing when it is sent again.

    A full spool drops curves, and a recording keeps no proofs of PINs. Of bytes that cannot be written again
    (a number without end in an unknown field) all count as they are.
    """
    fields = _typed(payload, _FIELDS)
    if isinstance(fields, Undecodable):
        return hashlib.sha256(payload).hexdigest()
    fields.pop("curve", None)
    if fields.get("pin_proof") is not None:
        del fields["pin_proof"]
    try:
        plain = msgspec.json.encode(fields, order="sorted")
    except _UNREADABLE:
        plain = payload
    return hashlib.sha256(plain).hexdigest()


def decode_up(topic: str, payload: bytes) -> Up | Undecodable:
    """Read what a machine said; checks topic, size, depth, version, machine id, kind and every value."""
    address = topics.parse(topic)
    if address is None or not address.channel.startswith("up/"):
        return Undecodable(reason="TOPIC", detail="not an up topic of protocol version 1")
    broken = _malformed(payload, UP_LIMIT_BYTES)
    if broken is not None:
        return _refused(_legible(address, payload), *broken)
    if address.channel == "up/status":
        return _typed(payload, _STATUS)
    if address.channel == "up/frame":
        return _typed(payload, _FRAME)
    return _recorded(address, payload)


def decode_down(topic: str, payload: bytes) -> Down | Undecodable:
    """Read what the service said; strict: an unknown field is refused."""
    address = topics.parse(topic)
    if address is None or address.channel not in _DOWN:
        return Undecodable(reason="TOPIC", detail="not a down topic of protocol version 1")
    broken = _malformed(payload, DOWN_LIMIT_BYTES)
    if broken is not None:
        return _refused(_Identity(machine=address.machine), *broken)
    message = _typed(payload, _DOWN[address.channel])
    if isinstance(message, Undecodable):
        return message
    raw = _typed(payload, _FIELDS)  # reads also what the strict type has skipped
    if isinstance(raw, Undecodable):
        return raw
    unknown = _unknown_field(raw, msgspec.to_builtins(message))
    return _refused(None, "VALUE", f"unknown field {unknown}") if unknown else message


def _recorded(address: topics.Address, payload: bytes) -> Message | Undecodable:
    identity = _typed(payload, _IDENTITY)
    if isinstance(identity, Undecodable):
        return _refused(_legible(address, payload), identity.reason, identity.detail)
    if identity.v not in SERVED_VERSIONS:
        return _refused(identity, "VERSION", f"version {identity.v} is not served")
    if identity.machine != address.machine:
        return _refused(identity, "MACHINE", "the machine of the payload is not the machine of the topic")
    if topics.CHANNEL_OF_KIND.get(identity.kind or "") != address.channel:
        return _refused(identity, "KIND", f"this kind does not travel on {address.channel}")
    head = _typed(payload, _HEAD, identity)
    if isinstance(head, Undecodable):
        return head
    body = _typed(payload, _BODIES[head.kind], identity)
    return body if isinstance(body, Undecodable) else Message(head=head, body=body)


def _legible(address: topics.Address, payload: bytes) -> _Identity:
    """Read machine, stream and seq of a row that may be no JSON at all."""
    start = payload[:UP_LIMIT_BYTES]
    stream, seq = _STREAM.search(start), _SEQ.search(start)
    if stream is None or seq is None:
        return _Identity(machine=address.machine)
    return _Identity(machine=address.machine, stream=stream[1].decode(), seq=int(seq[1]))


def _typed(
    payload: bytes, wanted: Decoder[_Typed], identity: _Identity | None = None
) -> _Typed | Undecodable:
    """Read bytes as this type: the one place that decodes, and it never raises."""
    try:
        return wanted.decode(payload)
    except msgspec.ValidationError as error:
        return _refused(identity, "VALUE", str(error))
    except _UNREADABLE as error:
        return _refused(identity, "JSON", str(error))


def _refused(identity: _Identity | None, reason: Reason, detail: str) -> Undecodable:
    identity = identity or _Identity()
    return Undecodable(
        reason=reason, detail=detail[:200], machine=identity.machine, stream=identity.stream, seq=identity.seq
    )


def _malformed(payload: bytes, limit_bytes: int) -> tuple[Reason, str] | None:
    if len(payload) > limit_bytes:
        return "SIZE", f"{len(payload)} bytes, at most {limit_bytes}"
    if not _is_text(payload):
        return "JSON", "not UTF-8"  # also in a field that nobody reads: what is stored can be read by all
    if payload.count(b"{") + payload.count(b"[") <= DEPTH_LIMIT:
        return None  # the cheap upper bound: every ordinary message ends here
    value = _typed(payload, _ANYTHING)
    if isinstance(value, Undecodable):
        return value.reason, value.detail
    depth = _depth(value)
    return ("DEPTH", f"nested {depth} deep, at most {DEPTH_LIMIT}") if depth > DEPTH_LIMIT else None


def _is_text(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def _depth(value: object) -> int:
    """Count level by level: a call per level would meet Python's own limit first."""
    depth, level = 0, [value]
    while inner := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        level = [deeper for one in inner for deeper in (one.values() if isinstance(one, dict) else one)]
    return depth


def _unknown_field(raw: object, known: object, path: str = "") -> str | None:
    """Find a field of the raw object that the typed one does not have."""
    if isinstance(raw, dict) and isinstance(known, dict):
        for key, value in raw.items():
            found = (
                f"{path}.{key}" if key not in known else _unknown_field(value, known[key], f"{path}.{key}")
            )
            if found:
                return found.removeprefix(".")
    if isinstance(raw, list) and isinstance(known, list | tuple):
        for index, (left, right) in enumerate(zip(raw, known, strict=True)):
            found = _unknown_field(left, right, f"{path}[{index}]")
            if found:
                return found
    return None
