"""What the guard knows when it judges: plain values, gathered by the agent core."""

from collections.abc import Mapping
from dataclasses import dataclass

from contract.envelope import NO_CAP, Cap, Standing
from contract.machines import MachineKind
from contract.messages import History, Mode, Plan, Setting, Side

LINK_FRESH_MS = 15_000  # no increase when the service was not heard for longer (invariant 6)
NOTHING = Standing(history=History())


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who is on which machine: what a plan and every setting must be meant for."""

    kind: MachineKind
    subject: str
    session: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """What a side has now: its accepted setting, or its planned row before the first."""

    load_g: int
    start_cdeg: int
    end_cdeg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SideState:
    """Everything that is kept apart for each side.

    `staff_cap`: what of `cap` also holds for a set that staff open: all but the nothing of a spasm day.
    """

    standing: Standing = NOTHING
    current: Current | None = None
    cap: Cap = NO_CAP
    staff_cap: Cap = NO_CAP
    opened: bool = False  # staff have opened what is for them on this side, after a painless unloaded trial
    last_rep_clean: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What an increase needs, all of it (invariant 6)."""

    link_age_ms: int
    last_rep_clean: bool
    untroubled: bool  # no pain, spasm, hold or freeze
    healthy: bool  # sensors and spool
    gravity_measured: bool
    assist_locked: bool

    @property
    def allows_increase(self) -> bool:
        """Tell whether anything may rise."""
        well = self.last_rep_clean and self.untroubled and self.healthy and self.gravity_measured
        return well and not self.assist_locked and self.link_age_ms <= LINK_FRESH_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the agent knows when a setting arrives.

    `rows` are this boot's rows of this session (seq -> own monotonic ms); `seen` the accepted settings by
    seq; `upcoming` the sets that are still to come (set -> side, mode), empty when nothing may be queued.
    """

    visit: Visit
    plan: Plan
    stream: str
    rows: Mapping[int, int]
    last_rep_seq: int
    seen: Mapping[int, Setting]
    hold_seq: int
    upcoming: Mapping[int, tuple[Side, Mode]]
    side: SideState
    evidence: Evidence
    wall_ms: int
    mono_ms: int
