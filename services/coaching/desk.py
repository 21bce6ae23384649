"""What goes into coaching and what comes out; what it works with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from contract.messages import Ack, Origin
from ml.decision import Decision
from ml.request import Request
from services.keys.command import CommandKey

Adjust = Callable[[Sequence[Request]], Sequence[Decision]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The command key, the model (many requests in, as many decisions out), and the names it is logged by."""

    command: CommandKey
    site_key: bytes
    adjust: Adjust
    policy: str
    model: str
    software: str
    site: str  # machines of the simulation that enrol themselves belong to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message as it came from the broker; `received_ms` is the service's clock."""

    topic: str
    payload: bytes
    received_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message to publish after the commit; `id` is its row in the outbox."""

    id: str
    topic: str
    payload: bytes
    expiry_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamAck:
    """What one machine may delete from its spool.

    `session_open`: repeat it every few seconds; None when the batch says nothing about sessions.
    """

    origin: Origin
    machine: str
    ack: Ack
    session_open: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one committed batch asks the rim to send."""

    outgoing: tuple[Outgoing, ...] = ()
    acks: tuple[StreamAck, ...] = ()
    stored: int = 0
    duplicates: int = 0
    rejected: int = 0
