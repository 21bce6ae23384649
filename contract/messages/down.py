"""What the service says. Commands are integers: NaN cannot be written and equality is exact."""

from dataclasses import dataclass, field
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from contract.messages.vocabulary import (
    AngleCdeg,
    Clock,
    Count,
    Flag,
    Hex32,
    HoldAction,
    LoadG,
    Milliseconds,
    Mode,
    Nrs,
    Opener,
    Percent,
    Phase,
    Profile,
    Question,
    Side,
    SpeedCdegS,
    Text,
    TorqueNm,
    Uuid,
    Word,
)

Signature = Annotated[str, Meta(pattern="^[0-9a-f]{128}$|^$")]  # Ed25519 in hex; empty while unsigned


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRange:
    """Angles that one side may use; `start_highest_cdeg` caps the end while nothing is measured yet."""

    lowest_cdeg: AngleCdeg
    highest_cdeg: AngleCdeg
    start_highest_cdeg: AngleCdeg


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Limits that a clinician signed with the envelope key; an unset limit is 0."""

    version: Count
    subject: Hex32
    machine_kind: Word
    max_load_g: LoadG
    max_torque_nm: TorqueNm
    sides: dict[Side, SideRange]
    max_speed_cdeg_s: SpeedCdegS
    phase: Phase
    phase_cap_g: LoadG
    pain_green_nrs: Nrs
    pain_amber_nrs: Nrs
    valid_until_ms: Milliseconds
    key_id: Word
    sig: Signature = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """When the edge ends a set by itself (0 = that rule is off; `max_reps` 0 = the setting's reps)."""

    min_speed_pct: Percent = 0
    min_range_pct: Percent = 0
    max_tempo_pct: Percent = 0
    max_reps: Count = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The newest up message of this session that the decision has seen."""

    stream: Uuid
    seq: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One reason as code and values; sentences come from templates."""

    code: Word
    values: dict[Word, int | Word] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Weight, amplitude and work time of one set, signed with the command key.

    `opens`: who must open the set at the machine; not sent for a set that anybody may start.
    """

    id: Uuid
    session: Uuid
    nonce: Hex32
    seq: Count
    set: Count
    side: Side
    mode: Mode
    load_g: LoadG
    start_cdeg: AngleCdeg
    end_cdeg: AngleCdeg
    reps: Count
    work_ms: Milliseconds
    tempo_ms: tuple[Milliseconds, Milliseconds, Milliseconds]
    rest_ms: Milliseconds
    stop: Stop
    basis: Basis
    ttl_ms: Milliseconds
    envelope_version: Count
    why: tuple[Why, ...]
    policy: Word
    model: Word
    key_id: Word
    opens: Opener | UnsetType = UNSET
    sig: Signature = ""

    @property
    def is_for_staff(self) -> bool:
        """Tell whether only staff may open this set."""
        return self.opens == "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What one side did before today; the caps of the guard are measured from it."""

    day_start_g: LoadG = 0
    median3_g: LoadG = 0
    peak_cdeg: AngleCdeg = 0
    last_regular_g: LoadG = 0
    peak_regular_cdeg: AngleCdeg = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStation:
    """Where the person goes afterwards; `guided` is 1 for a station without a motor.

    In a plan without sets: where the person goes instead, because staff swapped this station for today.
    """

    name: Word
    kind: Word
    minutes: Count
    guided: Annotated[int, Meta(ge=0, le=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The answer to `sign_in`: the whole session in order, signed with the command key.

    `spent_ms`: how long the person has trained today on other machines (studio day).
    """

    session: Uuid
    nonce: Hex32
    patient: Uuid
    greeting: Text
    language: Word
    clock: Clock
    profile: Profile
    envelope: Envelope
    settings: tuple[Setting, ...]
    history: dict[Side, History]
    flags: tuple[Flag, ...]
    ceiling_g: LoadG
    questions: tuple[Question, ...]
    set_up: dict[Word, int | Word]
    key_id: Word
    next: NextStation | None = None
    spent_ms: Milliseconds = 0
    sig: Signature = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Staff stop, pause or freeze; stop and pause are obeyed unsigned, late or repeated."""

    id: Uuid
    action: HoldAction
    reason: Text
    by: Word
    seq: Count
    session: Uuid | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row the service put into the dead-letter table."""

    seq: Count
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """What the service has committed: rows <= `upto` that are not in `missing`."""

    stream: Uuid
    upto: Count
    missing: tuple[tuple[Count, Count], ...] = ()
    rejected: tuple[Rejected, ...] = ()


Down = Plan | Setting | Hold | Ack
