"""`chaos edge`: true links and spools through a faulty network and a dying broker to the real service.

Faults come by progress, not by time: the same seed gives the same number of each on any machine.
"""

import asyncio
import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from contract.messages import RecordedBody
from emulator.faults.proxy import Faults, Proxy
from machine_agent import keys
from machine_agent.link import Link, LinkSettings
from openspine.broker.embedded import Broker, best_kind
from openspine.chaos import rows, service
from openspine.chaos.machine import Machine, Script, TrustingLink
from openspine.chaos.verdict import verdict

KIND = "lumbar_extension"
FAR_SHARE = 0.1  # of the cuts: on the service's side; its acks come again after up to 5 s
STALL_MOST_S = 1.0
PATIENCE_S = 90.0  # without any progress: a row that waits longer than the longest retry is lost
QUIET_S = 3.0  # without an app-level ack nothing tells that the service has everything
LOOK_S = 0.02
AHEAD_ROWS = 60  # the broker holds at least these for a stalled service when it is killed
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeOptions:
    """How much, and which protection is taken away (negative controls)."""

    messages: int = 10_000
    cuts: int = 100
    kills: int = 3  # of the broker, with SIGKILL
    half_open: int = 1
    machines: int = 4
    seed: int = 1
    app_ack: bool = True
    dedupe: bool = True


class EdgeRun:
    """One run: machines -> proxy -> broker -> proxy -> service, and the faults between them."""

    def __init__(self, options: EdgeOptions, folder: Path) -> None:
        self.options = options
        self.broker = Broker(best_kind(), folder / "broker")
        self.side = service.open_side(folder, options.machines, KIND, has_inbox=options.dedupe)
        self.chance = Random(options.seed)  # noqa: S311 - faults, no secret
        self._folder = folder
        self._stop = asyncio.Event()
        self.machines: list[Machine] = []
        self.kills = 0

    async def run(self, say: Say) -> dict[str, Any]:
        """Run to the end and report."""
        start_s = time.monotonic()
        async with AsyncExitStack() as stack:
            stack.enter_context(self.broker)
            faults = Faults(delay_most_ms=4.0, doubled=0.02, swapped=0.05)
            near = await stack.enter_async_context(Proxy(self.broker.port, faults, self.chance))
            far = await stack.enter_async_context(
                Proxy(self.broker.port, Faults(delay_most_ms=2.0), self.chance)
            )
            serving = self.side.start(far.port)
            stack.push_async_callback(service.ended, serving)
            await self.side.connected()
            self.machines = [self._machine(index, near.port) for index in range(self.options.machines)]
            link_of = Link if self.options.app_ack else TrustingLink
            tasks = [asyncio.create_task(one.run(self._stop, link_of)) for one in self.machines]
            await self._disturb(near, far, say)
            if not self.options.app_ack:
                await self._settled()
            self._stop.set()
            await asyncio.gather(*tasks)
            report = self._report(near, far)
        report["seconds"] = round(time.monotonic() - start_s, 1)
        report["messages_per_s"] = round(self.options.messages / report["seconds"], 1)
        return report

    @property
    def committed(self) -> int:
        """How many rows the machines have let go of."""
        return sum(machine.committed for machine in self.machines)

    def _machine(self, index: int, port: int) -> Machine:
        share = [len(part) for part in _parts(self.options.messages, self.options.machines)][index]
        chance = Random(self.options.seed * 1_000 + index)  # noqa: S311 - rows, no secret
        settings = LinkSettings(machine=f"chaos-{index}", origin="sim", keys=keys.Keys({}), port=port)
        bodies = itertools.islice(_sessions(self.side.badges[index], chance), share)
        start_ms = service.START_MS
        return Machine(settings, Script(kind=KIND, start_ms=start_ms, bodies=bodies), self._folder, chance)

    async def _disturb(self, near: Proxy, far: Proxy, say: Say) -> None:
        """Do every fault in a seeded order, each when its share of the rows is committed."""
        options = self.options
        faults = ["cut"] * options.cuts + ["kill"] * options.kills + ["half_open"] * options.half_open
        self.chance.shuffle(faults)
        for number, fault in enumerate(faults):
            await self._progress(options.messages * number // (len(faults) + 1))
            if fault == "kill":
                await self._kill(far)
            elif fault == "half_open":
                near.half_open()
            else:
                await self._cut(far if self.chance.random() < FAR_SHARE else near)
            if number % 10 == 0:
                say(f"{self.committed} of {options.messages} committed, {number + 1} of {len(faults)} faults")
        await self._progress(options.messages)

    async def _cut(self, proxy: Proxy) -> None:
        """Cut a connection as soon as there is one; sometimes it only stalls before."""
        if self.chance.random() < 1 / 5:
            await proxy.stall(self.chance.uniform(0, STALL_MOST_S))
        while not proxy.cut():  # noqa: ASYNC110 - looks at sockets, no event tells
            await asyncio.sleep(LOOK_S)

    async def _kill(self, far: Proxy) -> None:
        """Kill the broker while it holds rows that the service has not got."""
        held = asyncio.create_task(far.stall(STALL_MOST_S))
        wanted = self._published + AHEAD_ROWS
        while not held.done() and self._published < wanted:  # noqa: ASYNC110 - looks at sockets
            await asyncio.sleep(LOOK_S)
        self.broker.kill()
        self.kills += 1
        self.broker.start()
        await held

    @property
    def _published(self) -> int:
        return sum(machine.published for machine in self.machines)

    async def _progress(self, wanted: int) -> None:
        """Wait until so many rows are committed, or nothing moves any more."""
        seen, moved_s = -1, time.monotonic()
        while self.committed < wanted and time.monotonic() - moved_s < PATIENCE_S:
            if self.committed != seen:
                seen, moved_s = self.committed, time.monotonic()
            await asyncio.sleep(LOOK_S)

    async def _settled(self) -> None:
        """Wait until the service has nothing more to store: rows may come that no machine waits for."""
        seen, moved_s = -1, time.monotonic()
        while time.monotonic() - moved_s < QUIET_S:
            received = self.side.bus.counts.received if self.side.bus else 0
            if received != seen:
                seen, moved_s = received, time.monotonic()
            await asyncio.sleep(LOOK_S)

    def _report(self, near: Proxy, far: Proxy) -> dict[str, Any]:
        said = [message for machine in self.machines for message in machine.said]
        kept = set().union(*(machine.kept() for machine in self.machines))
        seen = verdict(said, self.side.found(), kept=kept, has_inbox=self.options.dedupe)
        counts = self.side.bus.counts if self.side.bus else None
        return {
            "ok": seen.is_whole and seen.messages == self.options.messages,
            "cuts": near.done.cuts + far.done.cuts,
            "stalls": near.done.stalls + far.done.stalls,
            "half_open": near.done.half_open,
            "broker_kills": self.kills,
            "connections": near.done.connections + far.done.connections,
            "doubles_injected": near.done.doubles,
            "swaps_injected": near.done.swaps,
            "retries": self._published - seen.messages,
            "duplicates_absorbed": counts.duplicates if counts else 0,
            "takeovers": sum(machine.takeovers for machine in self.machines),
            "broker": self.broker.kind,
            **asdict(self.options),
            **seen.told(),
        }


def run(options: EdgeOptions, say: Say) -> dict[str, Any]:
    """Run in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="openspine-chaos-") as folder:
        return asyncio.run(EdgeRun(options, Path(folder)).run(say))


def _sessions(badge: str, chance: Random) -> Iterator[RecordedBody]:
    while True:
        yield from rows.session(badge, KIND, chance)


def _parts(messages: int, machines: int) -> list[range]:
    return [range(index, messages, machines) for index in range(machines)]
