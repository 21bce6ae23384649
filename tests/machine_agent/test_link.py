import asyncio
import contextlib
import socket
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import aiomqtt
import pytest
from link_room import STREAM, client, topic, until, wired
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from contract import codec, signing
from contract.codec import Undecodable
from contract.messages import Ack, Hold, Plan, Setting, Status
from emulator.faults.proxy import Faults, Proxy
from machine_agent.link import (
    DOUBLINGS_MOST,
    RECONNECT_LEAST_S,
    RECONNECT_MOST_S,
    Link,
)
from machine_agent.window import Waiting
from openspine.broker.embedded import Broker

pytestmark = pytest.mark.broker


@pytest.fixture
def service(broker: Broker, make_service: Callable[..., Any]) -> Any:
    return make_service(broker.port)


async def test_signatures_are_judged_by_key_and_use(
    service: Any, make_setting: Callable[..., Setting]
) -> None:
    good = signing.sign(make_setting(), service.command)
    wrong_use = signing.sign(replace(make_setting(seq=2), key_id="demo-envelope"), service.envelope)
    changed = replace(good, load_g=good.load_g + 100)
    unknown = signing.sign(replace(make_setting(seq=3), key_id="nobody"), service.command)
    async with wired(service) as side, client(service.port) as other:
        await until(lambda: side.ear.connects == 1)
        for one in (good, wrong_use, changed, unknown):
            await other.publish(topic("down/setting"), codec.encode(one), qos=1)
        await until(lambda: len(side.ear.heard) == 4)
    assert [one.verified for one in side.ear.heard] == [True, False, False, False]


async def test_a_plan_needs_both_signatures(service: Any, make_room: Callable[..., Any]) -> None:
    plan: Plan = make_room().sign_in()
    signed_envelope = signing.sign(plan.envelope, service.envelope)
    whole = signing.sign(replace(plan, envelope=signed_envelope), service.command)
    forged = signing.sign(
        replace(plan, envelope=replace(signing.sign(plan.envelope, service.command), key_id="demo-command")),
        service.command,
    )
    async with wired(service) as side, client(service.port) as other:
        await until(lambda: side.ear.connects == 1)
        for one in (whole, forged):
            await other.publish(topic("down/plan"), codec.encode(one), qos=1)
        await until(lambda: len(side.ear.heard) == 2)
    assert [one.verified for one in side.ear.heard] == [True, False]


async def test_what_was_retained_is_marked_and_what_cannot_be_read_is_a_value(service: Any) -> None:
    hold = Hold(id=STREAM, action="stop", reason="", by="t", seq=1)
    async with client(service.port) as other:
        await other.publish(topic("down/hold"), codec.encode(hold), qos=1, retain=True)
        async with wired(service) as side:
            await until(lambda: len(side.ear.heard) == 1)
            await other.publish(topic("down/hold"), codec.encode(hold), qos=1)
            await other.publish(topic("down/setting"), b"{", qos=1)
            await until(lambda: len(side.ear.heard) == 3)
        await other.publish(topic("down/hold"), b"", qos=1, retain=True)
    assert [one.retained for one in side.ear.heard] == [True, False, False]
    assert side.ear.heard[1].body == hold
    assert isinstance(side.ear.heard[2].body, Undecodable)
    assert not side.ear.heard[2].verified


async def test_status_is_retained_and_a_farewell_says_offline(service: Any) -> None:
    async with wired(service) as side:
        await until(lambda: side.ear.connects == 1)
        await asyncio.sleep(0.1)
        assert (await retained_status(service.port)).online
    assert not (await retained_status(service.port)).online


async def test_a_machine_that_goes_without_a_word_is_offline_after_its_will(
    service: Any, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("machine_agent.link.WILL_DELAY_S", 1)
    wire = contextlib.AsyncExitStack()
    proxy = await wire.enter_async_context(Proxy(broker.port, Faults(), Random(1)))
    service.port = proxy.port
    async with wired(service) as side:
        await until(lambda: side.ear.connects == 1)
        await asyncio.sleep(0.1)
        side.link.hang_up()
        await wire.aclose()
        async with asyncio.timeout(15):
            while (await retained_status(broker.port)).online:  # noqa: ASYNC110 - asks the broker
                await asyncio.sleep(0.1)


async def retained_status(port: int) -> Status:
    async with client(port) as other, asyncio.timeout(5):
        await other.subscribe(topic("up/status"), qos=1)
        async for message in other.messages:
            status = codec.decode_up(str(message.topic), bytes(message.payload))
            assert isinstance(status, Status)
            assert message.retain
            return status
    raise AssertionError("no status")


async def test_rows_go_out_in_order_and_again_after_a_broken_link(service: Any, broker: Broker) -> None:
    got: list[str] = []
    async with wired(service) as side:
        await until(lambda: side.ear.connects == 1)
        async with client(service.port) as other:
            await other.subscribe(topic("up/rep"), qos=1)
            for seq in (1, 2, 3):
                side.window.add(Waiting(seq=seq, kind="rep", session="a"))
            side.link.wake()
            async with asyncio.timeout(10):
                async for message in other.messages:
                    got.append(bytes(message.payload).decode())
                    if len(got) == 3:
                        break
        assert got == ["1", "2", "3"]
        side.window.take(Ack(stream=STREAM, upto=1))
        broker.kill()
        broker.start()
        async with client(service.port) as other:
            await other.subscribe(topic("up/rep"), qos=1)
            async with asyncio.timeout(20):
                async for message in other.messages:
                    got.append(bytes(message.payload).decode())
                    if len(got) == 5:
                        break
    assert got[3:] == ["2", "3"]
    assert side.ear.connects == 2


async def test_an_ack_reaches_the_window_and_the_spool(service: Any) -> None:
    async with wired(service) as side, client(service.port) as other:
        await until(lambda: side.ear.connects == 1)
        side.window.add(Waiting(seq=1, kind="rep", session="a"))
        await other.publish(topic("down/ack"), codec.encode(Ack(stream=STREAM, upto=1)), qos=1)
        await until(lambda: len(side.ear.acks) == 1)
        assert side.window.rows_waiting == 0


async def test_small_packets_are_not_held_back(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    plain = aiomqtt.Client.subscribe

    async def looking(self: aiomqtt.Client, *args: Any, **options: Any) -> Any:
        connection = self._client.socket()
        assert isinstance(connection, socket.socket)
        seen.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        return await plain(self, *args, **options)

    monkeypatch.setattr(aiomqtt.Client, "subscribe", looking)
    async with wired(service) as side:
        await until(lambda: side.ear.connects == 1)
    assert seen
    assert all(seen)


async def test_a_broker_that_is_not_there_is_asked_again(service: Any, broker: Broker) -> None:
    broker.stop()
    async with wired(service, status=None) as side:
        await asyncio.sleep(0.3)
        assert side.ear.connects == 0
        broker.start()
        await until(lambda: side.ear.connects == 1)


@pytest.mark.parametrize("is_broken", [False, True])
async def test_a_link_that_is_woken_all_the_time_still_lets_go(
    service: Any, broker: Broker, *, is_broken: bool
) -> None:
    """A cancel that meets the end of a timed wait may be swallowed: it must not be all that ends a loop."""
    async with wired(service) as side:
        await until(lambda: side.ear.connects == 1)
        waker = asyncio.create_task(wake_always(side.link))
        await asyncio.sleep(0.05)
        if is_broken:
            broker.kill()
            broker.start()
            await until(lambda: side.ear.connects == 2)
    waker.cancel()


async def wake_always(link: Link) -> None:
    while True:
        link.wake()
        await asyncio.sleep(0)


async def test_what_is_far_too_large_never_reaches_the_machine(service: Any, broker: Broker) -> None:
    if broker.kind == "iotcore":
        pytest.skip("iotcore does not heed the largest packet that a client asks for")
    async with wired(service) as side, client(service.port) as other:
        await until(lambda: side.ear.connects == 1)
        for size in (17_000, 1_000_000):
            await other.publish(topic("down/hold"), b" " * size, qos=1)
        await other.publish(topic("down/hold"), b"{}", qos=1)
        await until(lambda: len(side.ear.heard) == 2)
        assert side.ear.connects == 1
    reasons = [one.body.reason for one in side.ear.heard if isinstance(one.body, Undecodable)]
    assert reasons == ["SIZE", "VALUE"]


async def test_a_broker_that_refuses_the_subscriptions_is_asked_again_and_again(
    service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    async def refused(self: aiomqtt.Client, *_: Any, **__: Any) -> Any:  # noqa: ARG001 - as aiomqtt's own
        asked.append(1)
        return [ReasonCode(PacketTypes.SUBACK, identifier=0x87)]

    with monkeypatch.context() as patched:
        patched.setattr(aiomqtt.Client, "subscribe", refused)
        async with wired(service) as side:
            await until(lambda: len(asked) >= 3)
            assert side.ear.connects == 0


def test_the_doublings_end_where_the_longest_wait_begins() -> None:
    assert RECONNECT_LEAST_S * 2**DOUBLINGS_MOST >= RECONNECT_MOST_S
