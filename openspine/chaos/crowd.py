"""Machines that talk until they are told to stop, and all that they have said."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from contract.messages import Message, RecordedBody
from machine_agent import keys
from machine_agent.link import Link, LinkSettings
from openspine.chaos import rows
from openspine.chaos.machine import AHEAD_MOST, Machine, Script
from openspine.chaos.service import START_MS, Identity

KIND = "lumbar_extension"
LOOK_S = 0.01
PATIENCE_S = 300.0  # without any progress: a retry comes within a minute, on a busy computer later
SETTLE_MOST_S = 1_800.0  # in all, however slowly it goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """How much machines say: rows of each (None = until told to stop), and the pause between two."""

    pause_s: float
    rows: int | None = None
    ahead_most: int = AHEAD_MOST


class Crowd:
    """True links and spools of some machines on one broker."""

    def __init__(
        self,
        badges: Sequence[str],
        port: int,
        folder: Path,
        talk: Talk,
        seed: int,
        link_of: type[Link] = Link,
    ) -> None:
        self._silent, self._off = asyncio.Event(), asyncio.Event()
        self._link_of = link_of
        self.machines = [self._machine(one, port, folder, talk, seed) for one in enumerate(badges)]
        self._tasks: list[asyncio.Task[None]] = []
        # In words, if it did. Whoever runs a service of its own says how to tell.
        self.service_ended_by_itself: Callable[[], str] = lambda: ""
        self._gave_up = ""

    @property
    def said(self) -> Iterator[Message]:
        """Go through every row on disk."""
        return itertools.chain.from_iterable(machine.said for machine in self.machines)

    @property
    def committed(self) -> int:
        """How many rows the service has taken, as the machines know it."""
        return sum(machine.committed for machine in self.machines)

    @property
    def waiting(self) -> int:
        """How many rows are on their way."""
        return sum(machine.waiting for machine in self.machines)

    @property
    def gave_up(self) -> str:
        """Say why nobody waits for the rest, in words; empty while there is no reason."""
        return self._gave_up or self.service_ended_by_itself()

    @property
    def kept(self) -> set[Identity]:
        """Which rows are still on the machines' disks, once they have gone home."""
        return set().union(*(machine.kept() for machine in self.machines))

    async def progress(self, more: int = 1, patience_s: float = PATIENCE_S) -> float:
        """Wait until so many more rows are committed; returns how long that took (s), infinite when never."""
        began_s, wanted = time.monotonic(), self.committed + more
        while self.committed < wanted:
            self._gave_up = self._gave_up or _too_long(time.monotonic() - began_s, 0.0, patience_s)
            if self.gave_up:
                return float("inf")
            await asyncio.sleep(LOOK_S)
        return time.monotonic() - began_s

    async def settle(self) -> float:
        """Say nothing new, and wait for as long as rows are committed; returns how long that took (s)."""
        began_s = moved_s = now_s = time.monotonic()
        self._silent.set()
        before = -1
        while self.waiting and not self.gave_up:
            if self.committed != before:
                before, moved_s = self.committed, now_s
            self._gave_up = _too_long(now_s - moved_s, now_s - began_s, PATIENCE_S)
            await asyncio.sleep(LOOK_S)
            now_s = time.monotonic()
        return now_s - began_s

    async def __aenter__(self) -> Self:
        """Begin to talk."""
        self._tasks = [asyncio.create_task(one.run(self._off, self._link_of)) for one in self.machines]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Go home."""
        self._silent.set()
        self._off.set()
        await asyncio.gather(*self._tasks)

    def _machine(self, place: tuple[int, str], port: int, folder: Path, talk: Talk, seed: int) -> Machine:
        index, badge = place
        chance = Random(seed * 1_000 + index)  # noqa: S311 - rows, no secret
        settings = LinkSettings(machine=f"chaos-{index}", origin="sim", keys=keys.Keys({}), port=port)
        bodies = itertools.islice(_until(self._silent.is_set, badge, chance), talk.rows)
        script = Script(
            kind=KIND, start_ms=START_MS, bodies=bodies, pause_s=talk.pause_s, ahead_most=talk.ahead_most
        )
        return Machine(settings, script, folder, chance)


def _too_long(still_s: float, all_s: float, patience_s: float) -> str:
    """Say why to wait no longer, if so."""
    if still_s >= patience_s:
        return f"nothing was committed for {patience_s:g} s"
    return f"it went on for {SETTLE_MOST_S:g} s" if all_s >= SETTLE_MOST_S else ""


def _until(is_over: Callable[[], bool], badge: str, chance: Random) -> Iterator[RecordedBody]:
    while True:
        for body in rows.session(badge, KIND, chance):
            if is_over():
                return
            yield body
