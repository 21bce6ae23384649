"""One machine whose link and computer can fail: its proxy, its disk, its clock, its power, its clone."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from contract.messages import Origin
from emulator.faults.disk import Disk
from emulator.faults.flood import ROWS, flood
from emulator.faults.proxy import Faults, Proxy
from emulator.faults.registry import FaultName
from emulator.faults.wishes import Wish
from emulator.studio.stand import Stand

NS = 1_000_000_000
LOOK_S = 0.05  # real time
WIRE_MOST_S = 60.0  # real time that a fault of rows is given to hit one
WIRE: Mapping[FaultName, tuple[Faults, str, str]] = {  # what befalls rows, what is counted, how it is told
    "dropout": (Faults(lost=0.3), "losses", "lost on the way"),
    "duplicate": (Faults(doubled=0.5), "doubles", "sent twice"),
    "reorder": (Faults(swapped=0.8, delay_most_ms=400.0), "swaps", "changed places"),
    "delay": (Faults(delay_most_ms=2_000.0), "delays", "held up"),
}
Live = Callable[[int, asyncio.Event], Awaitable[None]]  # a life of the agent at this broker port, until then


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the broker is, and under which root the machines speak."""

    host: str
    port: int
    origin: Origin


class Trouble:
    """The faults of link and computer of one machine.

    `is_on_the_wall`: its clock is to go wrong, so it must be a wall clock; simulated time is not judged.
    """

    def __init__(self, place: Place, stand: Stand, wishes: Sequence[Wish], seed: int) -> None:
        self.disk = Disk()
        self.is_on_the_wall = any(wish.name == "clock_skew" for wish in wishes)
        self._place, self._machine = place, stand.name
        self._tell, self._has_shown = stand.tell, stand.has_shown
        chance = Random(seed)  # noqa: S311 - faults, no secret
        self._proxy = Proxy(place.port, Faults(), chance)
        self._ahead_ns = 0
        self._dark_s = 0.0
        self._power_cut = asyncio.Event()
        self._clone: Live | None = None
        self._acts: set[asyncio.Task[None]] = set()

    def wall_ns(self) -> int:
        """Read the machine's own wall clock."""
        return time.time_ns() + self._ahead_ns

    def begin(self, wish: Wish) -> None:
        """Let a fault strike now."""
        task = asyncio.create_task(self._act(wish))
        self._acts.add(task)

    async def run(self, live: Live, clone: Live, off: asyncio.Event) -> None:
        """Run the machine, life after life, until `off`; `clone` is the second agent of its name."""
        self._clone = clone
        async with self._proxy:
            try:
                while not off.is_set():
                    await self._one_life(live, off)
            finally:
                await self._ended()

    async def end(self) -> None:
        """Let everything be well again, so that what waits gets through."""
        for act in self._acts:
            act.cancel()
        self.disk.is_full, self._proxy.faults = False, Faults()
        self._proxy.reopen()

    async def _ended(self) -> None:
        await self.end()
        for result in await asyncio.gather(*self._acts, return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    async def _one_life(self, live: Live, off: asyncio.Event) -> None:
        life = asyncio.ensure_future(live(self._proxy.port, off))
        cut = asyncio.create_task(self._power_cut.wait())
        try:
            await asyncio.wait({life, cut}, return_when=asyncio.FIRST_COMPLETED)
            if life.done():
                return life.result()
            self._proxy.refuse()  # first: a computer without power says no farewell
        finally:
            cut.cancel()
            life.cancel()
            await asyncio.wait({life})
        self._power_cut.clear()
        await asyncio.sleep(self._dark_s)
        self._proxy.reopen()
        return None

    async def _act(self, wish: Wish) -> None:
        if wish.name in WIRE:
            await self._disturb(wish)
            return
        acts: Mapping[FaultName, Callable[[Wish], Awaitable[None]]] = {
            "broker_cut": self._cut_off,
            "power_cut": self._lose_power,
            "clock_skew": self._jump,
            "disk_full": self._fill,
            "cloned_id": self._be_cloned,
            "flood": self._be_flooded,
        }
        await acts[wish.name](wish)

    async def _disturb(self, wish: Wish) -> None:
        """Let rows suffer for a while, and until one has."""
        faults, counter, words = WIRE[wish.name]
        before, began_s = getattr(self._proxy.done, counter), time.monotonic()
        self._proxy.faults = faults
        while (past_s := time.monotonic() - began_s) < WIRE_MOST_S:
            await asyncio.sleep(LOOK_S)
            if past_s >= wish.seconds and getattr(self._proxy.done, counter) > before:
                break
        self._proxy.faults = Faults()
        if (count := getattr(self._proxy.done, counter) - before) > 0:
            self._tell(f"{words}: {count}")

    async def _cut_off(self, wish: Wish) -> None:
        self._proxy.refuse()
        self._tell("cut off from the broker")
        await asyncio.sleep(wish.seconds)
        before = self._proxy.done.connections
        self._proxy.reopen()
        await self._until(lambda: self._proxy.done.connections > before, WIRE_MOST_S)
        self._tell("connected again")

    async def _lose_power(self, wish: Wish) -> None:
        self._tell("power cut")
        self._dark_s = wish.seconds
        self._power_cut.set()

    async def _jump(self, wish: Wish) -> None:
        self._ahead_ns += round(wish.seconds * NS)
        self._tell(f"clock jumped by {wish.seconds:.0f} s")

    async def _fill(self, wish: Wish) -> None:
        """Fill the disk until somebody was turned away, or for as long as was wished."""
        self.disk.is_full = True
        self._tell("disk full")
        await self._until(lambda: self._has_shown("code spool_full"), wish.seconds)
        self.disk.is_full = False
        self._tell("room again")

    async def _be_cloned(self, wish: Wish) -> None:
        if self._clone is None:
            return
        gone = asyncio.Event()
        second = asyncio.ensure_future(self._clone(self._place.port, gone))
        try:
            await self._until(lambda: second.done() or self._has_shown("event conflict"), wish.seconds)
        finally:
            gone.set()
            await second

    async def _be_flooded(self, wish: Wish) -> None:
        place = self._place.host, self._place.port
        committed = await flood(place, self._place.origin, self._machine, wish.seconds)
        is_whole = committed >= ROWS
        self._tell(f"flood committed: {committed} rows" if is_whole else f"flood: only {committed} of {ROWS}")

    async def _until(self, is_so: Callable[[], bool], most_s: float) -> None:
        deadline = time.monotonic() + most_s
        while not is_so() and time.monotonic() < deadline:  # noqa: ASYNC110 - looks at sockets and views
            await asyncio.sleep(LOOK_S)
