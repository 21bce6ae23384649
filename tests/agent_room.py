"""A plan, a person who lifts by the clock, and an agent between them: no broker, no disk."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

from agent_arm import Arm

from contract.machines import catalogue
from contract.messages import (
    Ack,
    Basis,
    Down,
    Envelope,
    History,
    Message,
    Plan,
    RecordedBody,
    Setting,
    SideRange,
    SignIn,
    Stop,
)
from machine_agent import pins
from machine_agent.agent import (
    Agent,
    Beginning,
    DownMessage,
    Drive,
    Effect,
    Keep,
    KeepPlan,
    Record,
    Station,
    View,
)
from machine_agent.clock import Now
from machine_agent.drivers import DriveCommand
from machine_agent.inputs import Confirm, Identify, PatientInput, Reply, Start, Weighed

SITE_KEY = b"site"
BADGE = "badge-1"
STREAM = "00000000-0000-4000-8000-00000000000a"
STAFF_PIN = "2468"
STAFF_HASH = pins.staff_hash(STAFF_PIN, "00ff")  # once: each costs 50 ms
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
            staff_pins=(STAFF_HASH,),
        )
        trusts = changes.pop("trusts", lambda _: True)
        self.agent = Agent(replace(station, **changes), beginning, Random(5).randbytes, trusts)
        self.arm = Arm()
        self.body_ms = 0
        self.mono_ms = 1_000
        self.effects: list[Effect] = []
        self.commands: list[DriveCommand] = []
        self.rows: list[Message] = []
        self.latches: list[Keep] = []
        self.plans: list[KeepPlan] = []
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
            elif isinstance(effect, KeepPlan):
                self.plans.append(effect)
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
