"""Machines whose wall clock stands wrong: what they say is kept, and counts for no week (protocol page)."""

from collections.abc import Mapping, Sequence
from typing import Any

from contract.messages import Flag, Status
from services.coaching.receive import Fact

SKEW_MOST_MS = 120_000  # protocol page, "Clock-free freshness"
LIVE_LEAST_MS = 10_000  # between two statuses; design: what waited in a broker comes in one burst
LIVE_ERROR_MS = 5_000  # of the pace between two statuses that came at once; design: jitter of a busy network
NO_INCREASE: Flag = "no_increase"


def skews_ms(known: Mapping[tuple[str, str], Any], facts: Sequence[Fact]) -> dict[str, int]:
    """Measure by session how far (ms) the clock of its machine is ahead; only what is too far.

    The clock is what the statuses of this boot say, never the arrival of rows, which may have waited in a
    spool. Simulated time is not judged. `known`: the newest status, by origin and machine.
    """
    found = {}
    for origin, head in ((fact.origin, fact.message.head) for fact in facts):
        ahead_ms = _ahead_ms(known.get((origin, head.machine)), head.boot)
        if head.session is not None and abs(ahead_ms) > SKEW_MOST_MS:
            found[head.session] = ahead_ms
    return found


def with_flag(flags: tuple[Flag, ...], skew_ms: int) -> tuple[Flag, ...]:
    """Raise nothing in a session of which nobody knows in which week it lies."""
    return flags if skew_ms == 0 else tuple(dict.fromkeys((*flags, NO_INCREASE)))


def is_same(stored: Mapping[str, Any] | None, status: Status) -> bool:
    """Tell whether a status is the one that is stored: a broker hands out a retained one again and again."""
    told = (status.boot, status.mono_ms, status.online)
    return stored is not None and (stored["boot"], stored["mono_ms"], stored["online"]) == told


def heard_ms(stored: Mapping[str, Any] | None, status: Status, received_ms: int) -> int:
    """Measure how far (ms) a machine's clock is ahead, by this status and the one before it.

    Waiting in a broker makes a clock look slow, never fast: a slow one is believed when two statuses came as
    far apart as they were said. Until then, and of a will (it was written at connect), what is known stays.
    """
    ahead_ms = status.wall_ms - received_ms
    if not status.online:
        return _known_ms(stored, status)
    if ahead_ms >= -SKEW_MOST_MS or _came_at_once(stored, status, received_ms):
        return ahead_ms
    return _known_ms(stored, status)


def _came_at_once(stored: Mapping[str, Any] | None, status: Status, received_ms: int) -> bool:
    if stored is None or stored["boot"] != status.boot:
        return False
    came_ms, said_ms = received_ms - stored["received_ms"], status.mono_ms - stored["mono_ms"]
    return bool(came_ms >= LIVE_LEAST_MS and abs(came_ms - said_ms) <= LIVE_ERROR_MS)


def _known_ms(stored: Mapping[str, Any] | None, status: Status) -> int:
    """Return what is known of this boot's clock, unless it was set since then."""
    if stored is None or stored["boot"] != status.boot:
        return 0
    set_ms = (status.wall_ms - status.mono_ms) - (stored["wall_ms"] - stored["mono_ms"])
    return int(stored["skew_ms"]) if abs(set_ms) <= LIVE_ERROR_MS else 0


def _ahead_ms(status: Any | None, boot: str) -> int:
    if status is None or status.clock != "wall" or status.boot != boot:
        return 0
    return int(status.skew_ms)
