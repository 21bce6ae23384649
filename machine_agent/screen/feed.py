"""The stream of snapshots to the page: what is new at most 20 times a second, and a beat every second."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import msgspec

from machine_agent.agent.view import View
from machine_agent.clock import Now
from machine_agent.screen import cue
from machine_agent.screen.memory import LastSet, Memory, Try

LEAST_S = 0.05  # between two snapshots: 20 Hz
BEAT_S = 1.0
DECIMALS = 1  # of angles and torques on a screen
AGE_STEP_MS = 500  # steps in which ages and waits are told
CLOCK_STEP_MS = 100  # steps of what counts down on the page


class Snapshot(msgspec.Struct, frozen=True):
    """One event of the stream; `wall_ms` is the agent's time of this view."""

    wall_ms: int
    view: View
    cue: cue.Cue
    last_set: LastSet | None
    tries: tuple[Try, ...]


class Feed:
    """Holds the newest view; a stream that is slow misses views, never falls behind."""

    def __init__(self) -> None:
        self._memory = Memory()
        self._view: View | None = None
        self._wall_ms = 0
        self._passes = 0  # how often the agent has shown its view
        self._changes = 0
        self._closed = asyncio.Event()

    @property
    def has_view(self) -> bool:
        """Tell whether the agent has shown anything yet."""
        return self._view is not None

    def show(self, view: View, now: Now) -> None:
        """Take the view of this pass of the agent."""
        self._passes += 1
        self._wall_ms = now.wall_ms
        seen = _rounded(view)
        if seen != self._view:
            self._changes += 1
            self._view = seen
            self._memory.see(seen)

    def keep(self, body: object) -> None:
        """Take a row that is on disk."""
        self._memory.keep(body, self._view)
        self._changes += 1

    def close(self) -> None:
        """End every stream."""
        self._closed.set()

    async def events(self) -> AsyncIterator[bytes]:
        """Yield server-sent events until the feed is closed; silent when the agent is."""
        changes = passes = -1
        quiet_s = BEAT_S
        while not self._closed.is_set():
            is_alive = self._passes != passes
            if is_alive and self._view is not None and (self._changes != changes or quiet_s >= BEAT_S):
                changes, passes, quiet_s = self._changes, self._passes, 0.0
                yield b"data: " + self._snapshot(self._view) + b"\n\n"
            await self._wait(LEAST_S)
            quiet_s += LEAST_S

    def _snapshot(self, view: View) -> bytes:
        memory = self._memory
        snapshot = Snapshot(
            wall_ms=self._wall_ms,
            view=view,
            cue=cue.shown(memory.correction, view.phase, view.row),
            last_set=memory.last_set,
            tries=tuple(memory.tries),
        )
        return msgspec.json.encode(snapshot)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        except TimeoutError:
            return


def _rounded(view: View) -> View:
    """Drop what nobody can see: a still sensor and a clock would be a new snapshot 20 times a second."""
    return replace(
        view,
        deg=round(view.deg, DECIMALS),
        target_deg=round(view.target_deg, DECIMALS),
        torque_nm=round(view.torque_nm, DECIMALS),
        sample_age_ms=_stepped(view.sample_age_ms, AGE_STEP_MS),
        rest_left_ms=_stepped(view.rest_left_ms, CLOCK_STEP_MS) or 0,
        work_left_ms=_stepped(view.work_left_ms, CLOCK_STEP_MS) or 0,
        locked_left_ms=_stepped(view.locked_left_ms, AGE_STEP_MS) or 0,
        leaves_in_ms=_stepped(view.leaves_in_ms, AGE_STEP_MS),
    )


def _stepped(duration_ms: int | None, step_ms: int) -> int | None:
    return None if duration_ms is None else duration_ms - duration_ms % step_ms
