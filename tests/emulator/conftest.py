"""Services for the emulator's tests, in memory and behind a broker; members; machines in a closed loop."""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiomqtt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import codec, signing, topics
from contract.machines import MachineKind, catalogue
from contract.messages import (
    Ack,
    Answer,
    Basis,
    Down,
    Envelope,
    Head,
    Message,
    Plan,
    SetEnd,
    Setting,
    Side,
    SideRange,
    SignIn,
    Stop,
    Why,
)
from emulator.people.members import Description, Member, member
from machine_agent import pins

SITE_KEY = b"trial"
Exchange = Callable[[Sequence[Message]], Sequence[Down]]


class SmallService:
    """Plans `sets` sets a side at `load_g`; every set_end and answer is answered by `load_g` + `step_g`."""

    def __init__(self, load_g: int = 8_000, step_g: int = 500, sets: int = 2) -> None:
        self.load_g, self.step_g, self.sets = load_g, step_g, sets
        self.site_key = SITE_KEY
        self.rows: list[Message] = []
        self.batches: list[list[Message]] = []
        self._open: dict[str, tuple[Plan, int]] = {}
        self._kinds: dict[str, MachineKind] = {}

    def __call__(self, rows: Sequence[Message]) -> list[Down]:
        self.rows += rows
        self.batches.append(list(rows))
        return [down for row in rows for down in self._answer(row)]

    def _answer(self, row: Message) -> list[Down]:
        session, body = row.head.session or "", row.body
        if isinstance(body, SignIn):
            plan = self.plan(row, body)
            self._open[session] = (plan, len(plan.settings))
            return [plan]
        if isinstance(body, SetEnd) or (isinstance(body, Answer) and body.set is not None):
            return self._next(row, session, body.set or 0)
        return []

    def _next(self, row: Message, session: str, done: int) -> list[Down]:
        plan, seq = self._open[session]
        side = next(one.side for one in plan.settings if one.set == done)
        upcoming = [one for one in plan.settings if one.side == side and one.set > done]
        if not upcoming:
            return []
        self._open[session] = (plan, seq + 1)
        return [self.setting(row, upcoming[0], seq + 1)]

    def setting(self, row: Message, planned: Setting, seq: int) -> Setting:
        return self._setting(row, planned.nonce, planned.set, planned.side, seq, self.load_g + self.step_g)

    def plan(self, row: Message, body: SignIn) -> Plan:
        kind = self._kinds[row.head.session or ""] = catalogue()[body.machine_kind]
        low, high = kind.limit_cdeg
        side = SideRange(lowest_cdeg=low, highest_cdeg=high, start_highest_cdeg=high)
        order = [one for _ in range(self.sets) for one in kind.sides]
        return Plan(
            session=row.head.session or "",
            nonce=body.nonce,
            patient=str(uuid.UUID(int=1)),
            greeting="Mrs Test",
            language="en",
            clock="sim",
            profile="rehab",
            envelope=Envelope(
                version=1,
                subject=pins.subject(self.site_key, body.badge or ""),
                machine_kind=kind.name,
                max_load_g=60_000,
                max_torque_nm=150,
                sides=dict.fromkeys(kind.sides, side),
                max_speed_cdeg_s=kind.max_speed_cdeg_s,
                phase="build",
                phase_cap_g=40_000,
                pain_green_nrs=3,
                pain_amber_nrs=5,
                valid_until_ms=2**52,
                key_id="test",
            ),
            settings=tuple(
                self._setting(row, body.nonce, index + 1, one, index + 1, self.load_g)
                for index, one in enumerate(order)
            ),
            history={},
            flags=("calibrating",),
            ceiling_g=60_000,
            questions=("pain_before", "spasm"),
            set_up={},
            key_id="test",
        )

    def _setting(self, row: Message, nonce: str, number: int, side: Side, seq: int, load_g: int) -> Setting:
        low, high = self._kinds[row.head.session or ""].default_cdeg
        return Setting(
            id=str(uuid.uuid5(uuid.UUID(row.head.stream), f"{row.head.seq}-{number}")),
            session=row.head.session or "",
            nonce=nonce,
            seq=seq,
            set=number,
            side=side,
            mode="train",
            load_g=load_g,
            start_cdeg=low + 500,
            end_cdeg=high // 2 if low == 0 else 1_000,
            reps=8,
            work_ms=0,
            tempo_ms=(2_000, 0, 3_000),
            rest_ms=60_000,
            stop=Stop(),
            basis=Basis(stream=row.head.stream, seq=row.head.seq),
            ttl_ms=30_000,
            envelope_version=1,
            why=(Why(code="test"),),
            policy="test",
            model="test",
            key_id="test",
        )


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
            envelope = replace(down.envelope, key_id="envelope")
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


@pytest.fixture
def small_service() -> Callable[..., SmallService]:
    return SmallService


@pytest.fixture
def two_members() -> tuple[Member, ...]:
    stations = (("lumbar_extension", "trunk_rotation"), ("trunk_rotation", "lumbar_extension"))
    return tuple(
        member(
            Description(
                badge=f"badge-{index}",
                seed=100 + index,
                sex="female" if index else "male",
                age_years=40 + index,
                mass_kg=60.0 + 10 * index,
                pain_nrs=2,
                stations=kinds,
            )
        )
        for index, kinds in enumerate(stations)
    )


@pytest.fixture
def broker_service(tmp_path: Path) -> Callable[..., BrokerService]:
    def made(decide: Exchange) -> BrokerService:
        return BrokerService(decide, tmp_path)

    return made


@pytest.fixture
def a_setting() -> Setting:
    """One work set on the lumbar extension machine."""
    head = Head(
        v=1, kind="sign_in", machine="trial-1", stream=str(uuid.UUID(int=2)), seq=1,
        boot=str(uuid.UUID(int=3)), mono_ms=0, wall_ms=0, session=str(uuid.UUID(int=4)),
    )  # fmt: skip
    sign_in = SignIn(nonce="0" * 32, machine_kind="lumbar_extension", firmware="f", badge="b")
    return SmallService().plan(Message(head=head, body=sign_in), sign_in).settings[0]
