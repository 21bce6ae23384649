"""A TCP relay before a broker that counts the MQTT packets of the client by their type."""

import asyncio
import contextlib
from collections import Counter
from types import TracebackType
from typing import Self

CONNECT, PUBLISH, PUBACK, SUBSCRIBE, PINGREQ, DISCONNECT = 1, 3, 4, 8, 12, 14


class PacketTap:
    """Listens on `port` of this computer; `said` counts what the clients have sent, by packet type."""

    def __init__(self, broker_port: int) -> None:
        self._broker_port = broker_port
        self.said: Counter[int] = Counter()
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    async def _relay(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, forth = await asyncio.open_connection("127.0.0.1", self._broker_port)
        answers = asyncio.create_task(_copy(far, back))
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                first = await near.readexactly(1)
                head, length = await _length(near)
                forth.write(first + head + await near.readexactly(length))
                self.said[first[0] >> 4] += 1
        forth.close()
        await answers


async def _length(reader: asyncio.StreamReader) -> tuple[bytes, int]:
    """Read a length of one to four bytes of seven bits each."""
    head, value = b"", 0
    while not head or head[-1] & 0x80:
        head += await reader.readexactly(1)
        value |= (head[-1] & 0x7F) << 7 * (len(head) - 1)
    return head, value


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
    writer.close()
