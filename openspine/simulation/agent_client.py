"""The agent's MQTT client over the model of a broker: what the true link needs of aiomqtt, nothing else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiomqtt

from openspine.simulation.broker import Line, Packet, SimBroker

RECEIVE_MOST = 65_535  # MQTT's own default


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What the link reads of a message."""

    topic: str
    payload: bytes
    retain: bool


class AgentClient:
    """One connection; dies with `aiomqtt.MqttError`, as the true client does."""

    def __init__(self, broker: SimBroker, name: str) -> None:
        self._broker, self._name = broker, name
        self._loop = asyncio.get_running_loop()
        self._line: Line | None = None
        self._incoming: asyncio.Queue[Message | None] = asyncio.Queue()
        self._awaited: dict[asyncio.Future[None], None] = {}  # in the order of asking
        self._disconnected: asyncio.Future[None] = (
            self._loop.create_future()
        )  # the link's namesake looks at it
        self.timeout = 0.0
        self.pending_calls_threshold = 0

    async def __aenter__(self) -> Self:
        """Connect, or raise."""
        await asyncio.sleep(self._broker.delay_s())
        found = self._broker.connect(self._name, self._take, self._lost, clean=True, most=RECEIVE_MOST)
        if found is None:
            raise aiomqtt.MqttError("nobody listens")
        self._line = found[0]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect."""
        if self._line is not None:
            self._line.cut()

    async def subscribe(self, wanted: Sequence[tuple[str, Any]]) -> Sequence[int]:
        """Subscribe and wait for the answer."""
        await self._round_trip(lambda line: self._broker.subscribe(line, [topic for topic, _ in wanted]))
        return [1] * len(wanted)

    async def publish(
        self, topic: str, payload: bytes, qos: int = 0, *, retain: bool = False, **_bounds: float
    ) -> None:
        """Publish and wait for the broker's acknowledgement."""
        del qos
        packet = Packet(topic=topic, payload=payload, retain=retain)
        await self._round_trip(lambda _: self._broker.publish(packet))

    @property
    async def messages(self) -> AsyncIterator[Message]:
        """Hand over what comes until the connection ends."""
        while True:
            message = await self._incoming.get()
            if message is None:
                raise aiomqtt.MqttError("the connection is gone")
            yield message

    async def _round_trip(self, deed: Any) -> None:
        line = self._line
        if line is None or line.is_cut:
            raise aiomqtt.MqttError("the connection is gone")
        answer: asyncio.Future[None] = self._loop.create_future()
        self._awaited[answer] = None
        line.carry("up", self._at_broker, line, deed, answer)
        try:
            await answer
        finally:
            self._awaited.pop(answer, None)

    def _at_broker(self, line: Line, deed: Any, answer: "asyncio.Future[None]") -> None:
        deed(line)
        line.carry("down", _finish, answer)

    def _take(self, packet: Packet, number: int) -> None:
        line = self._line
        if line is not None and not line.is_cut:
            line.carry("up", self._broker.acknowledged, line, number)
            self._incoming.put_nowait(
                Message(topic=packet.topic, payload=packet.payload, retain=packet.retain)
            )

    def _lost(self) -> None:
        self._incoming.put_nowait(None)
        if not self._disconnected.done():
            self._disconnected.set_result(None)
        for answer in list(self._awaited):
            if not answer.done():
                answer.set_exception(aiomqtt.MqttError("the connection is gone"))


def _finish(answer: "asyncio.Future[None]") -> None:
    if not answer.done():
        answer.set_result(None)
