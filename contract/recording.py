"""A recorded session as timed records: what a recording file holds, whatever its container.

Topic = MQTT topic, `log_ms` = when received, `publish_ms` = the machine's clock, `sequence` = the row's seq.
"""

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from contract import codec, topics
from contract.messages import Message
from contract.messages.vocabulary import Finite, Milliseconds

REDACTED = "0" * 64  # what stands in a recording where the proof of a PIN stood


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One 50 Hz sample of a machine (deg of travel, deg/s, Nm); in recordings only, never on the broker."""

    mono_ms: Milliseconds
    deg: Finite
    deg_s: Finite
    torque_nm: Finite


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line of a recording."""

    topic: str
    log_ms: int
    publish_ms: int
    sequence: int
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a recording says of itself: never a name, only a reference."""

    machine: str
    machine_kind: str
    origin: Literal["real", "sim"]
    source: str
    software: str
    open_loop: int = 0


def from_wire(topic: str, payload: bytes, log_ms: int) -> Record:
    """Make a record of a published message: PIN proofs are redacted, unreadable bytes are kept."""
    message = codec.decode_up(topic, payload)
    if not isinstance(message, Message):
        return Record(topic=topic, log_ms=log_ms, publish_ms=log_ms, sequence=0, payload=payload)
    return Record(
        topic=topic,
        log_ms=log_ms,
        publish_ms=message.head.wall_ms,
        sequence=message.head.seq,
        payload=_redacted(payload) if message.head.kind == "sign_in" else payload,
    )


def from_sample(machine: str, sample: Sample, sequence: int) -> Record:
    """Make a record of one sample, on the recorder-only channel."""
    return Record(
        topic=topics.name("sim", machine, "local/sample"),
        log_ms=sample.mono_ms,
        publish_ms=sample.mono_ms,
        sequence=sequence,
        payload=msgspec.json.encode(sample),
    )


def to_sample(record: Record) -> Sample:
    """Read a sample back; raises `msgspec.DecodeError` when the record holds something else."""
    return msgspec.json.decode(record.payload, type=Sample)


def _redacted(payload: bytes) -> bytes:
    fields = msgspec.json.decode(payload, type=dict[str, Any])
    if fields.get("pin_proof") is not None:
        fields["pin_proof"] = REDACTED
    return msgspec.json.encode(fields)
