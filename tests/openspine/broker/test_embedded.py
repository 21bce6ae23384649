import asyncio
from pathlib import Path

import aiomqtt
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from openspine.broker.embedded import Broker, available_kinds, best_kind
from openspine.children import LOOPBACK, free_port

PATIENCE_S = 10.0
A_DAY_S = 86_400


def client(broker: Broker, identifier: str, *, clean_start: bool = True) -> aiomqtt.Client:
    connect = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    connect.SessionExpiryInterval = 0 if clean_start else A_DAY_S
    return aiomqtt.Client(
        broker.host,
        broker.port,
        identifier=identifier,
        protocol=aiomqtt.ProtocolVersion.V5,
        clean_start=clean_start,
        properties=connect,
    )


async def next_payload(subscriber: aiomqtt.Client) -> bytes:
    async with asyncio.timeout(PATIENCE_S):
        message = await anext(aiter(subscriber.messages))
    assert isinstance(message.payload, bytes)
    return message.payload


async def test_a_message_of_a_megabyte_passes(broker: Broker) -> None:
    body = bytes(1_000_000)
    async with client(broker, "reader") as reader, client(broker, "writer") as writer:
        await reader.subscribe("big", qos=1)
        await writer.publish("big", body, qos=1)
        assert await next_payload(reader) == body


def test_it_listens_on_the_loopback_interface_alone(broker: Broker) -> None:
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("the table of sockets is Linux's")
    rows = [line.split()[1:4] for line in table.read_text().splitlines()[1:]]
    listening = {
        local.split(":")[0]
        for local, _, state in rows
        if state == "0A" and int(local[-4:], 16) == broker.port
    }
    assert listening == {"0100007F"}
    assert broker.host == LOOPBACK


async def test_a_killed_broker_comes_back_on_its_port(broker: Broker) -> None:
    port, first = broker.port, broker.pid
    broker.kill()
    assert broker.pid is None
    broker.start()
    assert broker.port == port
    assert broker.pid not in {None, first}
    async with client(broker, "reader") as reader:
        await reader.subscribe("again", qos=1)
        await reader.publish("again", b"1", qos=1)
        assert await next_payload(reader) == b"1"


async def test_mosquitto_keeps_messages_for_a_session_over_a_restart(broker: Broker) -> None:
    if broker.kind != "mosquitto":
        pytest.skip("iotcore keeps sessions in memory alone")
    async with client(broker, "svc-1", clean_start=False) as reader:
        await reader.subscribe("kept", qos=1)
    async with client(broker, "writer") as writer:
        await writer.publish("kept", b"1", qos=1)
    broker.restart()
    async with client(broker, "svc-1", clean_start=False) as reader:
        assert await next_payload(reader) == b"1"


def test_a_taken_port_is_an_error(tmp_path: Path, broker: Broker) -> None:
    with pytest.raises(RuntimeError, match=f"port {broker.port} is taken"):
        Broker(broker.kind, tmp_path / "second", port=broker.port).start()


def test_the_port_is_unknown_before_the_start(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not been started"):
        _ = Broker("mosquitto", tmp_path).port
    port = free_port()
    assert Broker("mosquitto", tmp_path, port=port).port == port


def test_the_best_kind_is_the_first_available() -> None:
    assert best_kind() == available_kinds()[0]


class Nonsense(Broker):
    def _command(self, port: int) -> list[str]:
        return ["sh", "-c", f"echo no sense in port {port}; exit 1"]


def test_a_broker_that_ends_carries_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no sense in port"):
        Nonsense("mosquitto", tmp_path).start()
