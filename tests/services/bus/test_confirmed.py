"""Both MQTT clients say that the broker has a message when it has acknowledged it, and not before."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import cast

import pytest

from services.bus import RIMS, Broker, Rim

PATIENCE_S = 90.0  # only so that a hang ends
TOPIC = "openspine-sim/v1/lumbar-1/down/setting"
CONNECT, PUBLISH, SUBSCRIBE, UNSUBSCRIBE, PING = 1, 3, 8, 10, 12  # packet types, MQTT 5 section 2.1.2


class MuteBroker:
    """Takes every message, and acknowledges a publish only when told to."""

    def __init__(self) -> None:
        self.has_session = False  # which it remembers
        self.window: int | None = None  # how many publishes may be without an answer
        self.published: asyncio.Queue[bytes] = asyncio.Queue()  # packet numbers
        self._writer: asyncio.StreamWriter | None = None

    async def serve(self) -> asyncio.Server:
        return await asyncio.start_server(self._talk, "127.0.0.1", 0)

    def acknowledge(self, number: bytes) -> None:
        assert self._writer is not None
        self._writer.write(b"\x40\x02" + number)

    def cut(self) -> None:
        assert self._writer is not None
        self._writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        try:
            while True:
                first = (await reader.readexactly(1))[0]
                body = await reader.readexactly(await self._length(reader))
                writer.write(self._answer(first >> 4, body))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _length(self, reader: asyncio.StreamReader) -> int:
        length = shift = 0
        while True:
            byte = (await reader.readexactly(1))[0]
            length += (byte & 127) << shift
            shift += 7
            if byte < 128:
                return length

    def _answer(self, kind: int, body: bytes) -> bytes:
        if kind == CONNECT:
            said = b"" if self.window is None else b"\x21" + self.window.to_bytes(2, "big")
            return bytes([0x20, 3 + len(said), self.has_session, 0, len(said)]) + said
        if kind == PUBLISH:
            place = 2 + int.from_bytes(body[:2], "big")
            self.published.put_nowait(body[place : place + 2])
        if kind in (SUBSCRIBE, UNSUBSCRIBE):
            topics = 2  # as many answers as a client alone asks for
            head = b"\x90" if kind == SUBSCRIBE else b"\xb0"
            return head + bytes([3 + topics]) + body[:2] + b"\x00" + b"\x00" * topics
        return b"\xd0\x00" if kind == PING else b""


@pytest.fixture(params=sorted(RIMS))
async def linked(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Rim, MuteBroker]]:
    mute = MuteBroker()
    async with await mute.serve() as server:
        port = server.sockets[0].getsockname()[1]
        rim = RIMS[request.param](Broker(host="127.0.0.1", port=port, client_id="svc-test"))
        running = asyncio.create_task(rim.run(lambda _: None))
        async with asyncio.timeout(PATIENCE_S):
            await rim.connected()
        yield rim, mute
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        mute.cut()


async def test_a_message_is_the_brokers_at_its_acknowledgement(linked: tuple[Rim, MuteBroker]) -> None:
    rim, mute = linked
    said: list[tuple[str, bool]] = []
    heard = asyncio.Event()

    def confirmed(name: str, has_it: bool) -> None:
        said.append((name, has_it))
        heard.set()

    async with asyncio.timeout(PATIENCE_S):
        await rim.publish(TOPIC, b"first", 30, lambda has_it: confirmed("first", has_it))
        await rim.publish(TOPIC, b"second", None, lambda has_it: confirmed("second", has_it))
        first = await mute.published.get()
        second = await mute.published.get()
        assert said == []

        mute.acknowledge(second)
        await heard.wait()
        assert said == [("second", True)]

        heard.clear()
        mute.acknowledge(first)
        await heard.wait()
        assert said == [("second", True), ("first", True)]


async def test_a_message_that_is_lost_with_its_link_is_said_to_be(linked: tuple[Rim, MuteBroker]) -> None:
    rim, mute = linked
    said: asyncio.Queue[bool] = asyncio.Queue()
    async with asyncio.timeout(PATIENCE_S):
        await rim.publish(TOPIC, b"setting", 30, said.put_nowait)
        await mute.published.get()
        mute.cut()
        assert await said.get() is False

        await rim.connected()
        await rim.publish(TOPIC, b"setting", 30, said.put_nowait)
        mute.acknowledge(await mute.published.get())
        assert await said.get() is True
    assert said.empty()


async def test_what_links_have_lost_leaves_room_for_more(
    linked: tuple[Rim, MuteBroker],
) -> None:
    rim, mute = linked
    mute.window = 4
    said: asyncio.Queue[bool] = asyncio.Queue()
    async with asyncio.timeout(PATIENCE_S):
        for _ in range(mute.window + 1):
            await rim.publish(TOPIC, b"setting", 30, said.put_nowait)
            await mute.published.get()
            mute.cut()
            assert await said.get() is False
            await rim.connected()


@pytest.mark.parametrize(
    "linked", ["gmqtt"], indirect=True
)  # the other one forgets what a lost link swallowed
async def test_a_full_window_outlives_its_link(linked: tuple[Rim, MuteBroker]) -> None:
    rim, mute = linked
    mute.window, mute.has_session = 4, True
    said: asyncio.Queue[bool] = asyncio.Queue()
    async with asyncio.timeout(PATIENCE_S):
        mute.cut()
        while rim.is_connected:  # noqa: ASYNC110 (no event tells)
            await asyncio.sleep(0)
        for _ in range(3):  # gmqtt keeps one id for itself
            await rim.publish(TOPIC, b"setting", 30, said.put_nowait)
            await mute.published.get()
        mute.cut()
        for _ in range(3):
            mute.acknowledge(await mute.published.get())
            assert await said.get() is True
        await rim.connected()
        await rim.publish(TOPIC, b"setting", 30, said.put_nowait)
        mute.acknowledge(await mute.published.get())
        assert await said.get() is True


@pytest.mark.parametrize("linked", ["aiomqtt"], indirect=True)
async def test_a_message_that_is_cancelled_before_it_begins_is_said_to_be_lost(
    linked: tuple[Rim, MuteBroker],
) -> None:
    rim, _ = linked
    said: asyncio.Queue[bool] = asyncio.Queue()
    others = asyncio.all_tasks()
    publishing = cast("Coroutine[None, None, None]", rim.publish(TOPIC, b"setting", 30, said.put_nowait))
    publishing.send(None)  # up to where its task would write: the link is lost in this very turn of the loop
    (sending,) = asyncio.all_tasks() - others
    sending.cancel()
    async with asyncio.timeout(PATIENCE_S):
        assert await said.get() is False
    publishing.close()
    assert said.empty()
