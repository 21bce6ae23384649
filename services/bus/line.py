"""Waiting lines of machines in front of the store, each at its own pace: a flood delays nobody else."""

from collections import Counter, deque
from collections.abc import Callable, Hashable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

Item = TypeVar("Item")
Admission = Literal["now", "waits", "full"]
LIVE_MOST = 8  # rows of a machine that wait: with more it catches up, and nobody waits for it
SLOW_MOST = 50  # work for who catches up and for plans, in reps, in one batch: the others' rows wait for it
PLAN_WORK = 8  # what a sign-in asks for, in reps (bench growth)
WHOLE = 1.0 - 1e-9  # a token that is whole but for the rounding of the clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What one machine may send: a token bucket, and how much more of it is kept waiting (protocol page)."""

    rate_per_s: float = 50.0
    burst: int = 200
    at_once: int = 25  # of one machine in one batch: the others' answers wait for the whole of it
    waiting_most: int = 256  # four windows of an agent; whoever sends more has not waited for an ack


def pace_at(rate_per_s: float) -> Pace | None:
    """Make the pace of a setting; None, no limit, for 0."""
    return Pace(rate_per_s=rate_per_s) if rate_per_s > 0 else None


@dataclass(slots=True, kw_only=True)
class _Machine(Generic[Item]):
    """One machine's line and its bucket as it was at `seen_s`."""

    tokens: float
    seen_s: float
    items: deque[Item] = field(default_factory=deque)


class Line(Generic[Item]):
    """Items by machine in the order of their coming, given out in turns; without a pace at once.

    `work`: what handling an item takes, in reps.
    """

    def __init__(self, pace: Pace | None, work: Callable[[Item], int] = lambda _: 1) -> None:
        self._pace, self._work = pace, work
        self._machines: dict[Hashable, _Machine[Item]] = {}
        self._turns: deque[Hashable] = deque()  # machines with items, whose turn is next first
        self._was_slow = False  # the batch before held such work

    def __len__(self) -> int:
        """Count what waits."""
        return sum(len(machine.items) for machine in self._machines.values())

    def add(self, key: Hashable, item: Item, now_s: float) -> Admission:
        """Put an item behind the others of its machine: its turn is `now`, or it `waits` for its pace.

        `full`: that many wait already, and this one is not kept.
        """
        machine = self._machines.get(key)
        if machine is None:
            tokens = 0.0 if self._pace is None else float(self._pace.burst)
            machine = self._machines[key] = _Machine(tokens=tokens, seen_s=now_s)
        waiting = 0 if self._pace is None else self._waiting(machine, self._pace, now_s)
        if self._pace is not None and waiting > self._pace.waiting_most:
            return "full"
        if not machine.items:
            self._turns.append(key)
        machine.items.append(item)
        return "waits" if waiting > 0 else "now"

    def take(self, most: int, now_s: float) -> list[Item]:
        """Give out what may be handled now, one of each machine in turn; of what is slow only so much.

        Behind a batch with slow work comes one for the others alone, if there are some and not many.
        """
        taken: list[Item] = []
        resting: list[Hashable] = []
        given: Counter[Hashable] = Counter()
        backlogs = {key for key in self._turns if len(self._machines[key].items) > LIVE_MOST}
        slow, slow_most = 0, self._slow_most(backlogs, now_s)
        while self._turns and len(taken) < most:
            key = self._turns.popleft()
            machine = self._machines[key]
            work = self._work(machine.items[0])
            is_slow = key in backlogs or work >= PLAN_WORK
            must_rest = (is_slow and slow >= slow_most) or self._has_had(given[key])
            if must_rest or not self._pay(machine, now_s):
                resting.append(key)
                continue
            taken.append(machine.items.popleft())
            given[key] += 1
            slow += work if is_slow else 0
            if machine.items:
                self._turns.append(key)
        self._turns.extend(resting)
        self._was_slow = slow > 0
        return taken

    def drop(self, is_unwanted: Callable[[Item], bool]) -> list[Item]:
        """Take out what is unwanted, whoever's turn it is; returns it."""
        dropped: list[Item] = []
        for machine in self._machines.values():
            dropped.extend(filter(is_unwanted, machine.items))
            machine.items = deque(one for one in machine.items if not is_unwanted(one))
        self._turns = deque(key for key in self._turns if self._machines[key].items)
        return dropped

    def ready_in_s(self, now_s: float) -> float | None:
        """Say when there is something to take: 0 for now, None while nothing waits."""
        waits = [self._wait_s(self._machines[key], now_s) for key in self._turns]
        return min(waits, default=None)

    def _slow_most(self, backlogs: AbstractSet[Hashable], now_s: float) -> int:
        """Say how much slow work the next batch may hold: where much else is to do, as much as that."""
        others = [self._machines[key] for key in self._turns if key not in backlogs]
        ready = (self._work(one.items[0]) for one in others if self._wait_s(one, now_s) <= 0.0)
        quick = sum(work for work in ready if work < PLAN_WORK)
        if quick > SLOW_MOST:
            return quick
        return 0 if quick and self._was_slow else SLOW_MOST

    def _has_had(self, given: int) -> bool:
        return self._pace is not None and given >= self._pace.at_once

    def _pay(self, machine: _Machine[Item], now_s: float) -> bool:
        if self._pace is None:
            return True
        self._refill(machine, self._pace, now_s)
        if machine.tokens < WHOLE:
            return False
        machine.tokens -= 1.0
        return True

    def _waiting(self, machine: _Machine[Item], pace: Pace, now_s: float) -> int:
        """Count how many would have to wait if one more came."""
        self._refill(machine, pace, now_s)
        return len(machine.items) + 1 - int(machine.tokens + 1.0 - WHOLE)

    def _wait_s(self, machine: _Machine[Item], now_s: float) -> float:
        if self._pace is None:
            return 0.0
        self._refill(machine, self._pace, now_s)
        return max((1.0 - machine.tokens) / self._pace.rate_per_s, 0.0)

    @staticmethod
    def _refill(machine: _Machine[Item], pace: Pace, now_s: float) -> None:
        earned = (now_s - machine.seen_s) * pace.rate_per_s
        machine.tokens, machine.seen_s = min(machine.tokens + earned, float(pace.burst)), now_s
