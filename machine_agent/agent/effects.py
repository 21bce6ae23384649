"""What the agent core wants done; the rim does it and tells what came of it."""

from dataclasses import dataclass

from contract.codec import Undecodable
from contract.messages import Down, Frame, Message, Status
from machine_agent.agent.states import State
from machine_agent.agent.station import OpenSet
from machine_agent.drivers import DriveCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Put this row on disk, then publish it until the service has committed it.

    `open_set` is the set that runs after this row, None between sets; it is stored with the row, so that the
    next life can close a set that the power cut.
    """

    message: Message
    open_set: OpenSet | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """Give this command to the drive."""

    command: DriveCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Send this point of the live trace, or drop it when behind."""

    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Publish this status, retained."""

    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Remember a latch of today for this person (HMAC of badge or code), also over a restart."""

    subject: str
    day: int
    latch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPlan:
    """Keep this person's last plan, sealed (see `machine_agent.sealing`); b"" forgets it."""

    subject: str
    kept_ms: int  # studio time at which the service sent it
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepHalt:
    """Remember over a restart in which of `STANDING_STILL` the machine is; None: it was let go on."""

    state: State | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """Do not connect again until somebody resets the machine: another one speaks under its name."""


Effect = Record | Drive | Trace | Say | Keep | KeepPlan | KeepHalt | HangUp


@dataclass(frozen=True, slots=True, kw_only=True)
class DownMessage:
    """What arrived: the body (or why it cannot be read), the verdict on signatures, the retain flag."""

    body: Down | Undecodable
    verified: bool
    retained: bool
