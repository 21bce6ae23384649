"""The rim of the kit: a client of the broker, a clock, and the door; it decides nothing."""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from contract import topics
from contract.messages import Origin
from emulator.conformance import acts, orders, rule
from emulator.conformance.connect import Connect
from emulator.conformance.credentials import Signer
from emulator.conformance.director import Director
from emulator.conformance.door import Door
from emulator.conformance.orders import Times
from emulator.conformance.transcript import Transcript

TICK_S = 0.05
PATIENCE_S = 30.0  # for a broker on a busy computer
CLIENT = "svc-conformance"
Hear = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run of the kit needs to know; `listen` is where the machine connects instead of the broker."""

    machine: str
    host: str
    port: int
    signer: Signer
    origin: Origin = "sim"
    level: rule.Level = "full"
    listen: tuple[str, int] | None = None
    assisted: bool = False
    badge: str | None = None  # with which everybody signs in, or with which the badges begin
    wanted: frozenset[str] | None = None  # acts; None: all of the level
    times: Times = field(default_factory=Times)
    username: str | None = None  # and client id; without one the kit names itself
    password: str | None = None
    tls: bool = False
    ca_file: Path | None = None  # whom to trust, as PEM; else whom this computer trusts


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of a run: everything that was said, and why it ended early, if it did."""

    transcript: Transcript
    problem: str | None
    seconds: float
    began_at: str = ""  # RFC 3339, UTC


async def play(
    run: Run,
    tell: Hear,
    on_ready: Callable[[int | None], None] | None = None,
    stop: asyncio.Event | None = None,
) -> Played:
    """Play every act, or until `stop`; `on_ready` is told the port of the door.

    Raises `aiomqtt.MqttError` or OSError.
    """
    began, began_at = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    chosen = acts.chosen(run.level, assisted=run.assisted, door=run.listen is not None, wanted=run.wanted)
    director = Director(chosen, run.machine, run.origin, run.signer, run.times)

    def on_wire(what: str, connect: Connect | None) -> None:
        director.wire(what, time.monotonic() - began, connect)

    trust = _trust(run)
    door = await Door(run.host, run.port, on_wire, trust).listen(*run.listen) if run.listen else None
    try:
        async with _client(run, trust) as client:
            await client.subscribe([(_topic(run, "up/#"), SubscribeOptions(qos=1, retainAsPublished=True))])
            if on_ready is not None:
                on_ready(door.port if door else None)
            await _Stage(run, client, director, door, tell, began, stop or asyncio.Event()).play()
    finally:
        if door is not None:
            await door.close()
    transcript = Transcript(director.entries, run.machine, badge=run.badge, times=run.times)
    return Played(
        transcript=transcript,
        problem=director.problem,
        seconds=round(time.monotonic() - began, 1),
        began_at=began_at,
    )


@dataclass(slots=True)
class _Stage:
    run: Run
    client: aiomqtt.Client
    director: Director
    door: Door | None
    tell: Hear
    began: float
    stop: asyncio.Event

    async def play(self) -> None:
        """Hear, and let time pass, until the director has finished."""
        ears = asyncio.create_task(self._listen())
        try:
            while not self.director.is_over and not ears.done() and not self.stop.is_set():
                await self._perform(self.director.tick(self._at_s()))
                await asyncio.sleep(TICK_S)
            if self.stop.is_set():
                self.director.stop()
        finally:
            await ended(ears)

    async def _listen(self) -> None:
        prefix = _topic(self.run, "")
        async for message in self.client.messages:
            channel = str(message.topic).removeprefix(prefix)
            payload = message.payload if isinstance(message.payload, bytes) else b""
            found = self.director.hear(
                channel,  # type: ignore[arg-type]
                payload,
                self._at_s(),
                qos=message.qos,
                retain=bool(message.retain),
            )
            await self._perform(found)

    async def _perform(self, found: Iterable[orders.Order]) -> None:
        for order in found:
            match order:
                case orders.Publish():
                    await self._publish(order)
                case orders.Door(is_open=is_open) if self.door is not None:
                    (self.door.open if is_open else self.door.shut)()
                case orders.Tell():
                    self.tell(order.text)
                case _:
                    pass

    async def _publish(self, order: orders.Publish) -> None:
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if order.expiry_s is not None:
            properties.MessageExpiryInterval = order.expiry_s
        topic = topics.name(self.run.origin, self.run.machine, order.channel)
        await self.client.publish(topic, order.payload, qos=1, retain=order.retain, properties=properties)

    def _at_s(self) -> float:
        return time.monotonic() - self.began


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel a task until it has ended; raises what it raised.

    A `wait_for` of Python 3.11 swallows a cancellation that meets its result (python issue 86296).
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=TICK_S)
    with contextlib.suppress(asyncio.CancelledError):
        task.result()


def _trust(run: Run) -> ssl.SSLContext | None:
    return ssl.create_default_context(cafile=run.ca_file) if run.tls else None


def _client(run: Run, trust: ssl.SSLContext | None) -> aiomqtt.Client:
    return aiomqtt.Client(
        run.host,
        run.port,
        identifier=run.username or f"{CLIENT}-{run.machine}",
        username=run.username,
        password=run.password,
        protocol=aiomqtt.ProtocolVersion.V5,
        clean_start=True,
        timeout=PATIENCE_S,
        tls_context=trust,
    )


def _topic(run: Run, rest: str) -> str:
    return f"{topics.ROOTS[run.origin]}/v1/{run.machine}/{rest}"
