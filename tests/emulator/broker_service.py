"""A small service behind a real broker: signs what `SmallService` decides, and acknowledges every row."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiomqtt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import codec, signing, topics
from contract.messages import Ack, Down, Message, Plan, Setting, SignIn
from machine_agent import pins

SITE_KEY = b"site"
Exchange = Callable[[Sequence[Message]], Sequence[Down]]


class BrokerService:
    """Run `serve` as a task; `subjects` are learnt from sign-ins as the real service does from its store."""

    def __init__(self, decide: Exchange, folder: Path) -> None:
        self._decide = decide
        self._command, self._envelope = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        self.keys_file = folder / "keys.json"
        self.stored: dict[tuple[str, str, int], Message] = {}
        self.topics: set[str] = set()
        self.ready = asyncio.Event()
        public = {
            "command": {"use": "command", "public": self._command.public_key().public_bytes_raw().hex()},
            "envelope": {"use": "envelope", "public": self._envelope.public_key().public_bytes_raw().hex()},
        }
        self.keys_file.write_bytes(msgspec.json.encode(public))

    async def serve(self, port: int) -> None:
        async with aiomqtt.Client(
            "127.0.0.1", port, identifier="svc-test", protocol=aiomqtt.ProtocolVersion.V5
        ) as client:
            await client.subscribe("openspine-sim/v1/+/up/#", qos=1)
            self.ready.set()
            async for message in client.messages:
                await self._take(client, str(message.topic), bytes(message.payload))

    async def _take(self, client: aiomqtt.Client, topic: str, payload: bytes) -> None:
        self.topics.add(topic)
        message = codec.decode_up(topic, payload) if payload else None
        if not isinstance(message, Message):
            return
        head = message.head
        identity = (head.machine, head.stream, head.seq)
        if identity not in self.stored:
            self.stored[identity] = message
            for down in self._decide([message]):
                await self._say(client, head.machine, self._signed(down, message))
        upto = max(seq for machine, stream, seq in self.stored if (machine, stream) == identity[:2])
        missing = self._missing(head.machine, head.stream, upto)
        await self._say(client, head.machine, Ack(stream=head.stream, upto=upto, missing=missing))

    def _missing(self, machine: str, stream: str, upto: int) -> tuple[tuple[int, int], ...]:
        return tuple((seq, seq) for seq in range(1, upto) if (machine, stream, seq) not in self.stored)

    def _signed(self, down: Down, asked: Message) -> Down:
        if isinstance(down, Setting):
            return self._setting(down)
        if isinstance(down, Plan) and isinstance(asked.body, SignIn):
            subject = pins.subject(SITE_KEY, asked.body.badge or "")
            envelope = replace(down.envelope, subject=subject, key_id="envelope")
            rows = tuple(self._setting(row) for row in down.settings)
            plan = replace(
                down,
                envelope=signing.sign(envelope, self._envelope),
                settings=rows,
                key_id="command",
            )
            return signing.sign(plan, self._command)
        return down

    def _setting(self, setting: Setting) -> Setting:
        return signing.sign(replace(setting, key_id="command"), self._command)

    async def _say(self, client: aiomqtt.Client, machine: str, down: Down) -> None:
        channels: dict[type[Any], topics.Channel] = {
            Plan: "down/plan",
            Setting: "down/setting",
            Ack: "down/ack",
        }
        await client.publish(topics.name("sim", machine, channels[type(down)]), codec.encode(down), qos=1)
