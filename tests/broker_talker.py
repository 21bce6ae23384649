"""Plain MQTT clients that ask a broker what they may do, and remember its answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from secured_broker import SecuredBroker


@dataclass
class Talker:
    """A plain MQTT 5 client that remembers the broker's answers."""

    broker: SecuredBroker
    name: str
    user: str | None = None
    password: str | None = None
    answers: dict[int, int] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    connected: list[int] = field(default_factory=list)

    def open(self, authority: Path | None = None, will: str | None = None) -> "Talker":
        client = paho.Client(CallbackAPIVersion.VERSION2, self.name, protocol=paho.MQTTv5)
        if self.user is not None:
            client.username_pw_set(self.user, self.password)
        client.tls_set(str(authority or self.broker.authority))
        if will is not None:
            client.will_set(will, b"{}", qos=1)
        client.on_connect = lambda *a: self.connected.append(a[3].value)
        client.on_publish = lambda _c, _u, mid, code, _p: self.answers.update({mid: code.value})
        client.on_subscribe = lambda _c, _u, mid, codes, _p: self.answers.update({mid: codes[0].value})
        client.on_message = lambda _c, _u, message: self.heard.append(message.topic)
        self.client = client
        client.connect("127.0.0.1", self.broker.port)
        self.turn(lambda: bool(self.connected))
        return self

    def turn(self, is_enough: Any, most: int = 2_000) -> None:
        for _ in range(most):
            if is_enough():
                return
            self.client.loop(0.005)

    def publish(self, topic: str, payload: bytes = b"{}") -> int:
        mid = self.client.publish(topic, payload, qos=1).mid
        self.turn(lambda: mid in self.answers)
        return self.answers[mid]

    def subscribe(self, topic: str) -> int:
        _, mid = self.client.subscribe(topic, qos=1)
        assert mid is not None
        self.turn(lambda: mid in self.answers)
        self.client.unsubscribe(topic)
        return self.answers[mid]

    def die(self) -> None:
        """Cut the link without a word: the broker speaks the will."""
        link = self.client.socket()
        assert link is not None
        link.close()


def known(broker: SecuredBroker, name: str) -> Talker:
    return Talker(broker, name, user=name, password=broker.passwords[name]).open()


def listen(talkers: Sequence[Talker], is_enough: Callable[[], bool], most: int = 500) -> None:
    for _ in range(most):
        if is_enough():
            return
        for one in talkers:
            one.client.loop(0.005)


def heard(talkers: Sequence[Talker]) -> set[str]:
    return {topic for one in talkers for topic in one.heard}
