"""The production broker itself, asked by every kind of client for every kind of topic."""

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from broker_talker import Talker, heard, known, listen
from link_room import STREAM, until, wired
from secured_broker import CLIENTS, SecuredBroker, stranger_authority

from contract import codec, topics
from contract.messages import Ack
from machine_agent import keys
from machine_agent.link import LinkSettings
from openspine.broker.embedded import mosquitto_path
from openspine.broker.folder import plugin_path
from services.bus import RIMS, Broker, Parcel
from services.bus.rim import Share, subscriptions

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(
        mosquitto_path() is None or plugin_path() is None, reason="no mosquitto with its security plugin here"
    ),
]
PATIENCE_S = 10.0
NOT_AUTHORIZED = 135  # MQTT 5
BAD_LOGIN = {134, 135}  # bad user name or password; not authorized
RIGHT, GUESSED = "right", "guessed"  # what a client has of a password
MACHINES = ("lumbar-1", "hip-1")
CHANNELS = (
    "up/status", "up/session", "up/rep", "up/set", "up/event", "up/frame", "down/plan", "down/setting",
    "down/hold", "down/ack", "local/sample",
)  # fmt: skip
TOPICS = tuple(
    f"{root}/v1/{machine}/{channel}"
    for root, machine, channel in product(("openspine", "openspine-sim"), MACHINES, CHANNELS)
)
OUTSIDE = ("$CONTROL/dynamic-security/v1", "$SYS/broker/uptime", "openspine/v2/lumbar-1/up/rep", "anything")
LIVE = {f"{root}/v1/+/up/{what}" for root in ("openspine", "openspine-sim") for what in ("status", "frame")}
DEALT = {
    f"$share/openspine/{root}/v1/+/up/{what}"
    for root in ("openspine", "openspine-sim")
    for what in ("session", "rep", "set", "event")
}
WILD = (
    "#", "+/#", "$SYS/#", "openspine/#", "openspine/v1/#", "openspine/v1/+/up/#", "openspine/v1/+/down/#",
    "openspine-sim/v1/+/up/#", "openspine-sim/v1/+/down/#", "openspine/v1/lumbar-1/#",
    "openspine/v1/lumbar-1/down/#", "openspine/v1/lumbar-1/up/#", "openspine-sim/v1/lumbar-1/down/#",
    "$share/openspine/openspine/v1/+/up/#", "$share/openspine/#", "$share/other/openspine/v1/+/up/rep",
    *sorted(LIVE), *sorted(DEALT),
)  # fmt: skip

# What the protocol page grants, written out apart from the code that writes the roles.
UP = {topic for topic in TOPICS if "/up/" in topic}
DOWN = {topic for topic in TOPICS if "/down/" in topic}
LUMBAR, HIP, EMULATED = "openspine/v1/lumbar-1/", "openspine/v1/hip-1/", "openspine-sim/v1/lumbar-1/"
MAY_PUBLISH = {
    "lumbar-1": {topic for topic in UP if topic.startswith(LUMBAR)},
    "hip-1": {topic for topic in UP if topic.startswith(HIP)},
    "sim-lumbar-1": {topic for topic in UP if topic.startswith(EMULATED)},
    "svc-coaching": DOWN,
    "rec-studio": set(),
}
MAY_SUBSCRIBE = {
    "lumbar-1": {*(topic for topic in DOWN if topic.startswith(LUMBAR)), "openspine/v1/lumbar-1/down/#"},
    "hip-1": {topic for topic in DOWN if topic.startswith(HIP)},
    "sim-lumbar-1": {
        *(topic for topic in DOWN if topic.startswith(EMULATED)), "openspine-sim/v1/lumbar-1/down/#",
    },
    "svc-coaching": UP | LIVE | DEALT | {
        "openspine/v1/+/up/#", "openspine-sim/v1/+/up/#", "openspine/v1/lumbar-1/up/#",
        "$share/openspine/openspine/v1/+/up/#",
    },
    "rec-studio": UP | DOWN | LIVE | {
        "openspine/v1/+/up/#", "openspine/v1/+/down/#", "openspine-sim/v1/+/up/#",
        "openspine-sim/v1/+/down/#", "openspine/v1/lumbar-1/down/#", "openspine/v1/lumbar-1/up/#",
        "openspine-sim/v1/lumbar-1/down/#",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredBroker]:
    with SecuredBroker(tmp_path_factory.mktemp("secured")) as broker:
        yield broker


def test_the_table_of_the_test_covers_every_client() -> None:
    assert set(MAY_PUBLISH) == set(MAY_SUBSCRIBE) == set(CLIENTS)
    assert set(CHANNELS) == set(get_args(topics.Channel))
    assert set().union(*MAY_PUBLISH.values()) < {*TOPICS, *OUTSIDE}
    assert set().union(*MAY_SUBSCRIBE.values()) < {*TOPICS, *WILD}
    subscribed = {topic for share in get_args(Share) for topic in subscriptions(share)}
    assert subscribed <= MAY_SUBSCRIBE["svc-coaching"]


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_publishes_what_it_may_and_nothing_else(secured: SecuredBroker, name: str) -> None:
    talker = known(secured, name)
    answers = {topic: talker.publish(topic) for topic in (*TOPICS, *OUTSIDE)}
    granted = {topic for topic, code in answers.items() if code != NOT_AUTHORIZED}
    assert granted == MAY_PUBLISH[name]
    talker.client.disconnect()


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_leaves_no_will_that_it_might_not_publish_itself(secured: SecuredBroker, name: str) -> None:
    others = [known(secured, one) for one in CLIENTS if one != name]
    for other in others:
        for topic in MAY_SUBSCRIBE[other.name]:
            other.client.subscribe(topic, qos=1)
    wanted = MAY_PUBLISH[name] & {topic for one in others for topic in MAY_SUBSCRIBE[one.name]}
    for topic in sorted(TOPICS, key=wanted.__contains__):  # the wills that are heard come last
        password = secured.passwords[name]
        Talker(secured, name, user=name, password=password).open(will=topic).die()
    listen(others, lambda: heard(others) >= wanted)
    listen(others, lambda: False, most=20)
    assert heard(others) == wanted
    for other in others:
        other.client.disconnect()


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_subscribes_to_what_it_may_and_to_nothing_else(secured: SecuredBroker, name: str) -> None:
    talker = known(secured, name)
    answers = {topic: talker.subscribe(topic) for topic in (*TOPICS, *OUTSIDE, *WILD)}
    granted = {topic for topic, code in answers.items() if code != NOT_AUTHORIZED}
    assert granted == MAY_SUBSCRIBE[name]
    talker.client.disconnect()


@pytest.mark.parametrize(
    ("client_id", "user", "password"),
    [
        ("lumbar-1", None, None),
        ("lumbar-1", "lumbar-1", GUESSED),
        ("lumbar-1", "nobody-1", GUESSED),
        ("lumbar-1", "hip-1", RIGHT),  # the right password of another one
        ("hip-2", "hip-1", RIGHT),  # the right password under another client id
    ],
)
def test_a_stranger_is_turned_away(
    secured: SecuredBroker, client_id: str, user: str | None, password: str | None
) -> None:
    told = secured.passwords[user] if user is not None and password is RIGHT else password
    talker = Talker(secured, client_id, user=user, password=told).open()
    assert talker.connected
    assert set(talker.connected) <= BAD_LOGIN


def test_a_broker_with_another_certificate_is_not_spoken_to(secured: SecuredBroker, tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        Talker(secured, "hip-1", user="hip-1", password=secured.passwords["hip-1"]).open(
            stranger_authority(tmp_path)
        )


@pytest.mark.parametrize("share", get_args(Share))
@pytest.mark.parametrize("rim_name", sorted(RIMS))
async def test_the_service_hears_a_machine_over_tls(
    secured: SecuredBroker, rim_name: str, share: Share
) -> None:
    parcels: asyncio.Queue[Parcel] = asyncio.Queue()
    heard = set[str]()
    known(secured, "svc-coaching").client.disconnect()  # what another test subscribed to is gone
    service = Broker(
        host="127.0.0.1",
        port=secured.port,
        client_id="svc-coaching",
        password=secured.passwords["svc-coaching"],
        tls=ssl.create_default_context(cafile=secured.authority),
        shares=(share,),
    )
    told = f"openspine/v1/hip-1/up/{'status' if share == 'live' else 'rep'}"
    rim = RIMS[rim_name](service)
    running = asyncio.create_task(rim.run(parcels.put_nowait))
    async with asyncio.timeout(PATIENCE_S):
        await rim.connected()
        while told not in heard:  # the subscription may come after the first
            answer = await asyncio.to_thread(lambda: known(secured, "hip-1").publish(told))
            assert answer != NOT_AUTHORIZED
            while not parcels.empty():
                parcel = parcels.get_nowait()
                parcel.settle()
                heard.add(parcel.topic)
        assert heard == {told}
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_service_with_a_wrong_password_is_not_connected(secured: SecuredBroker) -> None:
    wrong = Broker(
        host="127.0.0.1",
        port=secured.port,
        client_id="svc-coaching",
        password=GUESSED,
        tls=ssl.create_default_context(cafile=secured.authority),
    )
    for make in RIMS.values():
        rim = make(wrong)
        running = asyncio.create_task(rim.run(lambda _: None))
        await asyncio.sleep(1.5)
        assert not rim.is_connected
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_the_agents_link_speaks_as_the_machine_and_hears_its_own_commands(
    secured: SecuredBroker, tmp_path: Path
) -> None:
    mine = LinkSettings(
        machine="hip-1",
        origin="real",
        keys=keys.Keys({}),
        port=secured.port,
        username="hip-1",
        password=secured.passwords["hip-1"],
        tls=True,
        ca=str(secured.authority),
    )
    async with wired(None, settings=mine) as here:
        await until(lambda: here.ear.connects == 1)
        service = known(secured, "svc-coaching")
        told = codec.encode(Ack(stream=STREAM, upto=0))
        answer = await asyncio.to_thread(service.publish, "openspine/v1/hip-1/down/ack", told)
        assert answer != NOT_AUTHORIZED
        await until(lambda: len(here.ear.acks) == 1)
    stranger = replace(mine, ca=str(stranger_authority(tmp_path)))
    async with wired(None, settings=stranger) as here:
        await asyncio.sleep(1.5)
        assert here.ear.connects == 0
