"""Machines whose messages are handled one batch after the other, beside those of other lanes."""

import asyncio
import zlib
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Engine

from contract import topics
from contract.messages import Origin
from services.bus.held import Held
from services.bus.line import PLAN_WORK, Line, Pace
from services.coaching import Delivery

LANES: Final = 2  # while one waits for the database, the other thinks; rows are locked as between workers

OWN_BYTES: Final = 256 * 2**10  # of each machine: four windows of reps with their curves; of 250 64 MB
ROOM_BYTES: Final = 64 * 2**20  # of all together beyond that: a flood of 16,000 rows of 64 kB would be 1 GB
QUICK: Final = ("up/rep", "up/event")
SIGN_IN: Final = b'"kind":"sign_in"'
DECISION_WORK: Final = 5  # what the end of a set or an answer asks for, in reps (bench growth)
Waiting = tuple[Held, Delivery]
MachineKey = tuple[Origin, str]


def sender_of(topic: str) -> MachineKey | None:
    """Name the machine that a message is from; None when its topic is no machine's."""
    address = topics.parse(topic)
    return None if address is None else (address.origin, address.machine)


@dataclass(slots=True, kw_only=True)
class Room:
    """How much of what is not stored yet is kept in memory, bytes: each machine's own, and what all share."""

    own: int = OWN_BYTES
    most: int = ROOM_BYTES
    used: int = 0  # of what all share
    _kept: Counter[Hashable] = field(default_factory=Counter)

    def has(self, delivery: Delivery) -> bool:
        """Tell whether one more message fits in; one that is its machine's only one always does."""
        sender, size = sender_of(delivery.topic), len(delivery.payload)
        return not self._kept[sender] or self.used + self._beyond(sender, size) <= self.most

    def keep(self, delivery: Delivery) -> None:
        """Count a message that is kept."""
        sender, size = sender_of(delivery.topic), len(delivery.payload)
        self.used += self._beyond(sender, size)
        self._kept[sender] += size

    def leave(self, deliveries: Sequence[Delivery]) -> int:
        """Count messages that need no memory any more; returns how many they are."""
        for one in deliveries:
            sender, size = sender_of(one.topic), len(one.payload)
            self._kept[sender] -= size
            self.used -= self._beyond(sender, size)
            if not self._kept[sender]:
                del self._kept[sender]
        return len(deliveries)

    def _beyond(self, sender: Hashable, size: int) -> int:
        """Say how much of what a machine adds is more than its own share."""
        kept = self._kept[sender]
        return max(kept + size - self.own, 0) - max(kept - self.own, 0)


@dataclass(slots=True, kw_only=True)
class Lane:
    """What waits to be handled, and word of it."""

    line: Line[Waiting]
    has_looks: bool  # one of all lanes looks for what others have put into the store
    has_come: asyncio.Event = field(default_factory=asyncio.Event)
    _statuses: dict[Hashable, Waiting] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count what waits."""
        return len(self.line) + len(self._statuses)

    def add_status(self, sender: Hashable, status: Waiting) -> Waiting | None:
        """Take the newest word on how a machine is, which nothing keeps out; return what it replaces."""
        older = self._statuses.get(sender)
        self._statuses[sender] = status
        return older

    def take(self, most: int, now_s: float) -> list[Waiting]:
        """Give out what may be handled now."""
        statuses, self._statuses = list(self._statuses.values()), {}
        return [*statuses, *self.line.take(most - len(statuses), now_s)]

    def ready_in_s(self, now_s: float) -> float | None:
        """Say when there is something to take: 0 for now, None while nothing waits."""
        return 0.0 if self._statuses else self.line.ready_in_s(now_s)


def lanes_for(engine: Engine) -> int:
    """Say how many a database is worth: as many as it has writers at a time; SQLite has one."""
    return LANES if engine.dialect.name == "postgresql" else 1


def make_lanes(count: int, pace: Pace | None) -> tuple[Lane, ...]:
    """Make so many lanes."""
    return tuple(Lane(line=Line(pace, _work), has_looks=number == 0) for number in range(count))


def lane_of(lanes: Sequence[Lane], sender: Hashable) -> Lane:
    """Find the lane of a machine: always the same, so its messages keep their order."""
    return lanes[zlib.crc32(repr(sender).encode()) % len(lanes)]


def drop(lanes: Iterable[Lane], gone: AbstractSet[Held]) -> list[Delivery]:
    """Forget the rows that came with these acknowledgements, for the broker sends them again; returns them.

    With both copies, and the older ones handled first, a service that is behind is never in time to
    acknowledge a newer one: every new link would add all that waits. A status stays: there is one of each
    machine, and one that is off says it no more.
    """
    if not gone:
        return []
    return [delivery for lane in lanes for _, delivery in lane.line.drop(lambda waiting: waiting[0] in gone)]


def _work(waiting: Waiting) -> int:
    """Guess what handling a message takes, in reps, from its bytes: only its turn depends on it."""
    _, delivery = waiting
    if delivery.topic.endswith(QUICK):
        return 1
    return PLAN_WORK if SIGN_IN in delivery.payload else DECISION_WORK
