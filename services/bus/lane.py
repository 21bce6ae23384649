"""Machines whose messages are handled one batch after the other, beside those of other lanes."""

import asyncio
import zlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Engine

from services.bus.held import Held
from services.bus.line import Line, Pace
from services.coaching import Delivery

LANES: Final = 2  # while one waits for the database, the other thinks; rows are locked as between workers

ROOM_BYTES: Final = 128 * 2**20  # RECEIVE_MAXIMUM reps with their curves take 20 MB; of 64 kB each it is 1 GB


@dataclass(slots=True, kw_only=True)
class Room:
    """How much of what is not stored yet is kept in memory, bytes."""

    most: int = ROOM_BYTES
    used: int = 0

    def has(self, delivery: Delivery) -> bool:
        """Tell whether one more message fits in; one that comes alone always does."""
        return self.used == 0 or self.used + len(delivery.payload) <= self.most

    def keep(self, delivery: Delivery) -> None:
        """Count a message that is kept."""
        self.used += len(delivery.payload)

    def leave(self, deliveries: Iterable[Delivery]) -> None:
        """Count messages that need no memory any more."""
        self.used -= sum(len(one.payload) for one in deliveries)


@dataclass(slots=True, kw_only=True)
class Lane:
    """What waits to be handled, and word of it."""

    line: Line[tuple[Held, Delivery]]
    has_looks: bool  # one of all lanes looks for what others have put into the store
    has_come: asyncio.Event = field(default_factory=asyncio.Event)


def lanes_for(engine: Engine) -> int:
    """Say how many a database is worth: as many as it has writers at a time; SQLite has one."""
    return LANES if engine.dialect.name == "postgresql" else 1


def make_lanes(count: int, pace: Pace | None) -> tuple[Lane, ...]:
    """Make so many lanes."""
    return tuple(Lane(line=Line(pace), has_looks=number == 0) for number in range(count))


def lane_of(lanes: Sequence[Lane], sender: Hashable) -> Lane:
    """Find the lane of a machine: always the same, so its messages keep their order."""
    return lanes[zlib.crc32(repr(sender).encode()) % len(lanes)]
