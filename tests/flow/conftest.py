"""A service on a real broker and a real database, and machines that speak MQTT to it."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import aiomqtt
import pytest
from scripted_machine import ScriptedMachine
from scripted_studio import Studio, open_studio

from contract import codec, topics
from contract.messages import Ack, Frame, Origin, Plan, Setting, Status
from openspine.broker.embedded import Broker as BrokerProcess
from services.bus import RIMS, Broker, Bus
from services.coaching import Delivery

PATIENCE_S = 90.0  # only so that a hang ends
Wanted = TypeVar("Wanted", Plan, Setting, Ack)


@dataclass
class MachineLink:
    """The MQTT side of a scripted machine: publishes rows, collects what the service says."""

    client: aiomqtt.Client
    machine: ScriptedMachine
    heard: list[Any] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, *rows: Delivery) -> None:
        for row in rows:
            await self.client.publish(row.topic, row.payload, qos=1)

    async def collect(self) -> None:
        async for message in self.client.messages:
            self.heard.append(codec.decode_down(str(message.topic), message.payload))
            self.arrived.set()

    async def take(self, wanted: type[Wanted], fits: Callable[[Wanted], bool] = lambda _: True) -> Wanted:
        """Wait for the next message of a type that fits, and take it out."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for one in self.heard:
                    if isinstance(one, wanted) and fits(one):
                        self.heard.remove(one)
                        return one
                self.arrived.clear()
                await self.arrived.wait()

    async def committed(self, seq: int) -> Ack:
        """Wait until the service says that everything up to a row is committed."""
        return await self.take(Ack, lambda ack: ack.upto >= seq and not ack.missing)


@dataclass
class Service:
    """The bus of the service in this process, and what it showed live."""

    studio: Studio
    bus: Bus
    live: list[tuple[Origin, str, Status | Frame]]
    task: asyncio.Task[None]

    async def kill(self) -> None:
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task


StartService = Callable[[], Awaitable[Service]]
Connect = Callable[[ScriptedMachine], Awaitable[MachineLink]]


@pytest.fixture(params=["gmqtt", "aiomqtt"])
def rim_name(request: pytest.FixtureRequest) -> str:
    return cast("str", request.param)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(f"sqlite:///{tmp_path / 'studio.sqlite'}", tmp_path)


@pytest.fixture
def any_studio(database_url: str, tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(database_url, tmp_path)


@pytest.fixture
async def start(
    broker: BrokerProcess, rim_name: str
) -> AsyncIterator[Callable[[Studio], Awaitable[Service]]]:
    """Start the bus on a studio; it is cancelled at the end."""
    running: list[Service] = []

    async def start_service(studio: Studio) -> Service:
        live: list[tuple[Origin, str, Status | Frame]] = []
        place = Broker(host=broker.host, port=broker.port, client_id="svc-test")
        bus = Bus(
            RIMS[rim_name](place),
            studio.engine,
            studio.desk,
            lambda origin, machine, seen: live.append((origin, machine, seen)),
            lambda: int(time.time() * 1000),
        )
        service = Service(studio, bus, live, asyncio.create_task(bus.run()))
        running.append(service)
        async with asyncio.timeout(PATIENCE_S):
            await bus.connected()
        return service

    yield start_service
    for service in running:
        await service.kill()


@pytest.fixture
async def connect(broker: BrokerProcess) -> AsyncIterator[Connect]:
    """Connect a scripted machine to the broker."""
    async with contextlib.AsyncExitStack() as stack:
        tasks: list[asyncio.Task[None]] = []

        async def connect_machine(machine: ScriptedMachine) -> MachineLink:
            client = aiomqtt.Client(
                broker.host,
                broker.port,
                identifier=machine.machine,
                protocol=aiomqtt.ProtocolVersion.V5,
                clean_start=True,
            )
            await stack.enter_async_context(client)
            link = MachineLink(client, machine)
            await client.subscribe(topics.name(machine.origin, machine.machine, "down/ack")[:-3] + "#", qos=1)
            tasks.append(asyncio.create_task(link.collect()))
            return link

        yield connect_machine
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
