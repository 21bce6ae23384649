"""The only clock of the agent; composition roots build it, everything else gets `Now` as an argument."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

NS_IN_MS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """One moment: body time (scaled; samples, reps, rests, leases), real monotonic time, studio time."""

    body_ms: int
    mono_ms: int
    wall_ms: int


class Clock:
    """Body time running `rate` times as fast as real time.

    Without `wall_start_ms` studio time is the wall clock (`clock: wall`); with it, studio time starts there
    and runs with body time (`clock: sim`). `rate` may be infinite: body time then moves only by `advance`.
    """

    def __init__(
        self,
        rate: float = 1.0,
        wall_start_ms: int | None = None,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
        wall_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self.rate = rate
        self._wall_start_ms = wall_start_ms
        self._monotonic_ns = monotonic_ns
        self._wall_ns = wall_ns
        self._start_ns = monotonic_ns()
        self._advanced_ms = 0

    @property
    def is_stepped(self) -> bool:
        """Tell whether body time moves only by `advance`."""
        return math.isinf(self.rate)

    def advance(self, step_ms: int) -> None:
        """Move body time forward by hand; only for an infinite rate."""
        self._advanced_ms += step_ms

    def leap(self, step_ms: int) -> None:
        """Move simulated studio time ahead, as over a night; body and monotonic time do not notice."""
        if self._wall_start_ms is not None:
            self._wall_start_ms += step_ms

    def now(self) -> Now:
        """Read all three clocks."""
        mono_ns = self._monotonic_ns()
        if self.is_stepped:
            body_ms = self._advanced_ms
        else:
            body_ms = int((mono_ns - self._start_ns) * self.rate) // NS_IN_MS
        return self.at(body_ms, mono_ns // NS_IN_MS)

    def at(self, body_ms: int, mono_ms: int) -> Now:
        """Make the `Now` of a moment of body time that was reached at `mono_ms`."""
        wall_ms = (
            self._wall_ns() // NS_IN_MS if self._wall_start_ms is None else self._wall_start_ms + body_ms
        )
        return Now(body_ms=body_ms, mono_ms=mono_ms, wall_ms=wall_ms)
