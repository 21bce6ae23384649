"""What the agent is told once, at its start: which machine it is, and what the last life left behind."""

from dataclasses import dataclass

from contract.machines import MachineKind
from contract.messages import Clock, Side
from machine_agent.agent.states import State

FRAME_MS = 50  # real time between two points of the live trace at least: up to 20 Hz


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """The machine: identity, kind, keys of its own, and whether its drive really moves."""

    machine: str
    kind: MachineKind
    boot: str
    firmware: str
    site_key: bytes
    clock: Clock = "wall"
    open_loop: bool = False
    frame_ms: int = FRAME_MS
    staff_pins: tuple[str, ...] = ()  # "salt$hash" of scrypt, hex (see `machine_agent.pins`)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSet:
    """A set that was running when the power went: what its `set_end` needs."""

    session: str
    set: int
    side: Side
    setting: str
    reps: int
    partial_reps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Where the spool stands: the next row's number, a set left open, today's latches per subject.

    `halted` is the state in which the last life stood still; None when it did not, or was let go on.
    `restarted` says why the watchdog has started this life; empty when it was nobody's fault.
    """

    stream: str
    next_seq: int = 1
    open_set: OpenSet | None = None
    latches: tuple[tuple[str, int, str], ...] = ()  # (subject, day, latch)
    plans: tuple[tuple[str, int, bytes], ...] = ()  # (subject, studio time at which it came, sealed)
    halted: State | None = None
    spool_renamed: bool = False
    has_forgotten: bool = False  # latches of today were in a damaged spool, and cannot be read
    restarted: str = ""
