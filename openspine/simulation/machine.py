"""One machine's life after life: true agent core, window, link and spool file; a body; power that fails."""

import asyncio
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import cast

import aiomqtt

from contract import codec
from contract.machines import catalogue
from contract.messages import Message
from machine_agent.agent import Agent, DownMessage, Drive, Effect, Record, Say, State, Station, View
from machine_agent.agent.effects import HangUp, Keep, KeepHalt, KeepPlan
from machine_agent.clock import Now
from machine_agent.keys import Keys
from machine_agent.link import Link, LinkSettings, Listener
from machine_agent.spool_file import Health
from machine_agent.window import Waiting, Window
from openspine.simulation.agent_client import AgentClient
from openspine.simulation.body import Body
from openspine.simulation.broker import SimBroker
from openspine.simulation.disk import Disk, OnGone
from openspine.simulation.freshness import Freshness
from openspine.simulation.trace import Trace, mark
from openspine.simulation.virtual_time import VirtualLoop

KIND = "lumbar_extension"
LIFT_MS, CALM_MS = 100, 1_000  # body time from sample to sample: while a load is on, and else
LOOK_MS = 400  # body time between two looks at the screen while a set runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a machine stands: its surroundings in the simulation."""

    loop: VirtualLoop
    broker: SimBroker
    trace: Trace
    keys: Keys
    site_key: bytes
    folder: Path
    start_ms: int  # studio time at the beginning
    on_gone: OnGone


class SimLink(Link):
    """The true link over the model of a broker."""

    broker: SimBroker
    name: str

    def _client(self) -> aiomqtt.Client:
        return cast("aiomqtt.Client", AgentClient(self.broker, self.name))


class Machine:
    """What stays over a power cut: the disk, the body, and what was said."""

    def __init__(self, name: str, body: Body, place: Place, chance: Random, link_of: type[SimLink]) -> None:
        self.name, self.body, self.place = name, body, place
        self.said: dict[tuple[str, int], Message] = {}  # rows on disk
        self.lives = 0
        self._chance, self._link_of = chance, link_of
        self._path = place.folder / f"{name}.sqlite"
        self.life: Life | None = None

    @property
    def waiting(self) -> int:
        """How many rows are not yet committed by the service, as the machine knows it."""
        return self.life.window.rows_waiting + self.life.unstored if self.life else 1

    def keep(self, records: Sequence[Record]) -> None:
        """Note what is on disk now: from here on none of it may be lost."""
        for record in records:
            head = record.message.head
            self.said[head.stream, head.seq] = record.message
            self.place.trace.note(f"{self.name} stores {head.seq} {head.kind}")

    def power_on(self) -> None:
        """Begin a life."""
        self.lives += 1
        self.place.trace.note(f"{self.name} boots")
        self.life = Life(self, self._path, self._chance, self._link_of)

    def power_off(self) -> None:
        """End a life at once."""
        if self.life is not None:
            self.place.trace.note(f"{self.name} loses power")
            self.life.end()
            self.life = None


class Life:
    """From power on to power off."""

    def __init__(self, machine: Machine, path: Path, chance: Random, link_of: type[SimLink]) -> None:
        place = machine.place
        self._machine, self._place, self._body = machine, place, machine.body
        self._disk = Disk(path, chance, machine.keep, place.on_gone)
        self.window = Window(chance, self._disk.stream)
        self._started_ms = place.loop.now_ms - 5_000
        self.unstored = 0
        boot = str(uuid.UUID(bytes=chance.randbytes(16), version=4))
        station = Station(
            machine=machine.name,
            kind=catalogue()[KIND],
            boot=boot,
            firmware="simulation",
            site_key=place.site_key,
            clock="sim",
        )
        self._agent = Agent(station, self._disk.beginning(), chance.randbytes, place.keys.trusts)
        self._freshness = Freshness(self._disk.stream, place.trace)
        listener = Listener(
            on_message=self._on_message,
            on_connected=lambda: self._perform(self._agent.on_connected(self._now())),
            on_takeover=lambda: self._perform(self._agent.on_takeover(self._now())),
            read_rows=self._disk.payloads,
            on_ack=self._disk.put,
            mono_ms=lambda: self._now().mono_ms,
        )
        settings = LinkSettings(machine=machine.name, origin="sim", keys=place.keys)
        self._link = link_of(settings, self.window, listener, chance)
        self._link.broker, self._link.name = place.broker, machine.name
        for row in self._disk.waiting():
            self.window.add(row)
        self._disk.start(self._on_stored)
        self._perform(self._agent.boot(self._now()))
        stop = asyncio.Event()
        self._tasks = [asyncio.create_task(self._beat()), asyncio.create_task(self._link.run(stop))]
        for task in self._tasks:
            task.add_done_callback(self._ended)

    def end(self) -> None:
        """Lose power: nothing says farewell."""
        line = self._place.broker.line_of(self._machine.name)
        if line is not None:
            line.cut()
        self._disk.cut_power()
        for task in self._tasks:
            task.cancel()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._place.trace.break_("agent_bug", repr(error))

    def _now(self) -> Now:
        passed_ms = self._place.loop.now_ms
        return Now(
            body_ms=passed_ms - self._started_ms,
            mono_ms=passed_ms - self._started_ms,
            wall_ms=self._place.start_ms + passed_ms,
        )

    async def _beat(self) -> None:
        """Let sample after sample come; look at the screen; touch it."""
        agent, body = self._agent, self._body
        view, looked_ms = agent.view, 0
        while True:
            now = self._now()
            self._perform(agent.on_sample(body.sample(view, now.body_ms), now))
            self._perform(agent.on_tick(now))
            is_lifting = view.awaits in ("set", "loading") or view.load_g > 0
            if not is_lifting or now.body_ms - looked_ms >= LOOK_MS:
                view, looked_ms = self._look(now), now.body_ms
            await asyncio.sleep((LIFT_MS if is_lifting else CALM_MS) / 1_000)

    def _look(self, now: Now) -> View:
        """Let the body look at the screen and touch it."""
        view = self._agent.view
        touch = self._body.touch(view, now)
        if not self._link.is_allowed and view.state not in (State.FAULT, State.ESTOP):
            self._link.pick_up()
        if touch is None:
            return view
        self._perform(self._agent.on_input(touch, now))
        return self._agent.view

    def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case Drive():
                    self._body.command(effect.command)
                case Record():
                    self.unstored += 1
                    self._freshness.row(effect.message, self._now())
                    self._disk.put(effect)
                case Keep() | KeepPlan() | KeepHalt():
                    self._disk.put(effect)
                case HangUp():
                    self._link.hang_up()
                case Say():
                    self._link.say(effect.status)
                case _:
                    pass  # the live trace is dropped: nothing depends on it

    def _on_stored(self, records: Sequence[Record], health: Health) -> None:
        for record in records:
            head = record.message.head
            self.unstored -= 1
            self.window.add(Waiting(seq=head.seq, kind=head.kind, session=head.session))
        newest = records[-1].message.head.seq if records else 0
        self._agent.on_stored(newest, health.rows, health.fill_percent, health.reps)
        self._link.wake()

    def _on_message(self, message: DownMessage) -> None:
        now = self._now()
        kind = type(message.body).__name__.lower()
        if not isinstance(message.body, codec.Undecodable):
            self._place.trace.note(f"{self._machine.name} hears {kind} {mark(codec.encode(message.body))}")
        self._freshness.hear(message, now)
        self._perform(self._agent.on_message(message, now))
