"""A replay at the production broker: TLS, passwords, and each client its own topics only."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import aiomqtt
import pytest
from secured_broker import SecuredBroker

from contract import codec
from contract.messages import Ack, Down
from emulator.replay.rewriting import Spoken
from emulator.replay.voices import Broker, Voices
from openspine.broker.embedded import mosquitto_path
from openspine.broker.folder import plugin_path

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(
        mosquitto_path() is None or plugin_path() is None, reason="no mosquitto with its security plugin here"
    ),
]
UP = "openspine-sim/v1/lumbar-1/up/rep"
ACK = Ack(stream="11111111-1111-4111-8111-111111111111", upto=3)
SAID = Spoken(machine="lumbar-1", topic=UP, payload=b"{}", qos=1, stream=ACK.stream, seq=3)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredBroker]:
    with SecuredBroker(tmp_path_factory.mktemp("secured")) as broker:
        yield broker


def place(secured: SecuredBroker) -> Broker:
    return Broker(
        host="127.0.0.1",
        port=secured.port,
        passwords={"sim-lumbar-1": secured.passwords["sim-lumbar-1"]},
        tls=True,
        ca_file=secured.authority,
    )


async def test_a_machine_speaks_and_hears_with_the_credentials_of_the_simulation(
    secured: SecuredBroker,
) -> None:
    heard: list[tuple[str, Down]] = []
    service = aiomqtt.Client(
        "127.0.0.1",
        secured.port,
        identifier="svc-coaching",
        username="svc-coaching",
        password=secured.passwords["svc-coaching"],
        protocol=aiomqtt.ProtocolVersion.V5,
        tls_params=aiomqtt.TLSParameters(ca_certs=str(secured.authority)),
    )
    async with service, Voices(place(secured), lambda *said: heard.append(said)) as voices:
        await service.subscribe("openspine-sim/v1/+/up/#", qos=1)
        await voices.speak(SAID)
        async with asyncio.timeout(20):
            message = await anext(aiter(service.messages))
            assert (str(message.topic), message.payload) == (UP, b"{}")
            await service.publish("openspine-sim/v1/lumbar-1/down/ack", codec.encode(ACK), qos=1)
            while not heard:
                await voices.something_happens(1)
    assert heard == [("lumbar-1", ACK)]
    assert voices.failure is None


@pytest.mark.parametrize("wrong", ["password", "machine", "trust"])
async def test_whoever_has_no_such_credentials_is_told_why(wrong: str, secured: SecuredBroker) -> None:
    where = place(secured)
    if wrong == "password":
        where = replace(where, passwords={"sim-lumbar-1": "guessed"})
    elif wrong == "trust":
        where = replace(where, ca_file=None)
    said = replace(SAID, machine="hip-1") if wrong == "machine" else SAID
    async with Voices(where, lambda *_: None) as voices:
        await voices.speak(said)
    assert voices.failure is not None
    assert str(secured.port) in voices.failure


async def test_silence_is_noticed() -> None:
    async with Voices(Broker(host="127.0.0.1", port=1), lambda *_: None) as voices:
        assert not await voices.something_happens(0.01)
