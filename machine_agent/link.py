"""The MQTT 5 link: publishes what the spool holds, hands over what the service says, reconnects for ever."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from random import Random

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from contract import codec, topics
from contract.messages import Ack, Frame, Origin, Status
from contract.topics import WILL_DELAY_S, Channel
from machine_agent.agent.effects import DownMessage
from machine_agent.keys import Keys
from machine_agent.namesake import Namesake
from machine_agent.spool_place import SpoolError
from machine_agent.window import PLACES, Window

KEEPALIVE_S = 10  # design: safety, "Time-outs"
TIMEOUT_S = 5.0  # of a connect and every call: aiomqtt does not notice a broker that dies meanwhile
FAREWELL_S = 1.0
RECONNECT_LEAST_S, RECONNECT_MOST_S = 0.1, 10.0  # full jitter between nothing and the doubled wait
DOUBLINGS_MOST = 7  # after these the longest wait is reached
PACKET_MOST_BYTES = 64 * 1024  # from the broker; four times the largest command, which the codec refuses
LOOK_S = 0.25  # how often retries are looked for
OWN: Channel = "up/status"  # read back: most brokers do not say that another client took the name over
DOWN: tuple[Channel, ...] = ("down/plan", "down/setting", "down/hold", "down/ack")

ReadRows = Callable[[list[int]], Awaitable[list[tuple[str, bytes]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """Where the broker is, as whom to speak, and whose signatures count."""

    machine: str
    origin: Origin
    keys: Keys
    host: str = "127.0.0.1"
    port: int = 1883
    username: str | None = None
    password: str | None = None
    tls: bool = False
    ca: str | None = None  # certificates (PEM) that the broker's is checked against; None: the system's


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who is told of a message (before its ack is acted upon), of a connect, of a second client so named."""

    on_message: Callable[[DownMessage], None]
    on_connected: Callable[[], None]
    on_takeover: Callable[[], None]
    read_rows: ReadRows
    on_ack: Callable[[Ack], None]
    mono_ms: Callable[[], int]


class Link:
    """One client of the broker, for as long as `run` runs.

    A cancel alone does not end it for sure: on Python 3.11 `asyncio.wait_for`, which every call of aiomqtt
    goes through, swallows one that meets the end of its wait, and an error on the way out of the client
    replaces one. So every loop here also looks at an event, and every wait on the way out has a bound.
    """

    def __init__(self, settings: LinkSettings, window: Window, listener: Listener, chance: Random) -> None:
        self._settings = settings
        self._window = window
        self._listener = listener
        self._chance = chance
        self._wake = asyncio.Event()
        self._status: Status | None = None
        self._status_is_due = False
        self._frame: Frame | None = None
        self._failures = 0
        self._is_allowed = True
        self._namesake = Namesake(listener.on_takeover)
        self._publishes: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Look at the window now: a row has come or gone."""
        self._wake.set()

    def say(self, status: Status) -> None:
        """Publish this status, retained."""
        self._status, self._status_is_due = status, True
        self._wake.set()

    def trace(self, frame: Frame) -> None:
        """Send this frame; when the link is behind it takes the place of the one that waits."""
        self._frame = frame
        self._wake.set()

    @property
    def is_allowed(self) -> bool:
        """Tell whether the link may connect."""
        return self._is_allowed

    def hang_up(self) -> None:
        """Do not connect again until `pick_up`; a connection that stands is not cut."""
        self._is_allowed = False

    def pick_up(self) -> None:
        """Connect again."""
        self._is_allowed = True

    async def run(self, stop: asyncio.Event) -> None:
        """Connect, serve, and connect again after a jittered wait; after `stop` say farewell and return.

        Connecting to a silent broker is not cut short by `stop`: who cannot wait cancels as well. Raises
        `SpoolError` when the spool broke.
        """
        while not stop.is_set():
            if not self._is_allowed:
                await _wait_within(stop, LOOK_S)
                continue
            try:
                await self._serve(stop)
            except SpoolError:  # an `OSError`, but none of the broker's: no other connection heals it
                raise
            except (aiomqtt.MqttError, OSError):
                self._failures = min(self._failures + 1, DOUBLINGS_MOST)
            most_s = min(RECONNECT_LEAST_S * 2**self._failures, RECONNECT_MOST_S)
            await _wait_within(stop, self._chance.uniform(0, most_s))

    async def _serve(self, stop: asyncio.Event) -> None:
        async with self._client() as client:
            self._namesake.watch(client)
            client.pending_calls_threshold = PLACES * 2
            try:
                await self._subscribe(client)
                self._window.reconnect()
                self._listener.on_connected()
                await self._work(client, stop)
            finally:
                client.timeout = FAREWELL_S  # of the disconnect, which else waits as long as any other call

    async def _subscribe(self, client: aiomqtt.Client) -> None:
        """Subscribe anew whatever the broker remembers; one that refuses would leave the machine deaf."""
        wanted = [(self._topic(channel), SubscribeOptions(qos=1)) for channel in (*DOWN, OWN)]
        for code in (await client.subscribe(wanted))[: len(DOWN)]:
            if isinstance(code, ReasonCode) and code.is_failure:
                raise aiomqtt.MqttError(f"the broker refused a subscription: {code}")

    async def _work(self, client: aiomqtt.Client, stop: asyncio.Event) -> None:
        """Receive and send until the connection breaks (raises what broke it), or `stop` and a farewell."""
        over = asyncio.Event()
        work: set[asyncio.Task[object]] = {
            asyncio.create_task(self._receive_all(client)),
            asyncio.create_task(self._send_all(client, over)),
            asyncio.create_task(stop.wait()),
        }
        try:
            done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            over.set()
            await _end(work | self._publishes)
        await self._farewell(client)

    async def _receive_all(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            if str(message.topic) == self._topic(OWN):
                self._hear_status(message)
            else:
                self._receive(message)

    def _hear_status(self, message: aiomqtt.Message) -> None:
        seen = codec.decode_up(str(message.topic), _bytes(message))
        if isinstance(seen, Status) and self._status is not None and self._namesake.hear(seen, self._status):
            self._failures = 0

    def _receive(self, message: aiomqtt.Message) -> None:
        body = codec.decode_down(str(message.topic), _bytes(message))
        verified = self._settings.keys.verified(body)
        self._failures = 0  # not before: a broker that takes us and drops us again is not asked without end
        if isinstance(body, Ack) and not message.retain:
            self._listener.on_ack(self._window.narrow(body))
            self._wake.set()
        self._listener.on_message(DownMessage(body=body, verified=verified, retained=bool(message.retain)))

    async def _send_all(self, client: aiomqtt.Client, over: asyncio.Event) -> None:
        """Publish status, due rows and the newest frame, in this order, whenever there is something."""
        self._status_is_due = self._status is not None
        while not over.is_set():
            if self._status is not None and self._status_is_due:
                self._status_is_due = False
                self._post(client, "up/status", codec.encode(self._status), retain=True)
            await self._send_rows(client)
            frame, self._frame = self._frame, None
            if frame is not None:
                await client.publish(self._topic("up/frame"), codec.encode(frame), qos=0)
            await _wait_within(self._wake, LOOK_S)
            self._wake.clear()

    async def _send_rows(self, client: aiomqtt.Client) -> None:
        """Publish due rows in order; only the service's ack counts."""
        seqs = self._window.due(self._listener.mono_ms())
        if not seqs:
            return
        for kind, payload in await self._listener.read_rows(seqs):
            self._post(client, topics.CHANNEL_OF_KIND[kind], payload)

    def _post(
        self, client: aiomqtt.Client, channel: Channel, payload: bytes, *, retain: bool = False
    ) -> None:
        """Publish without waiting for the broker; what gets lost is sent again after the next connect."""
        task = asyncio.create_task(_publish(client, self._topic(channel), payload, retain=retain))
        self._publishes.add(task)
        task.add_done_callback(self._publishes.discard)

    async def _farewell(self, client: aiomqtt.Client) -> None:
        """Say that the machine goes on purpose; a broker that does not listen is not waited for."""
        if self._status is None:
            return
        offline = codec.encode(replace(self._status, online=False))
        with contextlib.suppress(aiomqtt.MqttError):
            await client.publish(self._topic("up/status"), offline, qos=1, retain=True, timeout=FAREWELL_S)

    def _client(self) -> aiomqtt.Client:
        settings = self._settings
        status = replace(self._status, online=False) if self._status else None
        delay = Properties(PacketTypes.WILLMESSAGE)  # type: ignore[no-untyped-call]
        delay.WillDelayInterval = WILL_DELAY_S
        will = aiomqtt.Will(
            topic=self._topic("up/status"),
            payload=codec.encode(status) if status else b"",
            qos=1,
            retain=True,
            properties=delay,
        )
        limits = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        limits.MaximumPacketSize = PACKET_MOST_BYTES
        return aiomqtt.Client(
            settings.host,
            settings.port,
            identifier=settings.username or settings.machine,
            username=settings.username,
            password=settings.password,
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=True,
            properties=limits,
            keepalive=KEEPALIVE_S,
            timeout=TIMEOUT_S,
            max_inflight_messages=PLACES * 2,
            will=will,
            tls_params=aiomqtt.TLSParameters(ca_certs=settings.ca) if settings.tls else None,
            socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
        )

    def _topic(self, channel: Channel) -> str:
        return topics.name(self._settings.origin, self._settings.machine, channel)


def _bytes(message: aiomqtt.Message) -> bytes:
    return message.payload if isinstance(message.payload, bytes) else b""


async def _publish(client: aiomqtt.Client, topic: str, payload: bytes, *, retain: bool) -> None:
    with contextlib.suppress(aiomqtt.MqttError):
        await client.publish(topic, payload, qos=1, retain=retain)


async def _wait_within(event: asyncio.Event, most_s: float) -> None:
    """Wait for an event, but not longer than this; unlike `asyncio.wait_for` it swallows no cancel."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(most_s):
            await event.wait()


async def _end(tasks: AbstractSet[asyncio.Task[object]]) -> None:
    """Cancel tasks and wait for them, not for ever; what they raise on the way out is of no interest."""
    for task in tasks:
        task.cancel()
    await asyncio.wait({asyncio.gather(*tasks, return_exceptions=True)}, timeout=FAREWELL_S)
