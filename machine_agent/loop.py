"""The async rim: clock, driver, spool and link around the agent core; it decides nothing."""

import asyncio
import contextlib
import logging
import queue
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from contract.messages import Message
from machine_agent.agent import Agent, DownMessage, Drive, Effect, Keep, Record, Say, State, Trace, View
from machine_agent.agent.effects import HangUp, KeepHalt, KeepPlan
from machine_agent.clock import Clock, Now
from machine_agent.drivers import Driver
from machine_agent.inputs import PatientInput
from machine_agent.link import Link, LinkSettings, Listener
from machine_agent.spool import Spool
from machine_agent.spool_file import Health
from machine_agent.spool_place import SpoolError
from machine_agent.watchdog import Pulse
from machine_agent.window import Waiting, Window

BEAT_MS = 20  # 50 Hz (invariant 12)
STALL_MS = 200  # a physical drive has unloaded itself by then (invariant 12)
STEPS_MOST = 500  # of body time in one pass (10 s): a stalled process must not freeze the link for long
STEPPED_MS = 200  # body time per pass when the clock only moves by hand
END_S = 2.0  # real time that the link is given to say farewell, and again to end when it cannot
WAIT_S = 0.001  # real time between two looks of a stepped clock that waits
RELINK_S = 1.0  # real time before a link that failed begins anew
HUNG_UP = (State.FAULT, State.ESTOP)  # another machine under this name: no link until a local reset
PATIENCE_MS = 5_000  # real time that a stepped clock waits for the service before it goes on

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The parts of one machine, made by a composition root.

    With `is_real_time` the drive is physical: a pass that comes too late is told to the agent.
    """

    agent: Agent
    driver: Driver
    spool: Spool
    link: LinkSettings
    clock: Clock
    seed: int | None = None  # of the link's jitter; None: from the system
    is_real_time: bool = False
    pulse: Pulse | None = None  # felt by the watchdog


class Watcher(Protocol):
    """Who looks on: a screen, an emulated operator, a counter. Every call comes from the event loop."""

    def on_view(self, view: View, now: Now) -> None:
        """See the snapshot of this pass (about 50 a second of real time)."""
        ...

    def on_record(self, message: Message, now: Now) -> None:
        """See a row when it is on disk."""
        ...

    def on_message(self, message: DownMessage, now: Now) -> None:
        """See what the service said, before the agent does."""
        ...


class Nobody:
    """A watcher who looks away."""

    def on_view(self, view: View, now: Now) -> None:
        """Look away."""

    def on_record(self, message: Message, now: Now) -> None:
        """Look away."""

    def on_message(self, message: DownMessage, now: Now) -> None:
        """Look away."""


async def run(
    machine: Machine, inputs: asyncio.Queue[PatientInput], stop: asyncio.Event, watcher: Watcher | None = None
) -> None:
    """Run one machine until `stop`; the drive is closed, the spool is not (it belongs to who opened it)."""
    rim = _Rim(machine, watcher or Nobody())
    off = asyncio.Event()
    link = asyncio.create_task(_linked(rim.link, off))
    try:
        await rim.beat(inputs, lambda: stop.is_set() or link.done())
    finally:
        machine.driver.close()
        off.set()
        await _ended(link)


async def _linked(link: Link, off: asyncio.Event) -> None:
    """Run the link; what ends it by an error is reported, and it begins anew: the spool keeps the rows.

    A spool that keeps none any more ends it for good, and with it the machine: see `Spool.put`.
    """
    while not off.is_set():
        try:
            await link.run(off)
        except (SpoolError, queue.Full):
            raise
        except Exception:
            log.exception("the link failed and begins anew")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RELINK_S):
                    await off.wait()


async def _ended(link: asyncio.Task[None]) -> None:
    """Let the link say farewell; end it when it cannot (its broker may be silent); pass its error on."""
    await asyncio.wait({link}, timeout=END_S)
    link.cancel()
    await asyncio.wait({link}, timeout=END_S)
    if link.done() and not link.cancelled():
        link.result()


class _Rim:
    def __init__(self, machine: Machine, watcher: Watcher) -> None:
        chance = Random(machine.seed)  # noqa: S311 - jitter, no secret
        self._machine = machine
        self._watcher = watcher
        self._window = Window(chance, machine.spool.stream)
        self._body_ms = machine.clock.now().body_ms
        self._passed_ms: int | None = None  # when the loop last passed (real time)
        self._recorded = 0  # rows handed to the spool that are not yet on disk
        self._waited_since_ms: int | None = None
        listener = Listener(
            on_message=self._on_message,
            on_connected=self._on_connected,
            on_takeover=self._on_takeover,
            read_rows=machine.spool.payloads,
            on_ack=machine.spool.put,
            mono_ms=lambda: machine.clock.now().mono_ms,
        )
        self.link = Link(machine.link, self._window, listener, chance)
        for row in machine.spool.waiting():
            self._window.add(row)
        before = machine.spool.health()
        machine.agent.on_stored(0, before.rows, before.fill_percent, before.reps)
        machine.spool.start(self._on_stored)
        self._perform(machine.agent.boot(machine.clock.now()))

    async def beat(self, inputs: asyncio.Queue[PatientInput], is_over: Callable[[], bool]) -> None:
        """Pass after pass: time, samples, touches, view; raises `SpoolError` when the spool broke."""
        clock, agent = self._machine.clock, self._machine.agent
        while not is_over():
            self._machine.spool.raise_if_broken()
            may_go = not clock.is_stepped or self._may_step()
            if clock.is_stepped and may_go:
                clock.advance(STEPPED_MS)
            self._feel(clock.now())
            self._catch_up(clock.now())
            touched = False
            # A stepped clock takes one touch a pass: the service answers it before the next.
            while may_go and not inputs.empty() and not (touched and clock.is_stepped):
                self._perform(agent.on_input(inputs.get_nowait(), self._now()))
                touched = True
            view = agent.view
            if not self.link.is_allowed and view.state not in HUNG_UP:
                self.link.pick_up()  # somebody has reset the machine
            self._watcher.on_view(view, self._now())
            await asyncio.sleep(BEAT_MS / 1_000 if not clock.is_stepped else 0 if may_go else WAIT_S)

    def _feel(self, now: Now) -> None:
        """Beat for the watchdog; tell the agent of a pass so late that its drive has unloaded itself."""
        last_ms, self._passed_ms = self._passed_ms, now.mono_ms
        if self._machine.pulse is not None:
            self._machine.pulse.beat(now.mono_ms)
        stalled_ms = 0 if last_ms is None else now.mono_ms - last_ms
        if self._machine.is_real_time and stalled_ms >= STALL_MS:
            self._perform(self._machine.agent.on_stall(now, stalled_ms))

    def _catch_up(self, now: Now) -> None:
        """Go through the body time since the last pass in steps of 20 ms."""
        agent, driver, clock = self._machine.agent, self._machine.driver, self._machine.clock
        for _ in range(STEPS_MOST):
            if self._body_ms + BEAT_MS > now.body_ms:
                return
            self._body_ms += BEAT_MS
            for sample in driver.read(self._body_ms):
                self._perform(agent.on_sample(sample, clock.at(sample.body_ms, now.mono_ms)))
            self._perform(agent.on_tick(clock.at(self._body_ms, now.mono_ms)))

    def _now(self) -> Now:
        """Return now, with the body time that the agent has been brought to."""
        clock = self._machine.clock
        return clock.at(self._body_ms, clock.now().mono_ms)

    def _may_step(self) -> bool:
        """Tell whether a stepped clock may go on: everything said is committed, or patience is over."""
        mono_ms = self._machine.clock.now().mono_ms
        awaits_plan = self._machine.agent.view.awaits == "plan"
        if self._recorded == 0 and self._window.rows_waiting == 0 and not awaits_plan:
            self._waited_since_ms = None
            return True
        if self._waited_since_ms is None:
            self._waited_since_ms = mono_ms
        return mono_ms - self._waited_since_ms > PATIENCE_MS

    def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case Drive():
                    self._machine.driver.command(effect.command)
                case Record():
                    self._recorded += 1
                    self._machine.spool.put(effect)
                case Keep() | KeepPlan() | KeepHalt():
                    self._machine.spool.put(effect)
                case HangUp():
                    self.link.hang_up()
                case Trace():
                    self.link.trace(effect.frame)
                case Say():
                    self.link.say(effect.status)

    def _on_stored(self, records: Sequence[Record], health: Health) -> None:
        agent = self._machine.agent
        for record in records:
            head = record.message.head
            self._recorded -= 1
            self._window.add(Waiting(seq=head.seq, kind=head.kind, session=head.session))
            self._watcher.on_record(record.message, self._now())
        newest = records[-1].message.head.seq if records else 0
        agent.on_stored(newest, health.rows, health.fill_percent, health.reps)
        self.link.wake()

    def _on_message(self, message: DownMessage) -> None:
        now = self._now()
        self._watcher.on_message(message, now)
        self._perform(self._machine.agent.on_message(message, now))

    def _on_connected(self) -> None:
        self._perform(self._machine.agent.on_connected(self._now()))

    def _on_takeover(self) -> None:
        self._perform(self._machine.agent.on_takeover(self._now()))
