"""Every fault by name: what it does, where it strikes, and what must be seen after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Layer = Literal["sensor", "person", "link", "host"]
FaultName = Literal[
    "silent", "twice", "stuck", "nan", "jump", "kg_lb", "drive_off", "estop",
    "pain", "stop", "stall", "slip",
    "dropout", "duplicate", "reorder", "delay", "broker_cut",
    "power_cut", "clock_skew", "disk_full", "cloned_id", "flood",
]  # fmt: skip

UNLOADED = "drive at 0"
WHOLE = "whole"  # reps counted = reps stored: nothing lost, nothing doubled
NOTHING_BURIED = "no dead letters"
GONE_S = 1.0  # body s until the load is gone (safety page, invariant 8)
LOOK_S = 5.0  # body s that a busy computer may look later: a quarter of a real second at 20 times real time
AT_THE_END = (
    WHOLE,
    NOTHING_BURIED,
    "alert ",
    "absorbed ",
    "not in the week",
)  # what only the service can show


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultKind:
    """One kind of fault.

    `expected` is one sentence with the rule that it rests on; `signs` is how that is told: each must begin
    something that was seen after the fault, `in_order` also after the sign before it; the unloading after
    the change of state that it belongs to. `within_s`: how late (body s after the fault) a sign may be;
    `never`: what must not be seen after the first, and until the second sign named.
    `at` is where it strikes when nobody says: a second of body time, for faults of a person a rep.
    `lasts_s`: body time for sensors and people, else real time.
    """

    layer: Layer
    what: str
    expected: str
    signs: tuple[str, ...]
    at: float = 30.0
    lasts_s: float = 1.0
    in_order: bool = False
    within_s: Mapping[str, float] = field(default_factory=dict)
    never: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def at_the_end(self) -> tuple[str, ...]:
        """Those signs that only the service's store can show."""
        return tuple(sign for sign in self.signs if sign.startswith(AT_THE_END))


def _unloads(state: str, after_s: float) -> Mapping[str, float]:
    """Bound the change of state by the rule's time, and the unloading by the second that it may take then."""
    return {f"state {state}": after_s + LOOK_S, UNLOADED: after_s + GONE_S + LOOK_S}


def _broken_sensor(trouble: str) -> tuple[str, ...]:
    return f"event sensor: {trouble}", "state fault", "set_end fault", UNLOADED, WHOLE


FAULTS: dict[FaultName, FaultKind] = {
    "silent": FaultKind(
        layer="sensor",
        what="No telegram comes from the drive.",
        expected="The agent unloads and is in FAULT after 100 ms (safety page, invariant 10).",
        signs=_broken_sensor("silent"),
        within_s=_unloads("fault", 0.1),
    ),
    "twice": FaultKind(
        layer="sensor",
        what="Every telegram of the drive comes twice.",
        expected="No rep is counted twice (safety page, detector).",
        signs=("set_end target, counted as done", WHOLE),
        lasts_s=120.0,
    ),
    "stuck": FaultKind(
        layer="sensor",
        what="The drive repeats one angle and one torque.",
        expected="The agent unloads and is in FAULT after 1 s (safety page, invariant 10).",
        signs=_broken_sensor("stuck"),
        lasts_s=3.0,
        within_s=_unloads("fault", 1.0),
    ),
    "nan": FaultKind(
        layer="sensor",
        what="The angle is no number.",
        expected="The agent unloads and is in FAULT at once (safety page, invariant 10).",
        signs=_broken_sensor("not_finite"),
        lasts_s=0.1,
        within_s=_unloads("fault", 0.0),
    ),
    "jump": FaultKind(
        layer="sensor",
        what="The angle jumps by 40 deg.",
        expected="The agent unloads and is in FAULT: faster than 200 deg/s (safety page, invariant 10).",
        signs=_broken_sensor("too_fast_to_be_true"),
        lasts_s=0.1,
        within_s=_unloads("fault", 0.0),
    ),
    "kg_lb": FaultKind(
        layer="sensor",
        what="The drive reports its load in pounds where kilograms are meant.",
        expected="The agent unloads and is in FAULT: the load read back is not the load told "
        "(safety page, invariant 10 and h25).",
        signs=_broken_sensor("load_error"),
        lasts_s=3.0,
        within_s=_unloads("fault", 0.3),
    ),
    "drive_off": FaultKind(
        layer="sensor",
        what="The drive lets go of its load by itself.",
        expected="The agent takes the load off and is in FAULT after 300 ms (safety page, invariant 10).",
        signs=_broken_sensor("load_error"),
        lasts_s=3.0,
        within_s=_unloads("fault", 0.3),
    ),
    "estop": FaultKind(
        layer="sensor",
        what="Somebody presses the mushroom for 3 s.",
        expected="The machine is in ESTOP, and only a reset at the machine ends it (safety page, states).",
        signs=("event estop", "state estop", "set_end fault", UNLOADED, WHOLE),
        lasts_s=3.0,
        within_s=_unloads("estop", 0.0),
    ),
    "pain": FaultKind(
        layer="person",
        what="The person presses Pain after a rep.",
        expected="The load is gone within 1 s and STOPPED stays until staff clear it "
        "(safety page, invariant 8).",
        signs=("event pain", "state stopped", "set_end pain", UNLOADED, WHOLE),
        at=2,
        within_s=_unloads("stopped", 0.0),
    ),
    "stop": FaultKind(
        layer="person",
        what="The person presses Stop after a rep.",
        expected="The load is gone within 1 s and the machine is PAUSED (safety page, states).",
        signs=("event stop: patient", "state paused", "set_end patient", UNLOADED, WHOLE),
        at=2,
        within_s=_unloads("paused", 0.0),
    ),
    "stall": FaultKind(
        layer="person",
        what="The person stands still under load in the middle of a rep.",
        expected="A rep longer than 20 s pauses the machine and unloads (safety page, invariant 9).",
        signs=("code paused_tempo", "state paused", "set_end tempo", UNLOADED, WHOLE),
        at=2,
        lasts_s=60.0,
        within_s=_unloads("paused", 20.0),
    ),
    "slip": FaultKind(
        layer="person",
        what="The person loses hold and falls back at 80 deg/s.",
        expected="Faster than signed for 100 ms: brake and unload (safety page, invariant 11).",
        signs=("code overspeed", "state paused", "set_end tempo", UNLOADED, WHOLE),
        at=2,
        lasts_s=60.0,
        within_s=_unloads("paused", 0.1),
    ),
    "dropout": FaultKind(
        layer="link",
        what="Three of ten rows get lost on their way; the connection stands.",
        expected="What the service has not committed is sent again (protocol page, delivery).",
        signs=("lost on the way", WHOLE, NOTHING_BURIED),
        lasts_s=8.0,
    ),
    "duplicate": FaultKind(
        layer="link",
        what="Every second row arrives twice.",
        expected="The same identity is stored once and acknowledged again (protocol page, head).",
        signs=("sent twice", "absorbed ", WHOLE, NOTHING_BURIED),
        lasts_s=8.0,
    ),
    "reorder": FaultKind(
        layer="link",
        what="Neighbouring rows change places.",
        expected="Reps are stored in any order, and what waits for a gap holds (protocol page, delivery).",
        signs=("changed places", WHOLE, NOTHING_BURIED),
        lasts_s=8.0,
    ),
    "delay": FaultKind(
        layer="link",
        what="Everything takes up to 2 s longer, either way.",
        expected="The set goes on; what comes too late is not used, and nothing is lost "
        "(protocol page, the conversation of a session).",
        signs=("held up", "set_end", WHOLE, NOTHING_BURIED),
        lasts_s=8.0,
    ),
    "broker_cut": FaultKind(
        layer="link",
        what="The broker cannot be reached.",
        expected="The running session finishes its planned sets, and every row comes later "
        "(protocol page, offline and delivery).",
        signs=("cut off", "rep", "connected again", WHOLE, NOTHING_BURIED),
        lasts_s=6.0,
    ),
    "power_cut": FaultKind(
        layer="host",
        what="The machine's computer loses its power in the middle of a set.",
        expected="The next life closes the set as `power`; no rep is lost or doubled "
        "(protocol page, delivery; safety page, h07).",
        signs=("power cut", "booted again", "set_end power", WHOLE, NOTHING_BURIED),
        lasts_s=1.0,
    ),
    "clock_skew": FaultKind(
        layer="host",
        what="The machine's wall clock jumps ten minutes ahead.",
        expected="Over 120 s the session counts for no week and raises nothing, and staff are told "
        "(protocol page, clock-free freshness).",
        signs=(
            "clock jumped",
            "signed in",
            "signed out",
            "alert clock_skew",
            "not in the week",
            WHOLE,
            NOTHING_BURIED,
        ),
        lasts_s=600.0,
        in_order=True,
    ),
    "disk_full": FaultKind(
        layer="host",
        what="The disk of the machine takes no more bytes.",
        expected="The running session ends, no new one begins, and nothing is lost once there is room "
        "(protocol page, delivery; safety page, h22).",
        signs=("disk full", "code spool_full", "room again", "signed out", WHOLE, NOTHING_BURIED),
        lasts_s=120.0,
        never={"signed in": ("code spool_full", "room again")},
    ),
    "cloned_id": FaultKind(
        layer="host",
        what="A second agent speaks under the machine's name.",
        expected="The second takeover within 60 s is a FAULT, and the machine hangs up (safety page, h14).",
        signs=(
            "event conflict",
            "state fault",
            "alert conflict",
            WHOLE,
            NOTHING_BURIED,
        ),
        lasts_s=40.0,
    ),
    "flood": FaultKind(
        layer="host",
        what="A neighbour publishes 600 rows as fast as it can.",
        expected="The flood is stored once, and nobody loses or doubles a rep (protocol page, delivery).",
        signs=("flood committed", WHOLE, NOTHING_BURIED),
        lasts_s=60.0,
    ),
}
