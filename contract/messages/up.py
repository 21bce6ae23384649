"""What a machine says. Bodies only: the agent core makes them, the spool gives each its `Head`."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from contract.messages.vocabulary import (
    AngleCdeg,
    Clock,
    Count,
    EndedBy,
    EventWhat,
    Finite,
    Hex32,
    LoadG,
    MachineId,
    Milliseconds,
    Mode,
    NotNegative,
    Quality,
    Question,
    ReceiptResult,
    RecordedKind,
    RepPhase,
    Side,
    Text,
    Uuid,
    Word,
)

CURVE_POINTS = 32
Curve32 = Annotated[tuple[Finite, ...], Meta(min_length=CURVE_POINTS, max_length=CURVE_POINTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The identity and clocks of a recorded message; identity is (origin, machine, stream, seq)."""

    v: Annotated[int, Meta(ge=0, le=1_000)]
    kind: RecordedKind
    machine: MachineId
    stream: Uuid
    seq: Annotated[int, Meta(ge=1, le=2**53)]
    boot: Uuid
    mono_ms: Milliseconds
    wall_ms: Milliseconds
    session: Uuid | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A person identifies: `badge`, or `code` with a proof of the PIN."""

    nonce: Hex32
    machine_kind: Word
    firmware: Word
    badge: Word | None = None
    code: Word | None = None
    pin_proof: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOut:
    """The person leaves the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gravity:
    """Torque of the relaxed person at three or more angles (deg, Nm)."""

    deg: Annotated[tuple[Finite, ...], Meta(min_length=3, max_length=64)]
    nm: Annotated[tuple[Finite, ...], Meta(min_length=3, max_length=64)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Torque over angle of one rep, 32 points evenly spaced in time."""

    deg: Curve32
    nm: Curve32


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep:
    """One repetition as measured; torques are gravity-compensated."""

    set: Count
    rep: Count
    side: Side
    setting: Uuid
    load_g: LoadG
    start_deg: Finite
    end_deg: Finite
    concentric_s: NotNegative
    hold_s: NotNegative
    eccentric_s: NotNegative
    peak_torque_nm: Finite
    mean_torque_nm: Finite
    work_j: Finite
    peak_speed_deg_s: NotNegative
    mean_speed_deg_s: NotNegative
    smoothness: Finite
    quality: tuple[Quality, ...] = ()
    curve: Curve | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEnd:
    """A set is over; sent at once, before any answer."""

    set: Count
    side: Side
    setting: Uuid
    reps: Count
    partial_reps: Count
    ended_by: EndedBy
    duration_s: NotNegative


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A person's answer; `value` is a number (NRS, RPE) or a word (`rir`: 0, 1-2, 3-5, many)."""

    question: Question
    value: Annotated[int, Meta(ge=0, le=1_000)] | Word
    set: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """One attempt of a strength or mobility test."""

    __test__ = False  # pytest must not collect it

    mode: Mode
    side: Side
    angle_cdeg: AngleCdeg
    peak_torque_nm: Finite
    mean_3s_nm: Finite
    range_deg: Finite
    attempt: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that staff must see: a button, a fault, a lock."""

    what: EventWhat
    detail: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What the drive really does now."""

    load_g: LoadG
    start_cdeg: AngleCdeg
    end_cdeg: AngleCdeg


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The fate of a setting or a hold; the model learns from `applied`, never from what was asked."""

    result: ReceiptResult
    applied: Applied
    setting: Uuid | None = None
    hold: Uuid | None = None
    reason: Word | None = None
    virtual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Alive or not: retained, also the will; no head, never recorded."""

    online: bool
    wall_ms: Milliseconds
    mono_ms: Milliseconds
    boot: Uuid
    state: Word
    session: Uuid | None = None
    setting: Uuid | None = None
    spool_rows: Count = 0
    firmware: Word = ""
    clock: Clock = "wall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One point of the live trace (10-20 Hz, QoS 0); no head, never recorded."""

    mono_ms: Milliseconds
    set: Count
    rep: Count
    deg: Finite
    target_deg: Finite
    nm: Finite
    phase: RepPhase


RecordedBody = SignIn | SignOut | Gravity | Rep | SetEnd | Answer | TestResult | Event | Receipt
BODIES: dict[RecordedKind, type[RecordedBody]] = {
    "sign_in": SignIn,
    "sign_out": SignOut,
    "gravity": Gravity,
    "rep": Rep,
    "set_end": SetEnd,
    "answer": Answer,
    "test_result": TestResult,
    "event": Event,
    "receipt": Receipt,
}
KINDS: dict[type[RecordedBody], RecordedKind] = {body: kind for kind, body in BODIES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A recorded message: whose, when, and what."""

    head: Head
    body: RecordedBody
