"""The true link on a broker, with an ear for what it hands over."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiomqtt

from contract import topics
from contract.messages import Ack, Status
from machine_agent import keys
from machine_agent.agent import DownMessage
from machine_agent.link import Link, LinkSettings, Listener
from machine_agent.window import Window

STREAM = "00000000-0000-4000-8000-00000000000a"
STATUS = Status(online=True, wall_ms=1, mono_ms=1, boot=STREAM, state="idle")


@dataclass
class Ear:
    """Keeps what the link hands over; the rows it can read are numbers."""

    heard: list[DownMessage] = field(default_factory=list)
    acks: list[Ack] = field(default_factory=list)
    connects: int = 0
    takeovers: int = 0

    then: Callable[[], None] | None = None

    def taken_over(self) -> None:
        self.takeovers += 1
        if self.then is not None:
            self.then()

    def count(self) -> None:
        self.connects += 1

    async def read(self, seqs: list[int]) -> list[tuple[str, bytes]]:
        return [("rep", str(seq).encode()) for seq in seqs]


@dataclass
class Wired:
    link: Link
    window: Window
    ear: Ear


@contextlib.asynccontextmanager
async def wired(
    service: Any, status: Status | None = STATUS, settings: LinkSettings | None = None
) -> AsyncIterator[Wired]:
    ear, window = Ear(), Window(Random(1), STREAM)
    listener = Listener(
        on_message=ear.heard.append,
        on_connected=ear.count,
        on_takeover=ear.taken_over,
        read_rows=ear.read,
        on_ack=ear.acks.append,
        mono_ms=lambda: int(asyncio.get_running_loop().time() * 1_000),
    )
    settings = settings or LinkSettings(
        machine="le-1", origin="sim", keys=keys.from_table(service.public), port=service.port
    )
    link = Link(settings, window, listener, Random(2))
    if status is not None:
        link.say(status)
    stop = asyncio.Event()
    task = asyncio.create_task(link.run(stop))
    try:
        yield Wired(link, window, ear)
    finally:
        stop.set()
        async with asyncio.timeout(15):
            await task


def client(port: int, identifier: str = "svc-look") -> aiomqtt.Client:
    return aiomqtt.Client("127.0.0.1", port, identifier=identifier, protocol=aiomqtt.ProtocolVersion.V5)


async def until(condition: Callable[[], bool], most_s: float = 15.0) -> None:
    async with asyncio.timeout(most_s):
        while not condition():  # noqa: ASYNC110 - looks at sockets, no event tells
            await asyncio.sleep(0.01)


def topic(channel: topics.Channel) -> str:
    return topics.name("sim", "le-1", channel)
