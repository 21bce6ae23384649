import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest

from emulator.faults.proxy import Faults, Proxy

ROWS = [b"\x32\x07\x00\x01a\x00%c\x00x" % number for number in range(1, 101)]  # QoS 1, ids 1 to 100
SIZE = len(ROWS[0])
PATIENCE_S = 10.0


class Sink:
    """A broker that only listens, and echoes what it is told to."""

    def __init__(self) -> None:
        self.heard = b""
        self.ended = 0
        self.came = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        try:
            while data := await reader.read(65_536):
                self.heard += data
                self.came.set()
        except ConnectionError:
            pass
        self.ended += 1
        self.came.set()
        writer.close()

    async def until(self, size: int, *, ended: int = 0) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while len(self.heard) < size or self.ended < ended:
                self.came.clear()
                await self.came.wait()

    @property
    def rows(self) -> list[bytes]:
        return [self.heard[start : start + SIZE] for start in range(0, len(self.heard), SIZE)]


@pytest.fixture
async def sink() -> AsyncIterator[tuple[Sink, int]]:
    made = Sink()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    yield made, server.sockets[0].getsockname()[1]
    server.close()


async def opened(proxy: Proxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    assert await reader.readexactly(5) == b"hello"
    return reader, writer


async def test_without_faults_everything_arrives_as_it_was(sink: tuple[Sink, int]) -> None:
    made, port = sink
    async with Proxy(port, Faults(), Random(1)) as proxy:
        _, writer = await opened(proxy)
        writer.write(b"".join(ROWS))
        await made.until(SIZE * len(ROWS))
    assert made.rows == ROWS
    assert proxy.done.connections == 1


async def test_rows_are_doubled_and_swapped_and_counted(sink: tuple[Sink, int]) -> None:
    made, port = sink
    async with Proxy(port, Faults(doubled=0.2, swapped=0.2), Random(1)) as proxy:
        _, writer = await opened(proxy)
        writer.write(b"".join(ROWS))
        await made.until(SIZE * len(ROWS))
        await made.until(SIZE * (len(ROWS) + proxy.done.doubles))
    doubles = [row for row in made.rows if row[0] == 0x3A]
    firsts = [row for row in made.rows if row[0] == 0x32]
    assert len(doubles) == proxy.done.doubles > 0
    assert sorted(firsts) == ROWS
    assert firsts != ROWS
    assert proxy.done.swaps > 0


async def test_a_cut_ends_both_sides(sink: tuple[Sink, int]) -> None:
    made, port = sink
    async with Proxy(port, Faults(), Random(1)) as proxy:
        for ended in range(1, 9):  # some at once, some in the middle of the next bytes
            reader, writer = await opened(proxy)
            heard = len(made.heard)
            assert proxy.cut()
            writer.write(ROWS[0])
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await asyncio.wait_for(reader.readexactly(1), PATIENCE_S)
            await made.until(0, ended=ended)
            assert len(made.heard) - heard <= SIZE
            writer.close()
        assert not proxy.cut()
    assert proxy.done.cuts == 8
    assert len(made.heard) < 8 * SIZE


async def test_a_half_open_connection_stands_and_carries_nothing(sink: tuple[Sink, int]) -> None:
    made, port = sink
    async with Proxy(port, Faults(), Random(1)) as proxy:
        _, silent = await opened(proxy)
        assert proxy.half_open()
        silent.write(ROWS[0])
        _, other = await opened(proxy)
        other.write(ROWS[1])
        await made.until(SIZE)
        assert made.rows == [ROWS[1]]
        assert made.ended == 0
    await made.until(SIZE, ended=2)  # nothing stays behind


async def test_a_stall_only_delays(sink: tuple[Sink, int]) -> None:
    made, port = sink
    async with Proxy(port, Faults(), Random(1)) as proxy:
        _, writer = await opened(proxy)
        stalled = asyncio.create_task(proxy.stall(0.2))
        await asyncio.sleep(0)
        writer.write(ROWS[0])
        await asyncio.sleep(0.05)
        assert made.heard == b""
        await stalled
        await made.until(SIZE)
    assert proxy.done.stalls == 1


async def test_a_broker_that_is_down_is_down_through_the_proxy_too(free_port: int) -> None:
    async with Proxy(free_port, Faults(), Random(1)) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(reader.readexactly(1), PATIENCE_S)
        writer.close()
    assert proxy.done.connections == 0


async def test_rows_are_lost_and_counted_from_the_moment_on_that_it_is_wished(sink: tuple[Sink, int]) -> None:
    made, port = sink
    async with Proxy(port, Faults(), Random(1)) as proxy:
        _, writer = await opened(proxy)
        writer.write(ROWS[0])
        await made.until(SIZE)
        proxy.faults = Faults(lost=0.3)
        writer.write(b"".join(ROWS[1:]))
        writer.write(b"\xc0\x00")  # what is no row is not lost: a ping
        await made.until(SIZE * (len(ROWS) - 60) + 2)
        while not made.heard.endswith(b"\xc0\x00"):
            await made.until(len(made.heard) + 1)
    assert 10 < proxy.done.losses < 60
    assert len(made.heard) == SIZE * (len(ROWS) - proxy.done.losses) + 2


async def test_what_is_refused_is_cut_and_kept_out_until_it_is_reopened(sink: tuple[Sink, int]) -> None:
    made, port = sink
    async with Proxy(port, Faults(), Random(1)) as proxy:
        await opened(proxy)
        proxy.refuse()
        await made.until(0, ended=1)
        reader, _ = await asyncio.open_connection("127.0.0.1", proxy.port)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(reader.readexactly(1), PATIENCE_S)
        proxy.reopen()
        await opened(proxy)
    assert (proxy.done.cuts, proxy.done.connections) == (1, 2)


async def test_the_last_words_of_the_broker_get_through() -> None:
    """Why it ends a connection: a client that was thrown out by another of its name must know."""

    async def say_and_end(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\xe0\x01\x8e")
        writer.close()

    server = await asyncio.start_server(say_and_end, "127.0.0.1", 0)
    async with Proxy(server.sockets[0].getsockname()[1], Faults(delay_most_ms=50.0), Random(1)) as proxy:
        for _ in range(20):
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(ROWS[0])
            assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b"\xe0\x01\x8e"
            writer.close()
    server.close()
