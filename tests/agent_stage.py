"""The true agent, loop, link and spool, with a scripted person and a scripted service."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import aiomqtt
from agent_arm import Arm
from agent_room import BADGE, SITE_KEY, STAFF_HASH, STAFF_PIN, TICK_MS, WALL_MS, plan_of
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import codec, signing, topics
from contract.machines import catalogue
from contract.messages import (
    Ack,
    Basis,
    Down,
    Frame,
    Message,
    Plan,
    SetEnd,
    SignIn,
    Status,
)
from machine_agent import keys
from machine_agent.agent import (
    Agent,
    DownMessage,
    Station,
    View,
)
from machine_agent.clock import Clock, Now
from machine_agent.drivers import DriveCommand, Sample
from machine_agent.inputs import Confirm, Identify, PatientInput, Reply, SignOff, StaffPin, Start, Weighed
from machine_agent.link import LinkSettings
from machine_agent.loop import Machine, run
from machine_agent.spool import Spool


class ArmDriver:
    """The arm behind the Driver protocol."""

    open_loop = False

    def __init__(self) -> None:
        self.arm = Arm()
        self.made_ms = 0
        self.is_closed = False

    def read(self, body_ms: int) -> Sequence[Sample]:
        first = self.made_ms + TICK_MS
        self.made_ms += (body_ms - self.made_ms) // TICK_MS * TICK_MS
        return [self.arm.sample(at) for at in range(first, self.made_ms + 1, TICK_MS)]

    def command(self, command: DriveCommand) -> None:
        self.arm.command = command

    def close(self) -> None:
        self.is_closed = True


class Person:
    """Touches what the view asks for, a session after the other; done when the last row is committed."""

    def __init__(self, driver: ArmDriver, inputs: asyncio.Queue[PatientInput], sessions: int = 1) -> None:
        self.driver, self.inputs, self.sessions = driver, inputs, sessions
        self.done = asyncio.Event()
        self.stored: list[Message] = []
        self.heard: list[DownMessage] = []
        self._last = ""

    def on_record(self, message: Message, now: Now) -> None:  # noqa: ARG002 - the Watcher protocol
        self.stored.append(message)

    def on_message(self, message: DownMessage, now: Now) -> None:  # noqa: ARG002 - the Watcher protocol
        self.heard.append(message)

    def on_view(self, view: View, now: Now) -> None:  # noqa: ARG002 - the Watcher protocol
        arm = self.driver.arm
        if view.awaits == "set" and not arm.moving:
            arm.lift()
        elif view.awaits != "set" and arm.moving:
            arm.rest()
        is_over = self.sessions == 0 and self.inputs.empty() and view.awaits == "identify"
        if is_over and view.rows_waiting == 0:
            self.done.set()
        asked = ",".join(f"{one.question}{one.set}" for one in view.questions)
        seen = f"{view.awaits}/{view.session}/{view.set}/{asked}"
        if seen == self._last:
            return
        self._last = seen
        touch = self._touch(view)
        if touch is not None:
            self.inputs.put_nowait(touch)

    def _touch(self, view: View) -> PatientInput | None:
        if view.awaits == "identify":
            if self.sessions == 0:
                return None
            self.sessions -= 1
        if view.awaits == "answers":
            return Reply(question=view.questions[0].question, value=0)
        return TOUCHES.get(view.awaits)


TOUCHES: dict[str, PatientInput] = {
    "identify": Identify(badge=BADGE),
    "confirm": Confirm(),
    "weigh_in": Weighed(deg=(10.0, 30.0, 50.0), nm=(0.0, 0.0, 0.0)),
    "start": Start(),
    "sign_off": SignOff(),
    "offline_pin": StaffPin(pin=STAFF_PIN),
    "guided_only": SignOff(),
}


class Service:
    """The other end of the wire: stores every row once, answers sign-ins and sets, acknowledges."""

    def __init__(self, port: int, rows: Sequence[dict[str, Any]] = ({}, {})) -> None:
        self.port = port
        self.rows = rows
        self.command, self.envelope = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        self.stored: dict[int, Message] = {}
        self.raw: dict[int, bytes] = {}
        self.deliveries = 0
        self.statuses: list[Status] = []
        self.frames = 0
        self.acks = True
        self.plans: dict[str, Plan] = {}
        self.ready = asyncio.Event()
        self._over = asyncio.Event()

    @property
    def public(self) -> dict[str, dict[str, str]]:
        pairs = (("command", self.command), ("envelope", self.envelope))
        return {
            f"demo-{use}": {"use": use, "public": key.public_key().public_bytes_raw().hex()}
            for use, key in pairs
        }

    @property
    def upto(self) -> int:
        upto = 0
        while upto + 1 in self.stored:
            upto += 1
        return upto

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve while the block runs."""
        self._over.clear()
        task = asyncio.create_task(self._run())
        try:
            await asyncio.wait_for(self.ready.wait(), 10)
            yield
        finally:
            self._over.set()  # a cancel alone may be swallowed by a publish that ends at the same time
            task.cancel()
            done, _ = await asyncio.wait({task}, timeout=15)
            assert done

    async def _run(self) -> None:
        """Answer, over every break of the link."""
        while not self._over.is_set():
            with contextlib.suppress(aiomqtt.MqttError):
                async with aiomqtt.Client(
                    "127.0.0.1",
                    self.port,
                    identifier="svc-test",
                    protocol=aiomqtt.ProtocolVersion.V5,
                    clean_start=True,
                    timeout=1,  # aiomqtt does not tell a publish that its broker is gone
                ) as client:
                    await client.subscribe("openspine-sim/v1/+/up/#", qos=1)
                    self.ready.set()
                    async for message in client.messages:
                        await self._take(client, str(message.topic), message.payload)
                        if self._over.is_set():
                            return
            await asyncio.sleep(0.05)

    async def _take(self, client: aiomqtt.Client, topic: str, payload: Any) -> None:
        body = codec.decode_up(topic, payload) if payload else None
        if isinstance(body, Status):
            self.statuses.append(body)
        elif isinstance(body, Frame):
            self.frames += 1
        elif isinstance(body, Message):
            self.deliveries += 1
            is_new = body.head.seq not in self.stored
            self.stored[body.head.seq] = body
            first = self.raw.setdefault(body.head.seq, payload)
            assert codec.body_hash(first) == codec.body_hash(payload)  # a full spool drops curves
            if is_new:
                await self._answer(client, body)
            if self.acks:
                await self.send(client, "down/ack", Ack(stream=body.head.stream, upto=self.upto))

    async def _answer(self, client: aiomqtt.Client, message: Message) -> None:
        if isinstance(message.body, SignIn):
            plan = plan_of(message, self.rows)
            envelope = signing.sign(plan.envelope, self.envelope)
            signed = signing.sign(replace(plan, envelope=envelope), self.command)
            self.plans[plan.session] = signed
            await self.send(client, "down/plan", signed)
        elif isinstance(message.body, SetEnd) and message.body.set < len(self.rows):
            plan = self.plans[message.head.session or ""]
            row = plan.settings[message.body.set]
            changed = replace(
                row,
                id=str(uuid.uuid4()),
                seq=100 + message.head.seq,
                load_g=row.load_g - 500,
                basis=Basis(stream=message.head.stream, seq=message.head.seq),
            )
            await self.send(client, "down/setting", signing.sign(changed, self.command))

    async def send(
        self, client: aiomqtt.Client, channel: topics.Channel, body: Down, *, retain: bool = False
    ) -> None:
        await client.publish(topics.name("sim", "le-1", channel), codec.encode(body), qos=1, retain=retain)


@dataclass
class Stage:
    """A running machine with a person in front of it."""

    person: Person
    driver: ArmDriver
    stop: asyncio.Event
    task: asyncio.Task[None]

    async def end(self) -> None:
        """Stop; nothing holds a machine up for longer than a broker that is silent."""
        self.stop.set()
        async with asyncio.timeout(5):
            await self.task


def staged(spool: Spool, service: Service, *, rate: float = 60.0, sessions: int = 1, **changes: Any) -> Stage:
    """Start the true agent, loop, link and spool with the arm."""
    driver = ArmDriver()
    inputs: asyncio.Queue[PatientInput] = asyncio.Queue()
    person = Person(driver, inputs, sessions)
    station = Station(
        machine="le-1",
        kind=catalogue()["lumbar_extension"],
        boot=str(uuid.uuid4()),
        firmware="test",
        site_key=SITE_KEY,
        clock="sim",
        staff_pins=(STAFF_HASH,),
    )
    machine = Machine(
        agent=Agent(station, spool.beginning(), Random(7).randbytes),
        driver=driver,
        spool=spool,
        link=LinkSettings(
            machine="le-1", origin="sim", keys=keys.from_table(service.public), port=service.port
        ),
        clock=changes.get("clock") or Clock(rate, WALL_MS),
        seed=3,
    )
    stop = asyncio.Event()
    return Stage(person, driver, stop, asyncio.create_task(run(machine, inputs, stop, person)))
