"""The broker's side of a replay: one connection for each machine, by a name for the simulation only."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import aiomqtt
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from contract import codec, topics
from contract.messages import Down
from contract.topics import Channel
from emulator.replay.rewriting import ROOT, Spoken

CLIENT_PREFIX = "sim-"  # protocol page, "Topics": reserved for emulator and replay
DOWN: tuple[Channel, ...] = ("down/plan", "down/setting", "down/hold", "down/ack")
PENDING_MOST = 10_000  # publishes that the broker has not answered: the window is far smaller
FAREWELL_S = 1.0
Hear = Callable[[str, Down], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where the broker is; `passwords` by connection (`sim-` and the machine), which is the user name too."""

    host: str
    port: int
    passwords: Mapping[str, str] = field(default_factory=dict)
    tls: bool = False
    ca_file: Path | None = None


class Voices:
    """The machines of a recording, each heard and speaking through a connection of its own."""

    def __init__(self, broker: Broker, hear: Hear) -> None:
        self._broker, self._hear = broker, hear
        self._clients: dict[str, aiomqtt.Client] = {}
        self._publishes: set[asyncio.Task[None]] = set()
        self._listening: set[asyncio.Task[None]] = set()
        self._open = contextlib.AsyncExitStack()
        self.failure: str | None = None
        self._changed = asyncio.Event()  # something was heard, or a connection broke

    async def __aenter__(self) -> Self:
        """Connect with the first message of each machine."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up, after the broker has taken what was said last."""
        if self._publishes:
            await asyncio.wait(self._publishes, timeout=FAREWELL_S)
        tasks = self._publishes | self._listening
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(aiomqtt.MqttError):
            await self._open.aclose()

    async def speak(self, one: Spoken) -> None:
        """Publish; what the broker answers is awaited beside. Never retained: the machine is not there."""
        try:
            client = self._clients.get(one.machine) or await self._connected(one.machine)
        except (aiomqtt.MqttError, OSError) as error:
            self._break(f"{self._broker.host}:{self._broker.port}: {error}")
            return
        task = asyncio.create_task(self._publish(client, one))
        self._publishes.add(task)
        task.add_done_callback(self._publishes.discard)
        await asyncio.sleep(0)  # the task writes before the caller goes on: rows stay in their order

    async def something_happens(self, most_s: float) -> bool:
        """Wait until something is heard or a connection breaks; False when nothing did for so long."""
        self._changed.clear()
        try:
            async with asyncio.timeout(most_s):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def _connected(self, machine: str) -> aiomqtt.Client:
        name = CLIENT_PREFIX + machine
        ca_file = None if self._broker.ca_file is None else str(self._broker.ca_file)
        client = aiomqtt.Client(
            self._broker.host,
            self._broker.port,
            identifier=name,
            username=name,
            password=self._broker.passwords.get(name),
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=True,
            tls_params=aiomqtt.TLSParameters(ca_certs=ca_file) if self._broker.tls else None,
            socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
        )
        await self._open.enter_async_context(client)
        client.timeout, client.pending_calls_threshold = FAREWELL_S * 10, PENDING_MOST
        wanted = [(topics.name(ROOT, machine, channel), SubscribeOptions(qos=1)) for channel in DOWN]
        for code in await client.subscribe(wanted):
            if isinstance(code, ReasonCode) and code.is_failure:
                raise aiomqtt.MqttError(f"{name} may not hear what is answered: {code}")
        self._clients[machine] = client
        self._listening.add(asyncio.create_task(self._listen(client, machine)))
        return client

    async def _listen(self, client: aiomqtt.Client, machine: str) -> None:
        try:
            async for message in client.messages:
                payload = message.payload if isinstance(message.payload, bytes) else b""
                said = codec.decode_down(str(message.topic), payload)
                if not isinstance(said, codec.Undecodable):
                    self._hear(machine, said)
                    self._changed.set()
        except aiomqtt.MqttError as error:
            self._break(f"the broker hung up on {CLIENT_PREFIX}{machine}: {error}")

    async def _publish(self, client: aiomqtt.Client, one: Spoken) -> None:
        try:
            await client.publish(one.topic, one.payload, qos=one.qos)
        except (aiomqtt.MqttError, ValueError) as error:
            self._break(f"the broker did not take a message of {one.machine}: {error}")

    def _break(self, failure: str) -> None:
        self.failure = self.failure or failure
        self._changed.set()
