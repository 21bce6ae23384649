"""Machines whose messages are handled one batch after the other, beside those of other lanes."""

import asyncio
import zlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Engine

from services.bus.line import Line, Pace
from services.bus.rim import Parcel
from services.coaching import Delivery

LANES: Final = 2  # while one waits for the database, the other thinks; rows are locked as between workers


@dataclass(slots=True, kw_only=True)
class Held:
    """A parcel that the broker waits for; `is_done`: nothing of it can be lost any more."""

    parcel: Parcel
    is_done: bool = False


@dataclass(slots=True, kw_only=True)
class Lane:
    """What waits to be handled, and word of it."""

    line: Line[tuple[Held, Delivery]]
    has_looks: bool  # one of all lanes looks for what others have put into the store
    has_come: asyncio.Event = field(default_factory=asyncio.Event)


def lanes_for(engine: Engine, pace: Pace | None) -> tuple[Lane, ...]:
    """Make as many as the database has writers at a time, at most so many; SQLite has one."""
    count = LANES if engine.dialect.name == "postgresql" else 1
    return tuple(Lane(line=Line(pace), has_looks=number == 0) for number in range(count))


def lane_of(lanes: Sequence[Lane], sender: Hashable) -> Lane:
    """Find the lane of a machine: always the same, so its messages keep their order."""
    return lanes[zlib.crc32(repr(sender).encode()) % len(lanes)]
