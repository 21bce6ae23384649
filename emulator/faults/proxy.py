"""A TCP proxy between MQTT clients and a broker: cuts, delays, stalls, losses, doubles, swaps."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Self

from emulator.faults.packets import Packets, is_row, sent_again

LOOPBACK = "127.0.0.1"
CHUNK_BYTES = 65_536
LAST_WORDS_S = 0.2  # that the end of one direction leaves to the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What befalls every connection all the time; shares of the rows that clients publish."""

    delay_most_ms: float = 0.0
    lost: float = 0.0
    doubled: float = 0.0
    swapped: float = 0.0


@dataclass(slots=True, kw_only=True)
class Done:
    """How often each fault was done."""

    connections: int = 0
    cuts: int = 0
    stalls: int = 0
    half_open: int = 0
    losses: int = 0
    delays: int = 0
    doubles: int = 0
    swaps: int = 0


@dataclass(slots=True, eq=False)
class _Connection:
    client: asyncio.StreamWriter
    broker: asyncio.StreamWriter
    flows: asyncio.Event = field(default_factory=asyncio.Event)
    is_silent: bool = False  # half-open: both ends believe in it, nothing arrives
    is_doomed: bool = False  # the next bytes are the last, and not all of them

    def abort(self) -> None:
        for writer in (self.client, self.broker):
            writer.transport.abort()


class Proxy:
    """Listens on a free loopback port in front of one broker port."""

    def __init__(self, broker_port: int, faults: Faults, chance: Random) -> None:
        self.faults = faults  # may be changed while it runs
        self._broker_port = broker_port
        self._chance = chance
        self._is_open = True
        self._connections: list[_Connection] = []  # those that no fault has befallen
        self._server: asyncio.Server | None = None
        self._serving: dict[_Connection, asyncio.Task[None]] = {}
        self.done = Done()
        self.port = 0

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cut everything and close."""
        if self._server is not None:
            self._server.close()
        serving = dict(self._serving)
        for connection in serving:
            connection.flows.set()
            connection.abort()
        await asyncio.gather(*serving.values())

    def cut(self) -> bool:
        """Break a connection, at once or in the middle of what comes next; False when there is none."""
        connection = self._pick()
        if connection is None:
            return False
        self.done.cuts += 1
        self._connections.remove(connection)
        connection.is_doomed = self._chance.random() < 1 / 2
        if not connection.is_doomed:
            connection.abort()
        return True

    def refuse(self) -> None:
        """Break every connection, and take no other until `reopen`."""
        self._is_open = False
        for connection in list(self._serving):
            self.done.cuts += 1
            with contextlib.suppress(ValueError):
                self._connections.remove(connection)
            connection.abort()

    def reopen(self) -> None:
        """Take connections again."""
        self._is_open = True

    def half_open(self) -> bool:
        """Let a connection stand and carry nothing any more; False when there is none."""
        connection = self._pick()
        if connection is None:
            return False
        self.done.half_open += 1
        self._connections.remove(connection)
        connection.is_silent = True
        return True

    async def stall(self, seconds: float) -> None:
        """Hold up everything on one connection for a while."""
        connection = self._pick()
        if connection is not None:
            self.done.stalls += 1
            connection.flows.clear()
            await asyncio.sleep(seconds)
            connection.flows.set()

    def _pick(self) -> _Connection | None:
        return self._chance.choice(self._connections) if self._connections else None

    async def _accept(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        if not self._is_open:
            client.transport.abort()
            return
        try:
            upstream, broker = await asyncio.open_connection(LOOPBACK, self._broker_port)
        except OSError:  # the broker is down: so are we
            client.transport.abort()
            return
        connection = _Connection(client, broker)
        connection.flows.set()
        self.done.connections += 1
        self._connections.append(connection)
        self._serving[connection] = asyncio.create_task(self._serve(connection, reader, upstream))

    async def _serve(
        self, connection: _Connection, reader: asyncio.StreamReader, upstream: asyncio.StreamReader
    ) -> None:
        """Carry both directions until one ends; then the connection is gone."""
        up = asyncio.create_task(self._pump(reader, connection.broker, connection, self._mixed()))
        down = asyncio.create_task(self._pump(upstream, connection.client, connection, _as_it_is))
        await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        if connection in self._connections:  # it ends by itself: the broker's last words, why, get through
            await asyncio.wait({down}, timeout=LAST_WORDS_S)
            connection.client.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(LAST_WORDS_S):
                    await connection.client.wait_closed()
        connection.abort()
        await asyncio.wait({up, down})
        del self._serving[connection]
        with contextlib.suppress(ValueError):
            self._connections.remove(connection)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        connection: _Connection,
        change: Callable[[bytes], bytes],
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK_BYTES):
                await self._wait()
                await connection.flows.wait()
                if connection.is_silent:
                    continue
                changed = change(data)
                if connection.is_doomed:
                    writer.write(changed[: self._chance.randrange(len(changed) + 1)])
                    return
                writer.write(changed)
                await writer.drain()

    async def _wait(self) -> None:
        most_ms = self.faults.delay_most_ms
        self.done.delays += most_ms > 0
        await asyncio.sleep(self._chance.uniform(0, most_ms) / 1_000)

    def _mixed(self) -> Callable[[bytes], bytes]:
        """Make the change of one client's bytes: rows lost, neighbours swapped, rows sent twice."""
        packets = Packets()
        return lambda data: b"".join(self._twice(self._swapped(self._left(packets.feed(data)))))

    def _left(self, found: list[bytes]) -> list[bytes]:
        left = [one for one in found if not (is_row(one) and self._chance.random() < self.faults.lost)]
        self.done.losses += len(found) - len(left)
        return left

    def _swapped(self, found: list[bytes]) -> list[bytes]:
        for index in range(1, len(found)):
            before, after = found[index - 1 : index + 1]
            if is_row(before) and is_row(after) and self._chance.random() < self.faults.swapped:
                found[index - 1 : index + 1] = [after, before]
                self.done.swaps += 1
        return found

    def _twice(self, found: list[bytes]) -> list[bytes]:
        sent = []
        for packet in found:
            sent.append(packet)
            if is_row(packet) and self._chance.random() < self.faults.doubled:
                sent.append(sent_again(packet))
                self.done.doubles += 1
        return sent


def _as_it_is(data: bytes) -> bytes:
    return data
