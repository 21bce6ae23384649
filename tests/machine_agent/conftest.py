"""A plan, a person who lifts by the clock, and an agent between them: no broker, no disk."""

import asyncio
import contextlib
import math
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import aiomqtt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import codec, signing, topics
from contract.machines import catalogue
from contract.messages import (
    Ack,
    Basis,
    Down,
    Envelope,
    Frame,
    History,
    Message,
    Mode,
    Plan,
    RecordedBody,
    SetEnd,
    Setting,
    Side,
    SideRange,
    SignIn,
    Status,
    Stop,
)
from machine_agent import keys, pins
from machine_agent.agent import (
    Agent,
    Beginning,
    DownMessage,
    Drive,
    Effect,
    Keep,
    Record,
    Say,
    Station,
    Trace,
    View,
)
from machine_agent.clock import Clock, Now
from machine_agent.drivers import DriveCommand, Sample
from machine_agent.inputs import Confirm, Identify, PatientInput, Reply, SignOff, Start, Weighed
from machine_agent.link import LinkSettings
from machine_agent.loop import Machine, run
from machine_agent.spool import Spool

SITE_KEY = b"site"
BADGE = "badge-1"
STREAM = "00000000-0000-4000-8000-00000000000a"
STAFF_PIN = "2468"
WALL_MS = 1_800_000_000_000
TICK_MS = 20
ACK_MS = 5_000


def setting_of(**changes: Any) -> Setting:
    base = Setting(
        id=str(uuid.UUID(int=changes.get("seq", 1) + 1000)),
        session="00000000-0000-4000-8000-000000000001",
        nonce="0" * 32,
        seq=1,
        set=1,
        side="both",
        mode="train",
        load_g=20_000,
        start_cdeg=1_000,
        end_cdeg=5_000,
        reps=3,
        work_ms=0,
        tempo_ms=(2_000, 0, 3_000),
        rest_ms=30_000,
        stop=Stop(),
        basis=Basis(stream=STREAM, seq=1),
        ttl_ms=30_000,
        envelope_version=1,
        why=(),
        policy="steady",
        model="rule",
        key_id="demo-command",
    )
    return replace(base, **changes)


def envelope_of(**changes: Any) -> Envelope:
    side = SideRange(lowest_cdeg=-2_000, highest_cdeg=6_000, start_highest_cdeg=5_400)
    base = Envelope(
        version=1,
        subject=pins.subject(SITE_KEY, BADGE),
        machine_kind="lumbar_extension",
        max_load_g=60_000,
        max_torque_nm=300,
        sides={"both": side, "left": side, "right": side},
        max_speed_cdeg_s=4_500,
        phase="build",
        phase_cap_g=50_000,
        pain_green_nrs=3,
        pain_amber_nrs=5,
        valid_until_ms=WALL_MS + 42 * 86_400_000,
        key_id="demo-envelope",
    )
    return replace(base, **changes)


def plan_of(sign_in: Message, rows: Sequence[dict[str, Any]], **changes: Any) -> Plan:
    assert isinstance(sign_in.body, SignIn)
    assert sign_in.head.session is not None
    mine: dict[str, Any] = {"session": sign_in.head.session, "nonce": sign_in.body.nonce}
    settings = tuple(
        setting_of(
            **{"seq": number, "set": number, "basis": Basis(stream=STREAM, seq=sign_in.head.seq)} | mine | row
        )
        for number, row in enumerate(rows, start=1)
    )
    past = History(median3_g=20_000, peak_cdeg=5_000, last_regular_g=20_000, peak_regular_cdeg=5_000)
    base = Plan(
        **mine,
        patient=str(uuid.UUID(int=7)),
        greeting="Mrs Chan",
        language="en",
        clock="sim",
        profile="rehab",
        envelope=envelope_of(machine_kind=sign_in.body.machine_kind),
        settings=settings,
        history={row.side: past for row in settings},
        flags=(),
        ceiling_g=0,
        questions=("pain_before", "spasm", "rir", "pain_set"),
        set_up={"seat": 4},
        key_id="demo-command",
    )
    return replace(base, **changes)


@dataclass
class Arm:
    """A person and a drive that do what they are told: smooth reps between two angles."""

    deg: float = 10.0
    load_g: int = 0
    out_s: float = 2.0
    back_s: float = 3.0
    low_deg: float = 10.0
    high_deg: float = 50.0
    moving: bool = False
    elapsed_ms: int = 0
    seat: bool = True
    command: DriveCommand | None = None
    frozen: Sample | None = None
    chance: Random = field(default_factory=lambda: Random(1))

    def sample(self, body_ms: int) -> Sample:
        before = self.deg
        if self.moving:
            self.elapsed_ms += TICK_MS
            self.deg = self._place(self.elapsed_ms / 1_000)
        self.load_g = self.command.load_g if self.command else 0
        torque_nm = self.load_g / 1_000 * 3.9 + self.chance.gauss(0, 0.3)
        return Sample(
            body_ms=body_ms,
            deg=self.deg,
            deg_s=(self.deg - before) * 1_000 / TICK_MS,
            torque_nm=torque_nm,
            load_g=self.load_g,
            seat=self.seat,
        )

    def lift(self) -> None:
        self.moving, self.elapsed_ms = True, 0

    def rest(self) -> None:
        self.moving, self.deg = False, self.low_deg

    def _place(self, at_s: float) -> float:
        """Half a cosine out, half a cosine back, a short stand at the start."""
        cycle_s = self.out_s + self.back_s + 0.5
        at_s %= cycle_s
        span = self.high_deg - self.low_deg
        if at_s < self.out_s:
            return self.low_deg + span * (1 - math.cos(math.pi * at_s / self.out_s)) / 2
        back = min((at_s - self.out_s) / self.back_s, 1.0)
        return self.low_deg + span * (1 + math.cos(math.pi * back)) / 2


class Room:
    """One agent, one arm, and every effect that came out."""

    def __init__(self, **changes: Any) -> None:
        kind = changes.pop("kind", "lumbar_extension")
        beginning = changes.pop("beginning", Beginning(stream=STREAM))
        station = Station(
            machine="le-1",
            kind=catalogue()[kind],
            boot=str(uuid.UUID(int=99)),
            firmware="test",
            site_key=SITE_KEY,
            clock="sim",
            staff_pins=(pins.staff_hash(STAFF_PIN, "00ff"),),
        )
        self.agent = Agent(replace(station, **changes), beginning, Random(5).randbytes)
        self.arm = Arm()
        self.body_ms = 0
        self.mono_ms = 1_000
        self.effects: list[Effect] = []
        self.commands: list[DriveCommand] = []
        self.rows: list[Message] = []
        self.latches: list[Keep] = []
        self.stores = True
        self.linked = True
        self.take(self.agent.boot(self.now))

    @property
    def now(self) -> Now:
        return Now(body_ms=self.body_ms, mono_ms=self.mono_ms, wall_ms=WALL_MS + self.body_ms)

    @property
    def view(self) -> View:
        return self.agent.view

    def take(self, effects: Sequence[Effect]) -> list[RecordedBody]:
        """Do what the agent wants; returns the bodies of the rows."""
        self.effects += effects
        bodies: list[RecordedBody] = []
        for effect in effects:
            if isinstance(effect, Record):
                self.rows.append(effect.message)
                bodies.append(effect.message.body)
                if self.stores:
                    self.agent.on_stored(effect.message.head.seq, 0, 0)
            elif isinstance(effect, Drive):
                self.arm.command = effect.command
                self.commands.append(effect.command)
            elif isinstance(effect, Keep):
                self.latches.append(effect)
            else:
                assert isinstance(effect, Trace | Say)
        return bodies

    def touch(self, touch: PatientInput) -> list[RecordedBody]:
        return self.take(self.agent.on_input(touch, self.now))

    def hear(self, body: Down, *, verified: bool = True, retained: bool = False) -> list[RecordedBody]:
        message = DownMessage(body=body, verified=verified, retained=retained)
        return self.take(self.agent.on_message(message, self.now))

    def step(self) -> list[RecordedBody]:
        self.body_ms += TICK_MS
        self.mono_ms += TICK_MS
        if self.linked and self.body_ms % ACK_MS == 0:
            self.hear(Ack(stream=STREAM, upto=0))
        bodies = self.take(self.agent.on_sample(self.arm.sample(self.body_ms), self.now))
        return bodies + self.take(self.agent.on_tick(self.now))

    def run(self, seconds: float) -> list[RecordedBody]:
        return [body for _ in range(round(seconds * 1_000 / TICK_MS)) for body in self.step()]

    def skip(self, seconds: float) -> list[RecordedBody]:
        """Let time pass in one stride; nobody moves meanwhile, the service is heard at the end."""
        self.body_ms += round(seconds * 1_000)
        self.mono_ms += round(seconds * 1_000)
        if self.linked:
            self.hear(Ack(stream=STREAM, upto=0))
        return self.step()

    def run_until(self, awaits: str, most_s: float = 200.0) -> list[RecordedBody]:
        bodies: list[RecordedBody] = []
        for _ in range(round(most_s * 1_000 / TICK_MS)):
            if self.view.awaits == awaits:
                return bodies
            bodies += self.step()
        raise AssertionError(f"still {self.view.awaits} after {most_s} s, wanted {awaits}")

    def bodies(self, kind: type[RecordedBody]) -> list[Any]:
        return [row.body for row in self.rows if isinstance(row.body, kind)]

    def sign_in(self, rows: Sequence[dict[str, Any]] = ({}, {}, {}), **changes: Any) -> Plan:
        """Sign in and take a plan."""
        self.touch(Identify(badge=BADGE))
        plan = plan_of(self.rows[-1], rows, **changes)
        self.hear(plan)
        return plan

    def ready(self, rows: Sequence[dict[str, Any]] = ({}, {}, {}), **changes: Any) -> Plan:
        """Sign in, take a plan, confirm, weigh and answer."""
        plan = self.sign_in(rows, **changes)
        self.touch(Confirm())
        self.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(0.0, 0.0, 0.0)))
        for asked in self.view.questions:
            self.touch(Reply(question=asked.question, value=0))
        return plan

    def lift_set(self) -> list[RecordedBody]:
        """Start, wait for the load, lift until the set is over."""
        bodies = self.touch(Start())
        bodies += self.run_until("set")
        self.arm.lift()
        while self.view.state.value == "working":
            bodies += self.step()
        self.arm.rest()
        return bodies

    def next_setting(self, plan: Plan, **changes: Any) -> Setting:
        """A setting based on the newest row of the agent."""
        newest = self.rows[-1].head
        base: dict[str, Any] = {"seq": 50 + newest.seq, "basis": Basis(stream=newest.stream, seq=newest.seq)}
        row = next(one for one in plan.settings if one.set == changes.get("set", 2))
        wanted = base | changes
        return replace(row, id=str(uuid.UUID(int=5_000 + wanted["seq"])), **wanted)


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
    """Touches what the view asks for; a session after the other until enough."""

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
                self.done.set()
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

    async def run(self) -> None:
        """Serve, over every break of the link."""
        while True:
            with contextlib.suppress(aiomqtt.MqttError):
                async with aiomqtt.Client(
                    "127.0.0.1",
                    self.port,
                    identifier="svc-test",
                    protocol=aiomqtt.ProtocolVersion.V5,
                    clean_start=True,
                ) as client:
                    await client.subscribe("openspine-sim/v1/+/up/#", qos=1)
                    self.ready.set()
                    async for message in client.messages:
                        await self._take(client, str(message.topic), message.payload)
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
            assert self.raw.setdefault(body.head.seq, payload) == payload
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
        self.stop.set()
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


@pytest.fixture
def make_service() -> Callable[..., Service]:
    return Service


@pytest.fixture
def stage() -> Callable[..., Stage]:
    return staged


@pytest.fixture
def make_room() -> Callable[..., Room]:
    return Room


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def make_setting() -> Callable[..., Setting]:
    return setting_of


@pytest.fixture
def make_envelope() -> Callable[..., Envelope]:
    return envelope_of


@pytest.fixture
def make_plan() -> Callable[..., Plan]:
    return plan_of


@pytest.fixture
def make_arm() -> Callable[..., Arm]:
    return Arm


@pytest.fixture
def paired_rows() -> list[dict[str, Any]]:
    """Left and right in turn, ramp sets first."""
    sides: tuple[Side, ...] = ("left", "right")
    modes: tuple[Mode, ...] = ("warm_up", "train")
    return [
        {
            "side": side,
            "mode": mode,
            "load_g": 6_000 if mode == "warm_up" else 10_000,
            "start_cdeg": -1_000,
            "end_cdeg": 1_000,
        }
        for mode in modes
        for side in sides
    ]
