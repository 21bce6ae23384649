"""What goes into coaching and what comes out; what it works with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from contract.messages import Ack, Head, Origin, Side
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
class Trace:
    """One decision by its id: the row that led to it, the reps of that row's set, and what came of it."""

    decision: str
    origin: Origin
    head: Head
    session: str
    side: Side | None = None
    set: int | None = None  # that the row is about
    reps: Mapping[str, Sequence[int]] = field(default_factory=dict)  # seqs of the set's reps, by stream
    settings: tuple[str, ...] = ()
    sent: str | None = None  # the message that they left in; None: they wait for staff, or there are none


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one committed batch asks the rim to send."""

    outgoing: tuple[Outgoing, ...] = ()
    acks: tuple[StreamAck, ...] = ()
    traces: tuple[Trace, ...] = ()
    stored: int = 0
    duplicates: int = 0
    rejected: int = 0
