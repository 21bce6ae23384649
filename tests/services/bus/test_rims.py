"""Both MQTT clients on a real broker: what is not settled comes again, and a lost link does no harm."""

import asyncio
import contextlib
from typing import Any

import aiomqtt
import pytest

from openspine.broker.embedded import Broker as BrokerProcess
from services.bus import RIMS, Broker, Parcel, aiomqtt_rim, gmqtt_rim

pytestmark = pytest.mark.broker
PATIENCE_S = 90.0  # only so that a hang ends
SILENCE_S = 0.5
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
        assert again.link is not over_the_lost_link.link
        again.settle()

        await _publish(broker, b"second")
        assert (await parcels.get()).payload == b"second"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert errors == []


@pytest.mark.parametrize("name", sorted(RIMS))
async def test_what_is_settled_after_its_link_acknowledges_nothing_of_the_next(
    broker: BrokerProcess, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share ends with its link, so that the broker numbers anew: here the window is one message."""
    if broker.kind != "mosquitto":
        pytest.skip("iotcore answers no shared subscription in time")
    for module in (gmqtt_rim, aiomqtt_rim):
        monkeypatch.setattr(module, "RECEIVE_MAXIMUM", 1)
    parcels: asyncio.Queue[Parcel] = asyncio.Queue()
    rim = RIMS[name](Broker(host=broker.host, port=broker.port, client_id="svc-test", shares=("shared",)))
    running = asyncio.create_task(rim.run(parcels.put_nowait))
    async with asyncio.timeout(PATIENCE_S):
        first = await _heard(broker, b"first", parcels)
        broker.stop()
        await asyncio.to_thread(broker.start)
        second = await _heard(broker, b"second", parcels)
        assert first.link is second.link is None  # nothing is sent again, and so nothing may be given up
        first.settle()
        await _publish(broker, b"third")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(parcels.get(), SILENCE_S)
        second.settle()
        assert (await parcels.get()).payload == b"third"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def _heard(broker: BrokerProcess, payload: bytes, parcels: asyncio.Queue[Parcel]) -> Parcel:
    """Publish until the broker has the subscription: what comes before, nobody keeps."""
    while True:
        await _publish(broker, payload)
        with contextlib.suppress(TimeoutError):
            parcel = await asyncio.wait_for(parcels.get(), SILENCE_S)
            assert parcel.payload == payload
            return parcel


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
