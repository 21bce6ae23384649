"""Our own agent under the kit: an emulated machine, and somebody who signs in again and again."""

import asyncio
import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from contract.machines import catalogue
from contract.messages import Message, Origin
from emulator.conformance import rim
from emulator.conformance.acts import HURTS, NO_PIN, PRESS_PAIN, WITH_PIN
from emulator.machines.driver import EmulatedDriver
from emulator.people.members import Description, Member, member
from emulator.studio.operator import Operator
from machine_agent import keys, loop, pins
from machine_agent.agent import Agent, DownMessage, Station, View
from machine_agent.clock import Clock, Now
from machine_agent.inputs import PatientInput, Press, Reply
from machine_agent.link import LinkSettings
from machine_agent.spool import Spool

FIRMWARE = "conformance-1"
STAFF_PIN = "2468"  # of the emulated staff; opens nothing but emulated machines
PAIN_AT_REP = 2  # reps until Pain is pressed when the greeting asks for it
HURTS_NRS = 4  # as the greeting says: above green, below red
PAUSE_MS = 3_000  # body ms between two people
FRAME_BODY_MS, FRAME_LEAST_MS = 50, 20  # between two points of the live trace: body time, and real time
SEED = 3  # a body that reaches the whole range of the kit's plans


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMachine:
    """Which machine, where the kit's door is, whose keys, how fast body time runs."""

    name: str
    port: int
    keys_file: Path
    site_key: bytes
    folder: Path
    kind: str = "lumbar_extension"
    badge: str = "conformance"
    host: str = "127.0.0.1"
    origin: Origin = "sim"
    rate: float = 10.0
    wall_start_ms: int | None = None


class Sitter:
    """Looks on as the loop's watcher, and touches what the screen asks for; does what a greeting says.

    Each time somebody else sits down: a machine counts the sets of a person over the day.
    """

    def __init__(self, kind: str, badge: str, seed: int = SEED) -> None:
        self.driver = EmulatedDriver(catalogue()[kind], seed)
        self.inputs: asyncio.Queue[PatientInput] = asyncio.Queue()
        self._operator = Operator(self.driver, STAFF_PIN, seed)
        self._kind, self._badge = kind, badge
        self._number = 0
        self._free_ms = 0
        self._hurt = ""  # the session in which Pain was pressed

    def on_view(self, view: View, now: Now) -> None:
        """Let the next person come, the present one react, the finished one go."""
        if self._operator.is_over(view):
            self._operator.end()
            self._free_ms = now.body_ms + PAUSE_MS
        elif self._operator.turn is None and view.awaits == "identify" and now.body_ms >= self._free_ms:
            self._number += 1
            self._operator.begin(self._somebody(), now)
        hurts = view.greeting == PRESS_PAIN and view.awaits == "set" and view.reps_stored >= PAIN_AT_REP
        if hurts and view.session is not None and view.session != self._hurt:
            self._hurt = view.session
            self.inputs.put_nowait(Press(button="pain"))
        if view.greeting == NO_PIN and view.awaits == "staff_opens":
            self._operator.leave()
        for touch in self._operator.respond(view, now):
            self.inputs.put_nowait(as_greeted(touch, view))

    def on_record(self, message: Message, now: Now) -> None:
        """Look away."""

    def on_message(self, message: DownMessage, now: Now) -> None:
        """Look away."""

    def _somebody(self) -> Member:
        described = Description(
            badge="", seed=SEED, sex="male", age_years=35, mass_kg=80.0, pain_nrs=0, stations=(self._kind,)
        )
        return replace(member(described), badge=f"{self._badge}-{self._number}")


def as_greeted(touch: PatientInput, view: View) -> PatientInput:
    """Answer about the pain of a set as the greeting asks; everything else as it is felt."""
    told = {NO_PIN: 0, WITH_PIN: 0, HURTS: HURTS_NRS}
    if isinstance(touch, Reply) and touch.question == "pain_set" and view.greeting in told:
        return Reply(question="pain_set", value=told[view.greeting])
    return touch


async def run(own: OwnMachine, off: asyncio.Event) -> None:
    """Run the true agent on an emulated machine until `off`."""
    sitter = Sitter(own.kind, own.badge)
    clock = Clock(rate=own.rate, wall_start_ms=own.wall_start_ms)
    async with Spool(own.folder / f"{own.name}.sqlite") as spool:
        await loop.run(_machine(own, sitter, spool, clock), sitter.inputs, off, sitter)


async def under_test(
    kit: rim.Run,
    own: Callable[[int], OwnMachine],
    tell: Callable[[str], None],
    stop: asyncio.Event | None = None,
) -> rim.Played:
    """Play the kit against our own agent, or until `stop`; `own` is told the port of the kit's door."""
    off = asyncio.Event()
    running: list[asyncio.Task[None]] = []

    def start(port: int | None) -> None:
        running.append(asyncio.create_task(run(own(port or kit.port), off)))

    try:
        return await rim.play(kit, tell, start, stop)
    finally:
        off.set()
        await asyncio.gather(*running)


def _machine(own: OwnMachine, sitter: Sitter, spool: Spool, clock: Clock) -> loop.Machine:
    public = keys.load(own.keys_file)
    station = Station(
        machine=own.name,
        kind=catalogue()[own.kind],
        boot=str(uuid.uuid4()),
        firmware=FIRMWARE,
        site_key=own.site_key,
        clock="wall" if own.wall_start_ms is None else "sim",
        frame_ms=max(round(FRAME_BODY_MS / own.rate), FRAME_LEAST_MS),
        staff_pins=(pins.staff_hash(STAFF_PIN, "00" * 16),),
    )
    link = LinkSettings(machine=own.name, origin=own.origin, keys=public, host=own.host, port=own.port)
    agent = Agent(station, spool.beginning(), os.urandom, public.trusts)
    return loop.Machine(agent=agent, driver=sitter.driver, spool=spool, link=link, clock=clock)
