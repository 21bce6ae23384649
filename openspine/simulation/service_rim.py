"""The service's MQTT rim over the model of a broker; it can die at a chosen publish or acknowledgement."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Protocol

from contract import topics
from openspine.simulation.broker import Line, Packet, SimBroker
from openspine.simulation.crash import CrashPoint
from services.bus import Parcel
from services.bus.rim import RECEIVE_MAXIMUM, RECONNECT_S, Confirmed, unasked

CLIENT = "svc-simulated"
FILTERS = tuple(f"{root}/v1/+/up/#" for root in topics.ROOTS.values())
OnPublish = Callable[[str, bytes], None]
OnSettle = Callable[[Parcel], None]


class OnLink(Protocol):
    """Is told that the link stands, or is gone."""

    def __call__(self, *, stands: bool) -> None:
        """Take note."""


class SimRim:
    """One life of the service's client: a persistent session, acknowledged by hand."""

    def __init__(
        self,
        broker: SimBroker,
        crash: CrashPoint,
        on_publish: OnPublish,
        on_settle: OnSettle,
        on_link: OnLink,
    ) -> None:
        self._broker, self._crash = broker, crash
        self._on_publish, self._on_settle, self._on_link = on_publish, on_settle, on_link
        self._line: Line | None = None
        self._connected, self._cut = asyncio.Event(), asyncio.Event()
        self.stands_since_s = 0.0  # of the loop's clock
        self._is_dead = False
        self._unconfirmed: list[Confirmed] = []  # in the order of their going

    @property
    def is_connected(self) -> bool:
        """Tell whether the link stands."""
        return self._connected.is_set()

    async def connected(self) -> None:
        """Wait until the link stands."""
        await self._connected.wait()

    async def run(self, on_parcel: Callable[[Parcel], None]) -> None:
        """Connect, hand over, and connect again for ever."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._broker.delay_s())
            self._cut.clear()
            take = partial(self._take, on_parcel)
            found = self._broker.connect(CLIENT, take, self._lost, clean=False, most=RECEIVE_MAXIMUM)
            if found is not None:
                self._line, _ = found
                answer = loop.create_future()
                self._line.carry("up", self._subscribe, self._line, answer)
                await asyncio.wait(
                    [answer, cut := asyncio.create_task(self._cut.wait())], return_when="FIRST_COMPLETED"
                )
                if answer.done():
                    self._connected.set()
                    self.stands_since_s = loop.time()
                    self._on_link(stands=True)
                    await cut
                cut.cancel()
                self._connected.clear()
            await asyncio.sleep(RECONNECT_S)

    async def publish(
        self, topic: str, payload: bytes, expiry_s: int | None, confirmed: Confirmed = unasked
    ) -> None:
        """Publish; of what the lost link swallows the bus is told, as by the true rims."""
        del expiry_s
        await self._connected.wait()
        self._crash.reached("publish")
        line = self._line
        if self._is_dead or line is None:
            return
        self._on_publish(topic, payload)
        self._unconfirmed.append(confirmed)
        line.carry("up", self._arrived, line, Packet(topic=topic, payload=payload))

    def die(self) -> None:
        """Do nothing more: the process is gone."""
        self._is_dead = True
        if self._line is not None:
            self._line.cut()

    def _arrived(self, line: Line, packet: Packet) -> None:
        self._broker.publish(packet)
        line.carry("down", self._has_it)

    def _has_it(self) -> None:
        if self._unconfirmed and not self._is_dead:
            self._unconfirmed.pop(0)(True)  # noqa: FBT003 (what the broker says)

    def _subscribe(self, line: Line, answer: "asyncio.Future[None]") -> None:
        self._broker.subscribe(line, FILTERS)
        line.carry("down", _finish, answer)

    def _take(self, on_parcel: Callable[[Parcel], None], packet: Packet, number: int) -> None:
        if self._is_dead or self._line is None:
            return
        line = self._line
        parcel = Parcel(
            topic=packet.topic,
            payload=packet.payload,
            settle=lambda: self._settle(parcel, line, number),
            link=line,
        )
        on_parcel(parcel)

    def _settle(self, parcel: Parcel, line: Line, number: int) -> None:
        if self._is_dead or line is not self._line or line.is_cut:
            return
        self._crash.reached("settle")
        self._on_settle(parcel)
        line.carry("up", self._broker.acknowledged, line, number)

    def _lost(self) -> None:
        self._connected.clear()
        self._on_link(stands=False)
        lost, self._unconfirmed = self._unconfirmed, []
        for confirmed in lost:
            confirmed(False)  # noqa: FBT003 (as above)
        self._cut.set()


def _finish(answer: "asyncio.Future[None]") -> None:
    if not answer.done():
        answer.set_result(None)
