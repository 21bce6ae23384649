"""The other rim: aiomqtt, with paho's manual acknowledgement."""

import asyncio
import contextlib
import math
import socket
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, TypeVar

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from services.bus.rim import (
    KEEPALIVE_S,
    RECEIVE_MAXIMUM,
    RECONNECT_S,
    Broker,
    Confirmed,
    Parcel,
    unasked,
)

Result = TypeVar("Result")


class AiomqttRim:
    """One aiomqtt client at a time; a lost link makes a new one with the same session."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._connected = asyncio.Event()
        self._client: aiomqtt.Client | None = None
        self._sending: set[asyncio.Task[Any]] = set()

    @property
    def is_connected(self) -> bool:
        """Tell whether the link stands."""
        return self._connected.is_set()

    async def connected(self) -> None:
        """Wait until the link stands."""
        await self._connected.wait()

    async def run(self, on_parcel: Callable[[Parcel], None]) -> None:
        """Connect, subscribe, hand over, and connect again for ever; ends when it is cancelled."""
        while True:
            with contextlib.suppress(aiomqtt.MqttError, OSError):
                await self._serve(on_parcel)
            await asyncio.sleep(RECONNECT_S)

    async def publish(
        self, topic: str, payload: bytes, expiry_s: int | None, confirmed: Confirmed = unasked
    ) -> None:
        """Hand over with QoS 1, in order; the broker's answer is awaited by a task of its own."""
        await self._connected.wait()
        client = self._client
        if client is None:
            confirmed(False)  # noqa: FBT003 (what became of it)
            return
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if expiry_s is not None:
            properties.MessageExpiryInterval = expiry_s
        sending = self._begin(_publish(client, (topic, payload), properties))
        sending.add_done_callback(partial(_tell, confirmed))
        await asyncio.sleep(0)  # the task writes before the caller goes on

    def _begin(self, sending: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        task = asyncio.create_task(sending)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return task

    async def _serve(self, on_parcel: Callable[[Parcel], None]) -> None:
        async with self._open() as client:
            self._client = client
            client.pending_calls_threshold = RECEIVE_MAXIMUM * 2
            await client.subscribe([(topic, 1) for topic in self._broker.wanted])
            self._begin(_let_go(client, self._broker.unwanted))
            self._connected.set()
            try:
                async for message in client.messages:
                    payload = message.payload if isinstance(message.payload, bytes) else b""
                    settle = partial(self._settle, client, message.mid, message.qos)
                    topic, is_awaited = str(message.topic), message.qos > 0
                    link = client if self._broker.sends_again else None
                    on_parcel(
                        Parcel(topic=topic, payload=payload, settle=settle, is_awaited=is_awaited, link=link)
                    )
            finally:
                self._connected.clear()
                for one in self._sending:
                    one.cancel()  # nobody will answer over this link any more

    def _settle(self, client: aiomqtt.Client, mid: int, qos: int) -> None:
        """Acknowledge, unless the link is another one by now: the broker sends again, under a new number."""
        if client is self._client and self._connected.is_set():
            # aiomqtt 2 has no public way to acknowledge by hand (decision 0001).
            client._client.ack(mid, qos)  # noqa: SLF001

    def _open(self) -> aiomqtt.Client:
        connect = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        connect.SessionExpiryInterval = self._broker.session_expiry_s
        connect.ReceiveMaximum = RECEIVE_MAXIMUM
        client = aiomqtt.Client(
            self._broker.host,
            self._broker.port,
            identifier=self._broker.client_id,
            username=self._broker.client_id if self._broker.password is not None else None,
            password=self._broker.password,
            tls_context=self._broker.tls,
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=False,
            properties=connect,
            keepalive=KEEPALIVE_S,
            max_inflight_messages=RECEIVE_MAXIMUM,
            socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
        )
        client._client.manual_ack_set(True)  # noqa: SLF001, FBT003 - before the first message can come
        return client


async def _publish(client: aiomqtt.Client, said: tuple[str, bytes], properties: Properties) -> bool:
    try:
        await client.publish(said[0], said[1], qos=1, properties=properties, timeout=math.inf)
    except aiomqtt.MqttError:
        return False  # the link was lost with it: whoever said it says it again, while it is fresh
    return True


def _tell(confirmed: Confirmed, sending: asyncio.Task[bool]) -> None:
    """Say what became of a message, also of one that was cancelled before it could begin."""
    has_it = False
    try:
        has_it = sending.result()
    except asyncio.CancelledError:
        pass  # the link is gone
    finally:
        confirmed(has_it)


async def _let_go(client: aiomqtt.Client, filters: Sequence[str]) -> None:
    # Not waited for by the rim: iotcore never answers when a filter was not subscribed to.
    with contextlib.suppress(aiomqtt.MqttError):
        await client.unsubscribe(list(filters))
