"""Machines whose wall clock stands wrong: what they say is kept, and counts for no week (protocol page)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from contract.messages import Flag, Status
from services.coaching.receive import Fact
from services.store import wire

SKEW_MOST_MS = 120_000  # protocol page, "Clock-free freshness"
NO_INCREASE: Flag = "no_increase"


def skews_ms(connection: Connection, facts: Sequence[Fact]) -> dict[str, int]:
    """Measure by session how far (ms) the clock of its machine is ahead; only what is too far.

    The clock is what the newest status of this boot says, against when it came: never the arrival of rows,
    which may have waited in a spool. Simulated time is not judged.
    """
    rows = [(fact.origin, fact.message.head) for fact in facts]
    known = wire.statuses(connection, {(origin, head.machine) for origin, head in rows})
    found = {}
    for origin, head in rows:
        ahead_ms = _ahead_ms(known.get((origin, head.machine)), head.boot)
        if head.session is not None and abs(ahead_ms) > SKEW_MOST_MS:
            found[head.session] = ahead_ms
    return found


def with_flag(flags: tuple[Flag, ...], skew_ms: int) -> tuple[Flag, ...]:
    """Raise nothing in a session of which nobody knows in which week it lies."""
    return flags if skew_ms == 0 else tuple(dict.fromkeys((*flags, NO_INCREASE)))


def is_same(stored: Any | None, status: Status) -> bool:
    """Tell whether a status is the one that is stored: a broker hands out a retained one again and again."""
    told = (status.boot, status.mono_ms, status.online)
    return stored is not None and (stored.boot, stored.mono_ms, stored.online) == told


def _ahead_ms(status: Any | None, boot: str) -> int:
    if status is None or status.clock != "wall" or status.boot != boot:
        return 0
    return int(status.wall_ms - status.received_ms)
