"""Both MQTT clients on a real broker: what is not settled comes again, and a lost link does no harm."""

import asyncio
from typing import Any

import aiomqtt
import pytest

from openspine.broker.embedded import Broker as BrokerProcess
from services.bus import RIMS, Broker, Parcel

pytestmark = pytest.mark.broker
PATIENCE_S = 90.0  # only so that a hang ends
TOPIC = "openspine-sim/v1/lumbar-1/up/event"


async def _publish(broker: BrokerProcess, payload: bytes) -> None:
    async with aiomqtt.Client(broker.host, broker.port, protocol=aiomqtt.ProtocolVersion.V5) as client:
        await client.publish(TOPIC, payload, qos=1)


@pytest.mark.parametrize("name", sorted(RIMS))
async def test_what_was_not_settled_comes_again_over_the_next_link(broker: BrokerProcess, name: str) -> None:
    if broker.kind != "mosquitto":
        pytest.skip("iotcore keeps sessions in memory only")
    errors: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
    parcels: asyncio.Queue[Parcel] = asyncio.Queue()
    rim = RIMS[name](Broker(host=broker.host, port=broker.port, client_id="svc-test"))
    running = asyncio.create_task(rim.run(parcels.put_nowait))
    async with asyncio.timeout(PATIENCE_S):
        await rim.connected()
        await _publish(broker, b"first")
        over_the_lost_link = await parcels.get()

        broker.stop()  # the loop has not noticed yet
        over_the_lost_link.settle()
        await asyncio.to_thread(broker.start)
        again = await parcels.get()
        assert again.payload == over_the_lost_link.payload == b"first"
        again.settle()

        await _publish(broker, b"second")
        assert (await parcels.get()).payload == b"second"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert errors == []


@pytest.mark.parametrize("name", sorted(RIMS))
async def test_a_worker_that_has_gone_is_dealt_nothing_any_more(broker: BrokerProcess, name: str) -> None:
    if broker.kind != "mosquitto":
        pytest.skip("iotcore answers no shared subscription in time")
    parcels: asyncio.Queue[Parcel] = asyncio.Queue()
    first, second = (
        RIMS[name](Broker(host=broker.host, port=broker.port, client_id=f"svc-{number}", shares=("shared",)))
        for number in range(2)
    )
    running = [asyncio.create_task(rim.run(parcels.put_nowait)) for rim in (first, second)]
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(first.connected(), second.connected())
        await asyncio.sleep(0.3)  # until the broker has the subscriptions
        running[0].cancel()
        await asyncio.gather(running[0], return_exceptions=True)
        for number in range(10):
            await _publish(broker, b"%d" % number)
        await _publish(broker, b"last")
        heard = list[bytes]()
        while b"last" not in heard:
            heard.append((await parcels.get()).payload)
    running[1].cancel()
    await asyncio.gather(running[1], return_exceptions=True)
    assert len(heard) == 11
