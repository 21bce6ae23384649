"""A recorded session as timed records: what a recording file holds, whatever its container.

Topic = MQTT topic, `log_ms` = when received, `publish_ms` = the machine's clock, `sequence` = the row's seq.
"""

import re
from dataclasses import dataclass

import msgspec

from contract import codec, topics
from contract.messages import Ack, Hold, Message, Origin, Plan, Setting, Status
from contract.messages.vocabulary import Finite, Milliseconds

REDACTED = "0" * 64  # what stands in a recording where the proof of a PIN stood
SEQUENCE_MOST = 2**32 - 1  # recording files number with 32 bits ...
TIME_MOST_MS = (2**64 - 1) // 1_000_000  # ... and keep nanoseconds in 64
_NAME = "".join(rf"(?:{one}|(?i:\\u{ord(one):04x}))" for one in "pin_proof")  # letters may be escaped
_END = r"(?=\s*(?:[,}\]]|\Z))"
_PROOF = re.compile(
    rf"""("{_NAME}"\s*+:\s*+)  # null is no proof; what is no plain value takes all that follows along
    (?!null{_END})(?:"[^"\\]*(?:\\.[^"\\]*)*"{_END}|[\w.+-]+{_END}|.+)""".encode(),
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One 50 Hz sample of a machine (deg of travel, deg/s, Nm); in recordings only, never on the broker."""

    mono_ms: Milliseconds
    deg: Finite
    deg_s: Finite
    torque_nm: Finite


_SAMPLE = msgspec.json.Decoder(Sample)


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
    origin: Origin
    source: str
    software: str
    open_loop: int = 0


def from_wire(topic: str, payload: bytes, log_ms: int) -> Record:
    """Make a record of a published message: PIN proofs are redacted, every other byte is kept."""
    message = codec.decode_up(topic, payload)
    publish_ms, sequence = log_ms, 0
    if isinstance(message, Message):
        publish_ms, sequence = message.head.wall_ms, message.head.seq
    elif isinstance(message, Status):
        publish_ms = message.wall_ms
    return Record(
        topic=topic,
        log_ms=log_ms,
        publish_ms=publish_ms if publish_ms <= TIME_MOST_MS else log_ms,
        sequence=sequence if sequence <= SEQUENCE_MOST else 0,
        payload=redacted(payload),
    )


def from_sample(
    machine: str, sample: Sample, sequence: int, *, origin: Origin = "sim", log_ms: int | None = None
) -> Record:
    """Make a record of one sample, on the recorder-only channel; without `log_ms` its own clock counts."""
    received_ms = sample.mono_ms if log_ms is None else log_ms
    return Record(
        topic=topics.name(origin, machine, "local/sample"),
        log_ms=received_ms,
        publish_ms=received_ms,
        sequence=sequence,
        payload=msgspec.json.encode(sample),
    )


def is_readable(topic: str, payload: bytes) -> bool:
    """Tell whether the bytes are a valid message of the topic's channel."""
    address = topics.parse(topic)
    if address is None:
        return False
    if address.channel == "local/sample":
        try:
            _SAMPLE.decode(payload)
        except (msgspec.DecodeError, UnicodeError):
            return False
        return True
    if address.channel.startswith("down/"):
        return isinstance(codec.decode_down(topic, payload), Plan | Setting | Hold | Ack)
    return not isinstance(codec.decode_up(topic, payload), codec.Undecodable)


def to_sample(record: Record) -> Sample:
    """Read a sample back; raises `msgspec.DecodeError` when the record holds something else."""
    return _SAMPLE.decode(record.payload)


def redacted(payload: bytes) -> bytes:
    """Blot out a PIN proof wherever it stands, also in bytes that are no valid message."""
    return _PROOF.sub(rb'\1"' + REDACTED.encode() + b'"', payload)
