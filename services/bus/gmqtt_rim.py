"""The default rim: gmqtt, which acknowledges a message when its handler returns."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import gmqtt
from gmqtt.mqtt.constants import UNLIMITED_RECONNECTS
from gmqtt.storage import PersistentStorage

from services.bus.rim import (
    KEEPALIVE_S,
    RECEIVE_MAXIMUM,
    RECONNECT_S,
    Broker,
    Confirmed,
    Parcel,
    unasked,
)

FULL_S = 0.001  # how long to wait when every packet id is in flight
PACKET_IDS = 65_536  # with 0, which is none
ACCEPTED = 0  # MQTT 5 reason code of a PUBACK


class Unconfirmed(PersistentStorage):  # type: ignore[misc]  # gmqtt says nothing of its types
    """What the broker has not acknowledged: gmqtt sends it again over the next link of the same session."""

    def __init__(self) -> None:
        super().__init__()
        self._newest = 0
        self._confirmed: dict[int, Confirmed] = {}

    def push_message(self, mid: int, raw_package: bytes) -> None:
        """Keep a packet until its PUBACK; called by gmqtt."""
        self._newest = mid
        super().push_message(mid, raw_package)

    def tell(self, confirmed: Confirmed) -> None:
        """Have the packet that was kept last reported on."""
        self._confirmed[self._newest] = confirmed

    def remove_message_by_mid(self, mid: int) -> None:
        """Let a packet go that the broker has acknowledged; called by gmqtt."""
        super().remove_message_by_mid(mid)
        confirmed = self._confirmed.pop(mid, None)
        if confirmed is not None:
            confirmed(True)  # noqa: FBT003 (what the broker says)

    def clear(self) -> None:
        """Give everything up: the broker knows nothing of this session any more; called by gmqtt."""
        super().clear()
        lost, self._confirmed = self._confirmed, {}
        for confirmed in lost.values():
            confirmed(False)  # noqa: FBT003 (as above)


class Accepted(int):
    """The reason code of a PUBACK over one link: over the next its number is another message's."""

    link: Any = None

    @classmethod
    def over(cls, link: Any) -> Self:
        """Accept what came over this link."""
        made = cls(ACCEPTED)
        made.link = link
        return made


class Client(gmqtt.Client):  # type: ignore[misc]  # as above
    """A client that acknowledges a message over the link that brought it, or not at all."""

    @property
    def link(self) -> Any:
        """The connection that stands, or stood last."""
        return self._connection

    def _send_command_with_mid(self, cmd: int, mid: int, dup: Any, reason_code: int = ACCEPTED) -> None:
        # gmqtt has no public way to leave an acknowledgement out (decision 0001).
        if isinstance(reason_code, Accepted) and reason_code.link is not self._connection:
            return  # the broker, or the machine, sends the message again
        super()._send_command_with_mid(cmd, mid, dup, reason_code=reason_code)


class GmqttRim:
    """One gmqtt client; asyncio sets TCP_NODELAY by itself."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._connected = asyncio.Event()
        self._client: Any = None
        self._unconfirmed = Unconfirmed()

    @property
    def is_connected(self) -> bool:
        """Tell whether the link stands."""
        return self._connected.is_set()

    async def connected(self) -> None:
        """Wait until the link stands."""
        await self._connected.wait()

    async def run(self, on_parcel: Callable[[Parcel], None]) -> None:
        """Connect, subscribe, hand over, and connect again for ever; ends when it is cancelled."""
        client = self._client = Client(
            self._broker.client_id,
            clean_session=False,
            optimistic_acknowledgement=False,
            session_expiry_interval=self._broker.session_expiry_s,
            receive_maximum=RECEIVE_MAXIMUM,
            persistent_storage=self._unconfirmed,
        )
        if self._broker.password is not None:
            client.set_auth_credentials(self._broker.client_id, self._broker.password)
        client.set_config({"reconnect_retries": UNLIMITED_RECONNECTS, "reconnect_delay": RECONNECT_S})
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = _handler(on_parcel, sends_again=self._broker.sends_again)
        await self._first_connect()
        try:
            await asyncio.Event().wait()
        finally:
            self._connected.clear()
            await client.disconnect()

    async def publish(
        self, topic: str, payload: bytes, expiry_s: int | None, confirmed: Confirmed = unasked
    ) -> None:
        """Hand over with QoS 1, in order; waits while the broker's window is full or the link is down."""
        properties = {} if expiry_s is None else {"message_expiry_interval": expiry_s}
        while True:
            await self._connected.wait()
            try:
                self._client.publish(topic, payload, qos=1, **properties)
            except OverflowError:  # every packet id waits for the broker
                await asyncio.sleep(FULL_S)
            else:
                self._unconfirmed.tell(confirmed)
                return

    async def _first_connect(self) -> None:
        """Try until the broker is there; afterwards gmqtt reconnects by itself."""
        while True:
            try:
                await self._client.connect(
                    self._broker.host,
                    self._broker.port,
                    ssl=self._broker.tls or False,
                    keepalive=KEEPALIVE_S,
                    raise_exc=False,
                )
            except OSError:
                await asyncio.sleep(RECONNECT_S)
            else:
                return

    def _on_connect(self, client: Any, _flags: int, _code: int, _properties: Any) -> None:
        # Also when the session was present: subscribing again changes nothing, and its loss stays unnoticed.
        with self._room_to_subscribe(client):
            client.subscribe([gmqtt.Subscription(topic, qos=1) for topic in self._broker.wanted])
            client.unsubscribe(list(self._broker.unwanted))
        self._connected.set()

    @contextmanager
    def _room_to_subscribe(self, client: Any) -> Iterator[None]:
        """Free packet ids whose answers were lost with the link, and let more be taken than the window has.

        gmqtt frees an id at its answer only, and counts subscriptions to the window, as MQTT does not.
        """
        ids = client._package_handler.id_generator  # noqa: SLF001 (no public way)
        ids._used_ids = {mid for mid, _ in self._unconfirmed.get_all()}  # noqa: SLF001
        window = ids._max  # noqa: SLF001
        ids._max = PACKET_IDS  # noqa: SLF001
        try:
            yield
        finally:
            ids._max = window  # noqa: SLF001

    def _on_disconnect(self, _client: Any, _packet: Any, _error: Any = None) -> None:
        self._connected.clear()


def _handler(on_parcel: Callable[[Parcel], None], *, sends_again: bool) -> Callable[..., Any]:
    async def on_message(client: Client, topic: Any, payload: bytes, qos: int, _properties: Any) -> int:
        accepted = Accepted.over(client.link)
        settled: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def settle() -> None:
            if not settled.done():
                settled.set_result(accepted)

        name = topic if isinstance(topic, str) else topic.decode(errors="replace")
        link = accepted.link if sends_again else None
        on_parcel(Parcel(topic=name, payload=bytes(payload), settle=settle, is_awaited=qos > 0, link=link))
        del payload  # it may take long until others let go of this one too: nobody needs its bytes for that
        return await settled

    return on_message
