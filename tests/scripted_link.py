"""A scripted machine on a real broker, told what to do line by line by a test that waits."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, Queue
from typing import Any, TypeVar

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from scripted_machine import ScriptedMachine

from contract import codec, topics
from contract.messages import Ack, Plan, Setting, Status
from openspine.broker.embedded import Broker
from services.coaching import Delivery

PATIENCE_S = 60.0
USUAL_NRS = 2  # pain before training of those who are enrolled for this
Told = TypeVar("Told", Plan, Setting, Ack)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedLink:
    """The MQTT side of a machine: publishes rows, keeps in order what the service says."""

    machine: ScriptedMachine
    client: Client
    heard: Queue[Any]

    def send(self, *rows: Delivery) -> None:
        """Publish rows and wait until the broker has them."""
        for row in rows:
            self.client.publish(row.topic, row.payload, qos=1).wait_for_publish(PATIENCE_S)

    def take(self, wanted: type[Told], fits: Callable[[Told], bool] = lambda _: True) -> Told:
        """Wait for the next message of a type that fits; what came before it is let go."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                found = self.heard.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                raise AssertionError(f"no {wanted.__name__} came in time") from None
            if isinstance(found, wanted) and fits(found):
                return found


@contextmanager
def linked(machine: ScriptedMachine, host: str, port: int) -> Iterator[ScriptedLink]:
    """Connect a scripted machine to a broker."""
    heard: Queue[Any] = Queue()
    client = Client(
        CallbackAPIVersion.VERSION2, client_id=machine.machine, protocol=MQTTProtocolVersion.MQTTv5
    )
    down = topics.name(machine.origin, machine.machine, "down/ack").removesuffix("ack") + "#"

    def arrived(_client: Client, _data: object, message: MQTTMessage) -> None:
        heard.put(codec.decode_down(message.topic, bytes(message.payload)))

    def connected(*_: object) -> None:
        client.subscribe(down, qos=1)

    client.on_message = arrived
    client.on_connect = connected
    subscribed: Queue[None] = Queue()
    client.on_subscribe = lambda *_: subscribed.put(None)
    client.connect(host, port)
    client.loop_start()
    try:
        subscribed.get(timeout=PATIENCE_S)
        yield ScriptedLink(machine=machine, client=client, heard=heard)
    finally:
        client.disconnect()
        client.loop_stop()


@contextmanager
def at_machine(name: str, badge: str, broker: Broker) -> Iterator[tuple[ScriptedLink, Plan]]:
    """Let somebody sign in at a scripted machine, be weighed, and answer that nothing hurts more."""
    machine = ScriptedMachine(name)
    machine.wall_ms = time.time_ns() // 1_000_000
    with linked(machine, broker.host, broker.port) as link:
        link.send(machine.sign_in(badge))
        plan = link.take(Plan)
        link.send(
            alive(machine),
            machine.weigh(),
            machine.answer("pain_before", USUAL_NRS),
            machine.answer("spasm", 0),
            machine.answer("new_symptoms", "none"),
        )
        yield link, plan
        link.send(machine.sign_out())


def alive(machine: ScriptedMachine, state: str = "working") -> Delivery:
    """Say that the machine is there and what it does."""
    status = Status(
        online=True, wall_ms=machine.wall_ms, mono_ms=1, boot=machine.boot, state=state,
        session=machine.session,
    )  # fmt: skip
    topic = topics.name(machine.origin, machine.machine, "up/status")
    return Delivery(topic=topic, payload=codec.encode(status), received_ms=machine.wall_ms)
