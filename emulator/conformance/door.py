"""The kit's own port before the broker: reads how the machine connects, and cuts it off when told."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from typing import Self

from emulator.conformance.connect import Connect, read_connect
from emulator.faults.packets import Packets

CHUNK_BYTES = 65_536
OnWire = Callable[[str, Connect | None], None]


class Door:
    """A TCP port that passes everything on to a broker while it is open; `trust`: by TLS."""

    def __init__(self, host: str, port: int, on_wire: OnWire, trust: ssl.SSLContext | None = None) -> None:
        self._host, self._port, self._on_wire, self._trust = host, port, on_wire, trust
        self._is_open = True
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def listen(self, host: str, port: int) -> Self:
        """Listen; OSError when the port is taken."""
        self._server = await asyncio.start_server(self._accept, host, port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def close(self) -> None:
        """Cut everything and stop to listen."""
        if self._server is not None:
            self._server.close()
        self.shut()
        await asyncio.gather(*self._serving)

    def shut(self) -> None:
        """Cut the machine off."""
        self._is_open = False
        for writer in self._writers:
            writer.transport.abort()

    def open(self) -> None:
        """Let the machine in again."""
        self._is_open = True

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._is_open:
            writer.transport.abort()
            return
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        """Carry both directions until one ends."""
        try:
            upstream, broker = await asyncio.open_connection(self._host, self._port, ssl=self._trust)
        except OSError:
            client.transport.abort()
            return
        self._writers |= {client, broker}
        work = {
            asyncio.create_task(self._carry(reader, broker, Packets())),
            asyncio.create_task(self._carry(upstream, client, None)),
        }
        await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        for writer in (client, broker):
            writer.transport.abort()
        await asyncio.wait(work)
        self._writers -= {client, broker}
        self._on_wire("lost", None)

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: Packets | None
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK_BYTES):
                if first is not None and (whole := first.feed(data)):
                    self._on_wire("connect", read_connect(whole[0]))
                    first = None
                writer.write(data)
                await writer.drain()
