"""Another machine under this name (a cloned card): how the link notices that it has been thrown out."""

import asyncio
from collections.abc import Callable

import aiomqtt
from paho.mqtt.reasoncodes import ReasonCode

from contract.messages import Status

TAKEN_OVER = 0x8E  # MQTT 5, DISCONNECT: another client has come under this name


class Namesake:
    """Tells of every coming of another machine of this name, once.

    Brokers that end a connection without a reason are seen through by the retained status: once our own has
    come back to us, any other in its place, a will too, was left by another boot.
    """

    def __init__(self, on_takeover: Callable[[], None]) -> None:
        self._on_takeover = on_takeover
        self._has_echo = False

    def hear(self, seen: Status, own: Status) -> bool:
        """Take the status that the broker holds for this machine; tells whether it is our own."""
        is_own = seen.boot == own.boot
        if is_own:
            self._has_echo = True
        elif self._has_echo:
            self._tell()
        return is_own

    def watch(self, client: aiomqtt.Client) -> None:
        """Tell when the broker names another client as the reason for the end of this connection."""
        # aiomqtt 2 has no public way to read the reason (decision 0001).
        client._disconnected.add_done_callback(self._look_back)  # noqa: SLF001

    def _look_back(self, end: "asyncio.Future[None]") -> None:
        error = None if end.cancelled() else end.exception()
        code = error.rc if isinstance(error, aiomqtt.MqttCodeError) else None
        if isinstance(code, ReasonCode) and code.value == TAKEN_OVER:
            self._tell()

    def _tell(self) -> None:
        self._has_echo = False
        self._on_takeover()
