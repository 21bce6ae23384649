"""Machines in step: none goes on before all have done, stored and had acknowledged what is before them.

Each agent runs in its own loop with a stepped clock; this is what their clocks ask before a step. Between
two steps nothing is on its way anywhere, so what is decided does not depend on who was faster.
"""

import time
from collections.abc import Callable, Collection

from machine_agent.clock import Clock

STEP_MS = 200  # body time of a step, as `machine_agent.loop` steps by itself
NAP_S = 0.0005  # real time that machines which are ready leave to those that are not
PACE_NAP_S = 0.005  # real time, where the day is ahead of its rate


class StudioClock(Clock):
    """One machine's clock: body time moves in step with the others, and not while nobody is there."""

    def __init__(self, machine: str, score: "Score", opens_ms: int) -> None:
        super().__init__(rate=float("inf"), wall_start_ms=opens_ms)
        self.machine = machine
        self._score = score

    def advance(self, step_ms: int) -> None:
        """Go on when it is this machine's turn."""
        if self._score.may_go(self.machine):
            super().advance(step_ms)


class Score:
    """Opens step after step; `on_step` sees the end of every one.

    `awake` names the machines that take part, `has_touches` tells whether one has still to hear its person.
    """

    def __init__(
        self,
        awake: Callable[[], Collection[str]],
        has_touches: Callable[[str], bool],
        on_step: Callable[[int], None],
        rate: float,
        monotonic: Callable[[], float] = time.monotonic,
        nap: Callable[[float], None] = time.sleep,
    ) -> None:
        self._awake, self._has_touches, self._on_step, self._rate = awake, has_touches, on_step, rate
        self._monotonic, self._nap = monotonic, nap
        self._began_s: float | None = None
        self._clocks: dict[str, StudioClock] = {}
        self._going: set[str] = set()  # may make this step, and have not yet
        self._taking: frozenset[str] = frozenset()  # who takes part in this step
        self._ready: set[str] = set()
        self.is_held = True  # the doors are not open yet
        self.now_ms = 0  # studio time since opening

    def add(self, clock: StudioClock) -> None:
        """Let a machine take part; the first step waits for all of them."""
        self._clocks[clock.machine] = clock
        self._taking |= {clock.machine}

    def may_go(self, machine: str) -> bool:
        """Tell a machine that has everything behind it whether to make a step now."""
        if machine in self._going:
            self._going.remove(machine)
            return True
        if self._has_touches(machine):
            return False  # what is touched belongs to this step, and so do the rows that come of it
        was_ready = machine in self._ready
        self._ready.add(machine)
        if self.is_held or self._going or not self._taking <= self._ready:
            if was_ready and machine == min(self._ready):
                self._nap(NAP_S)
            return False
        if self._is_ahead():
            return False
        self._open()
        if machine in self._going:
            self._going.remove(machine)
            return True
        return False

    def _is_ahead(self) -> bool:
        """Wait a little when the day runs faster than it was asked to."""
        if self._began_s is None:
            self._began_s = self._monotonic()
        ahead_s = self.now_ms / 1_000 / self._rate - (self._monotonic() - self._began_s)
        if ahead_s > 0:
            self._nap(min(ahead_s, PACE_NAP_S))
        return ahead_s > 0

    def _open(self) -> None:
        """End this step and open the next: who is asleep goes with studio time, without living through it."""
        self._on_step(self.now_ms)
        self._taking = frozenset(self._awake())
        self._going, self._ready = set(self._taking), set()
        self.now_ms += STEP_MS
        for machine, clock in self._clocks.items():
            if machine not in self._taking:
                clock.leap(STEP_MS)
