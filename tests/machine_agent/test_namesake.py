"""Two machines of one name: the link notices, and stays away when it is told to."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from link_room import STATUS, client, topic, until, wired

from contract import codec
from machine_agent.namesake import TAKEN_OVER
from openspine.broker.embedded import Broker

pytestmark = pytest.mark.broker
OTHER = replace(STATUS, boot="00000000-0000-4000-8000-0000000000ff")


@pytest.fixture
def service(broker: Broker, make_service: Callable[..., Any]) -> Any:
    if broker.kind == "iotcore":
        pytest.skip("iotcore lets no client in again that another one of its name has thrown out")
    return make_service(broker.port)


async def test_a_second_machine_of_this_name_is_told_and_the_link_stays_off_until_it_is_picked_up(
    service: Any,
) -> None:
    async with wired(service) as side:
        await until(lambda: side.ear.connects == 1)
        await asyncio.sleep(0.2)  # its own status comes back
        side.ear.then = side.link.hang_up
        async with client(service.port, "le-1") as other:
            await other.publish(topic("up/status"), codec.encode(OTHER), qos=1, retain=True)
            await until(lambda: side.ear.takeovers == 1)
            connects = side.ear.connects
        await until(lambda: not side.link.is_allowed)
        async with client(service.port, "le-1"):  # throws it out, if it is still connected
            await asyncio.sleep(1.0)  # ten times the longest first wait
        assert side.ear.connects == connects
        side.link.pick_up()
        await until(lambda: side.ear.connects == connects + 1)
        await asyncio.sleep(0.2)
    assert side.ear.takeovers == 1


async def test_two_machines_of_one_name_both_learn_of_it(service: Any) -> None:
    async with wired(service) as one, wired(service, OTHER) as other:
        await until(lambda: min(one.ear.takeovers, other.ear.takeovers) >= 2)


class PoliteBroker:
    """Takes a connection and its subscriptions, then ends the first one with the reason code 0x8E."""

    def __init__(self) -> None:
        self.taken = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.taken += 1
        is_first = self.taken == 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                kind, length = await reader.readexactly(2)
                if length >= 0x80:
                    length += ((await reader.readexactly(1))[0] - 1) * 0x80
                body = await reader.readexactly(length)
                if kind == 0x10:
                    writer.write(b"\x20\x03\x00\x00\x00")
                elif kind == 0x82:
                    writer.write(b"\x90\x08" + body[:2] + b"\x00" + b"\x01" * 5)
                    if is_first:
                        writer.write(bytes([0xE0, 1, TAKEN_OVER]))
        writer.close()


async def test_a_broker_that_names_the_reason_is_understood(make_service: Callable[..., Any]) -> None:
    polite = PoliteBroker()
    async with await asyncio.start_server(polite.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with wired(make_service(port)) as side:
            await until(lambda: side.ear.takeovers == 1)
            await until(lambda: polite.taken >= 2)
    assert side.ear.takeovers == 1


async def test_a_broken_link_is_no_takeover(service: Any, broker: Broker) -> None:
    async with wired(service) as side:
        await until(lambda: side.ear.connects == 1)
        for connects in (2, 3):
            broker.kill() if connects == 2 else broker.stop()
            broker.start()
            await until(lambda count=connects: side.ear.connects == count)  # type: ignore[misc]
    assert side.ear.takeovers == 0
