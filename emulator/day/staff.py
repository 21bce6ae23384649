"""Therapists on the floor: an alert calls the nearest free one, who walks there, talks, clears or holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

WALK_M_S = 1.2  # m/s, an unhurried walk; design
SPACING_M = 4.0  # between two machines of the row; design
NOTICE_S = (2.0, 12.0)  # from the alert to the first step; design
SEVERITIES = ("red", "amber")  # who of the staff walks for; the rest is for the evening's list


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """How long staff stay (s, least and most), and whether the person trains on today."""

    takes_s: tuple[float, float]
    goes_home: bool = False


# By code of the alert; a second pain of a day ends the visit as `unwell` does. Durations: design.
REACTIONS: dict[str, Reaction] = {
    "pain": Reaction(takes_s=(60, 180)),
    "unwell": Reaction(takes_s=(180, 420), goes_home=True),
    "fault": Reaction(takes_s=(60, 180)),
    "sensor": Reaction(takes_s=(60, 180)),
} | dict.fromkeys(
    (
        "symptoms",
        "spasm",
        "red_pain",
        "pressure_stop",
        "pain_button",
        "morning_long_twice",
        "morning_worse_twice",
    ),
    Reaction(takes_s=(90, 240), goes_home=True),
)
LOOKS = Reaction(takes_s=(30, 90))  # everything else that is red or amber


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An alert of the service that staff see (ms since opening)."""

    raised_ms: int
    severity: str
    code: str
    machine: str
    badge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One therapist on the way to one call: there from `arrives_ms`, done at `done_ms`."""

    therapist: int
    call: Call
    leaves_ms: int
    arrives_ms: int
    done_ms: int
    goes_home: bool

    @property
    def reaction_ms(self) -> int:
        """From the alert to somebody at the machine."""
        return self.arrives_ms - self.call.raised_ms


@dataclass(slots=True)
class Staff:
    """The therapists of a day (mutable; every call says what time it is, in ms since opening)."""

    count: int
    machines: Sequence[str]  # along the wall
    seed: int
    errands: list[Errand] = field(default_factory=list)
    noted: list[Call] = field(default_factory=list)  # seen, nobody walks for it
    _open: list[Call] = field(default_factory=list)
    _on_way: list[Errand] = field(default_factory=list)
    _at_m: dict[int, float] = field(default_factory=dict)
    _pained: set[str] = field(default_factory=set)

    def hear(self, calls: Iterable[Call]) -> None:
        """Take new alerts in."""
        for call in calls:
            (self._open if call.severity in SEVERITIES and call.machine else self.noted).append(call)

    def go(self, now_ms: int) -> list[Errand]:
        """Send free therapists: red before amber, then the oldest call, then the nearest therapist."""
        sent = []
        self._open.sort(key=_urgency)
        while self._open and (free := self._free()):
            call = self._open.pop(0)
            place_m = self._place_m(call.machine)
            therapist = min(free, key=lambda one: (abs(self._at_m.get(one, 0.0) - place_m), one))
            sent.append(self._send(therapist, call, now_ms))
        return sent

    def done(self, now_ms: int) -> list[Errand]:
        """Return the errands that are over by now, and free their therapists."""
        over = [one for one in self._on_way if one.done_ms <= now_ms]
        self._on_way = [one for one in self._on_way if one.done_ms > now_ms]
        return sorted(over, key=lambda one: (one.done_ms, one.therapist))

    def is_called(self, machine: str) -> bool:
        """Tell whether somebody walks to this machine, or will."""
        calls = (*self._open, *(one.call for one in self._on_way))
        return any(call.machine == machine for call in calls)

    def next_ms(self) -> int | None:
        """Say when the next errand is over."""
        return min((one.done_ms for one in self._on_way), default=None)

    def _free(self) -> list[int]:
        busy = {one.therapist for one in self._on_way}
        return [one for one in range(1, self.count + 1) if one not in busy]

    def _send(self, therapist: int, call: Call, now_ms: int) -> Errand:
        reaction = REACTIONS.get(call.code, LOOKS)
        drawn = [self.seed, 14, call.raised_ms, *call.machine.encode(), *call.code.encode()]
        chance = np.random.default_rng(drawn)
        notice_s, takes_s = chance.uniform(*NOTICE_S), chance.uniform(*reaction.takes_s)
        place_m = self._place_m(call.machine)
        walk_s = abs(self._at_m.get(therapist, 0.0) - place_m) / WALK_M_S
        self._at_m[therapist] = place_m
        arrives_ms = now_ms + round(1_000 * (float(notice_s) + walk_s))
        again = call.code == "pain" and call.badge in self._pained
        self._pained.update([call.badge] if call.code == "pain" else [])
        errand = Errand(
            therapist=therapist,
            call=call,
            leaves_ms=now_ms,
            arrives_ms=arrives_ms,
            done_ms=arrives_ms + round(1_000 * float(takes_s)),
            goes_home=reaction.goes_home or again,
        )
        self._on_way.append(errand)
        self.errands.append(errand)
        return errand

    def _place_m(self, machine: str) -> float:
        return SPACING_M * self.machines.index(machine)


def _urgency(call: Call) -> tuple[int, int, str, str]:
    return SEVERITIES.index(call.severity), call.raised_ms, call.machine, call.code
