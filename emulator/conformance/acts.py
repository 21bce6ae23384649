"""What the kit plays, one act for each sign-in; the acts of the basic level need nothing but sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from emulator.conformance.dose import Shape
from emulator.conformance.rule import Level

Load = Literal["same", "lower", "more", "cap", "row"]
Answer = Literal["plan", "nobody", "rejected"]
FREEZE = "hold-freeze"  # said among the probes after a set
PRESS_PAIN = "conformance: press Pain in this set"
RESUME = "conformance: resume after the pause"
NO_PIN = "conformance: answer no pain; no staff PIN, sign out instead"
WITH_PIN = "conformance: answer no pain; staff open the second set"
HURTS = "conformance: answer pain 4 after the first set; then sign out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A moment of a session: after this rep of this set."""

    set: int
    rep: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One session of the kit.

    `before_plan` and `after` name probes; `loads`: what the good setting for a set asks for, beside the load
    before it. `quiet_after`: no ack from the end of this set until a row has come again. `is_full`: no ack
    until the window is full. `assisted`: somebody at the machine must act; `door`: the kit cuts the link.
    """

    name: str
    level: Level
    answer: Answer = "plan"
    shape: Shape = field(default_factory=Shape)
    before_plan: tuple[str, ...] = ()
    after: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    loads: Mapping[int, Load] = field(default_factory=dict)
    quiet_after: int | None = None
    is_full: bool = False
    stop: Place | None = None
    pause: Place | None = None
    cut: Place | None = None
    assisted: bool = False
    door: bool = False


ACTS: tuple[Act, ...] = (
    Act(name="nobody", level="full", answer="nobody"),
    Act(name="rejected", level="full", answer="rejected"),
    Act(
        name="session",
        level="basic",
        shape=Shape(sets=3),
        before_plan=("plan-unsigned", "plan-other-nonce", "plan-other-subject"),
        after={
            1: (
                "unsigned", "other-session", "other-nonce", "lower-seq", "other-basis", "old-basis", "stale",
                "set-over",
            ),
            2: ("wrong-key", "tampered", "unknown-field", "too-heavy"),
        },
        loads={2: "lower", 3: "lower"},
        quiet_after=2,
    ),
    Act(
        name="plans",
        level="full",
        shape=Shape(sets=2, reps=2),
        before_plan=(
            "plan-other-machine", "plan-limits-over", "plan-widened-limits", "plan-too-heavy",
            "plan-unknown-field",
        ),
        after={1: ("too-long",)},
    ),
    Act(
        name="amounts",
        level="full",
        shape=Shape(sets=3, reps=2, median_share=7 / 8),
        after={
            1: ("too-big-a-step", "week-cap"),
            2: ("half-step", "no-evidence", "other-limits", "envelope-key", "not-json"),
        },
        loads={2: "more", 3: "lower"},
    ),
    Act(
        name="caps",
        level="full",
        shape=Shape(sets=3, reps=2),
        after={1: ("too-wide-a-step",), 2: ("session-cap", "too-far")},
        loads={2: "cap", 3: "lower"},
    ),
    Act(
        name="freeze",
        level="full",
        shape=Shape(sets=2, reps=2),
        after={1: (FREEZE, "below-hold", "no-evidence")},
    ),
    Act(name="window", level="full", shape=Shape(sets=4, reps=14), is_full=True),
    Act(name="cut", level="full", shape=Shape(sets=2), cut=Place(set=1, rep=1), door=True),
    Act(
        name="pause",
        level="full",
        shape=Shape(sets=2, greeting=RESUME),
        pause=Place(set=1, rep=1),
        assisted=True,
    ),
    Act(
        name="pain",
        level="full",
        shape=Shape(sets=2, reps=6, greeting=PRESS_PAIN),
        after={1: ("after-stop",)},
        assisted=True,
    ),
    Act(
        name="unopened",
        level="basic",
        shape=Shape(is_spasm_day=True, greeting=NO_PIN),
        loads={2: "row"},
    ),
    Act(
        name="opened",
        level="full",
        shape=Shape(is_spasm_day=True, greeting=WITH_PIN),
        loads={2: "row"},
        assisted=True,
    ),
    Act(
        name="hurt",
        level="full",
        shape=Shape(is_spasm_day=True, greeting=HURTS),
        loads={2: "row"},
        assisted=True,
    ),
    Act(
        name="stop",
        level="basic",
        shape=Shape(sets=3),
        after={1: ("replayed",), 2: ("after-stop",)},
        stop=Place(set=2, rep=1),
    ),
)  # fmt: skip


def chosen(level: Level, *, assisted: bool, door: bool, wanted: frozenset[str] | None = None) -> list[Act]:
    """Choose the acts of a run; `wanted` names them when not all are needed."""
    return [
        act
        for act in ACTS
        if (level == "full" or act.level == "basic")
        and (assisted or not act.assisted)
        and (door or not act.door)
        and (wanted is None or act.name in wanted)
    ]
