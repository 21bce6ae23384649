"""Who is where in the studio: people go through their circuits, machines change over; no clock of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from emulator.day.booking import Booked

CHANGE_OVER_S = (60.0, 90.0)  # between two people on a machine, and two machines of a person; design page 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A person and a machine that belong together from `taken_ms`; change-over comes first."""

    badge: str
    machine: str
    kind: str
    since_ms: int  # since when the person waits
    taken_ms: int
    begins_ms: int

    @property
    def waited_ms(self) -> int:
        """How long the person had to wait for a free machine."""
        return self.taken_ms - self.since_ms


@dataclass(slots=True, kw_only=True)
class _Visitor:
    left: list[str]
    free_ms: int
    is_busy: bool = False


@dataclass(slots=True)
class Hall:
    """The floor of one day (mutable; every call says what time it is, in ms since opening)."""

    booked: Sequence[Booked]
    machines: Mapping[str, str]  # id -> kind
    seed: int
    closes_ms: int
    unserved: int = 0  # stations that the closing hour took away
    _visitors: dict[str, _Visitor] = field(default_factory=dict)
    _free_ms: dict[str, int] = field(default_factory=dict)
    _kinds: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Leave out stations that this studio has no machine for."""
        self._kinds = frozenset(self.machines.values())
        self._free_ms = dict.fromkeys(self.machines, 0)

    @property
    def inside(self) -> int:
        """Count the people who are here."""
        return sum(one.is_busy or bool(one.left) for one in self._visitors.values())

    @property
    def gone(self) -> int:
        """Count the people who were here and have left."""
        return len(self._visitors) - self.inside

    def seat(self, now_ms: int) -> list[Seat]:
        """Let people in, and send who is free to a free machine: who waits longest chooses first."""
        self._let_in(now_ms)
        if now_ms >= self.closes_ms:
            self._close()
        free = ((badge, one) for badge, one in self._visitors.items() if one.left and not one.is_busy)
        waiting = [(one.free_ms, badge) for badge, one in free]
        seats = [self._seat(badge, since_ms, now_ms) for since_ms, badge in sorted(waiting)]
        return [one for one in seats if one is not None]

    def leave(self, seat: Seat, now_ms: int) -> None:
        """Take the person back from a machine, which is free again."""
        visitor = self._visitors[seat.badge]
        visitor.is_busy, visitor.free_ms = False, now_ms
        self._free_ms[seat.machine] = now_ms

    def send_home(self, badge: str) -> int:
        """End a visit after the present machine; returns how many stations are given up."""
        visitor = self._visitors.get(badge)
        given_up = len(visitor.left) if visitor else 0
        if visitor:
            visitor.left.clear()
        return given_up

    def is_over(self, now_ms: int) -> bool:
        """Tell whether everybody who comes has been here and is gone."""
        return self.inside == 0 and self.next_ms(now_ms) is None

    def next_ms(self, now_ms: int) -> int | None:
        """Say when the next person comes; None when nobody does any more."""
        coming = (one.comes_ms for one in self.booked if one.badge not in self._visitors)
        return min((max(ms, now_ms) for ms in coming if ms is not None), default=None)

    def _let_in(self, now_ms: int) -> None:
        for one in self.booked:
            if one.comes_ms is not None and one.comes_ms <= now_ms and one.badge not in self._visitors:
                left = [kind for kind in one.stations if kind in self._kinds]
                self._visitors[one.badge] = _Visitor(left=left, free_ms=one.comes_ms)

    def _close(self) -> None:
        for one in self._visitors.values():
            self.unserved += len(one.left)
            one.left.clear()

    def _seat(self, badge: str, since_ms: int, now_ms: int) -> Seat | None:
        visitor = self._visitors[badge]
        for kind in visitor.left:
            free = [name for name, one in self.machines.items() if one == kind and name in self._free_ms]
            if free:
                machine = min(free, key=lambda name: (self._free_ms[name], name))
                break
        else:
            return None
        visitor.left.remove(kind)
        visitor.is_busy = True
        del self._free_ms[machine]
        begins_ms = now_ms + self._change_over_ms(badge, kind)
        return Seat(
            badge=badge, machine=machine, kind=kind, since_ms=since_ms, taken_ms=now_ms, begins_ms=begins_ms
        )

    def _change_over_ms(self, badge: str, kind: str) -> int:
        chance = np.random.default_rng([self.seed, 13, *badge.encode(), *kind.encode()])
        return round(1_000 * float(chance.uniform(*CHANGE_OVER_S)))
