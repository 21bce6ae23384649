"""A broker in memory, and a bus that runs over it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio

from contract import codec
from contract.messages import Ack
from services.bus import Bus, Parcel
from services.bus.line import Pace
from services.bus.rim import Confirmed, unasked
from services.coaching import Delivery

PATIENCE_S = 90.0  # only so that a hang ends


class FakeRim:
    """A broker in memory that writes down the order of what happens."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.sent: list[object] = []
        self.topics: list[str] = []
        self.arrived = asyncio.Event()
        self.is_connected = True
        self.acknowledges = True
        self.unconfirmed: list[Confirmed] = []
        self._hand_over: Callable[[Parcel], None] | None = None
        self._running = asyncio.Event()

    async def connected(self) -> None:
        await self._running.wait()

    async def run(self, on_parcel: Callable[[Parcel], None]) -> None:
        self._hand_over = on_parcel
        self._running.set()
        await asyncio.Event().wait()

    async def publish(
        self, topic: str, payload: bytes, expiry_s: int | None, confirmed: Confirmed = unasked
    ) -> None:
        channel = topic.rsplit("/", 1)[1]
        self.topics.append(topic)
        self.log.append(channel if expiry_s is None else f"{channel} {expiry_s} s")
        self.sent.append(codec.decode_down(topic, payload))
        self.arrived.set()
        self.unconfirmed.append(confirmed)
        if self.acknowledges:
            self.confirm()

    def confirm(self, *, has_it: bool = True) -> None:
        waiting, self.unconfirmed = self.unconfirmed, []
        for confirmed in waiting:
            confirmed(has_it)

    def deliver(self, *rows: Delivery, link: object = None) -> None:
        assert self._hand_over is not None
        for row in rows:
            self._hand_over(
                Parcel(
                    topic=row.topic,
                    payload=row.payload,
                    settle=lambda: self.log.append("settled"),
                    link=link,
                )
            )

    def hand_over(self, row: Delivery, settle: Callable[[], None], *, is_awaited: bool = True) -> None:
        assert self._hand_over is not None
        self._hand_over(Parcel(topic=row.topic, payload=row.payload, settle=settle, is_awaited=is_awaited))

    async def until_acked(self, seq: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not any(isinstance(one, Ack) and one.upto >= seq for one in self.sent):
                self.arrived.clear()
                await self.arrived.wait()

    async def until_committed(self, machine: ScriptedMachine) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not any(
                isinstance(one, Ack) and (one.stream, one.upto) == (machine.stream, machine.seq)
                for one in self.sent
            ):
                self.arrived.clear()
                await self.arrived.wait()

    async def until_settled(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.log.count("settled") < count:  # noqa: ASYNC110 (whoever settles says nothing)
                await asyncio.sleep(0.01)

    async def until_plans(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.log.count("plan") < count:
                self.arrived.clear()
                await self.arrived.wait()

    async def until_repeated(self, stream: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while sum(isinstance(one, Ack) and one.stream == stream for one in self.sent) < 3:
                self.arrived.clear()
                await self.arrived.wait()


@asynccontextmanager
async def running(
    studio: Studio,
    live: list[object],
    now_ms: Callable[[], int] = lambda: NOW_MS,
    pace: Pace | None = None,
    rim: FakeRim | None = None,
    lanes: int | None = None,
) -> AsyncIterator[tuple[FakeRim, Bus]]:
    rim = rim or FakeRim()
    bus = Bus(rim, studio.engine, studio.desk, lambda *seen: live.append(seen), now_ms, pace, lanes=lanes)
    task = asyncio.create_task(bus.run())
    await bus.connected()
    try:
        yield rim, bus
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
