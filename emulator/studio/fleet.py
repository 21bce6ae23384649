"""Machines made of software: each the true agent with spool and link, an emulated drive, and people."""

import asyncio
import contextlib
import hashlib
import secrets
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Protocol

from contract.machines import catalogue
from contract.messages import Origin
from emulator.faults.disk import FillingFile
from emulator.faults.verdict import Planted
from emulator.faults.wishes import Wish
from emulator.faults.witness import Sighting
from emulator.machines.driver import EmulatedDriver
from emulator.people.members import Member
from emulator.recordings.overheard import OnSamples, overheard
from emulator.studio.bystander import Bystander
from emulator.studio.floor import Floor
from emulator.studio.stand import STAFF_PIN, MachineReport, Stand
from emulator.studio.tally import percentile
from emulator.studio.trouble import Place, Trouble
from machine_agent import keys, loop, pins
from machine_agent.agent import Agent, Station
from machine_agent.clock import Clock
from machine_agent.inputs import PatientInput
from machine_agent.link import LinkSettings
from machine_agent.spool import OpenFile, Spool
from machine_agent.spool_file import SpoolFile

FIRMWARE = "emulator-1"
PROGRESS_S = 1.0
DAY_MS = 86_400_000
FRAME_BODY_MS = 50  # between two points of the live trace, so that a fast rep keeps its shape on a screen;
FRAME_LEAST_MS = 20  # real time, whatever the acceleration: 50 Hz
DRAIN_S = 10.0  # real seconds that the spools are given to empty at the end
DRAIN_AFTER_FAULTS_S = 60.0  # a row that was lost is sent again after 10 to 20 s


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSettings:
    """Broker, machines (id -> kind), people, keys, a folder for spools, acceleration, seed."""

    host: str
    port: int
    machines: Mapping[str, str]
    members: Sequence[Member]
    keys_file: Path
    site_key: bytes
    folder: Path
    rate: float = 1.0
    frame_least_ms: int = FRAME_LEAST_MS  # real ms between two frames of the live trace
    wall_start_ms: int | None = None
    seed: int = 1
    origin: Origin = "sim"
    wishes: Sequence[Wish] = ()  # what is to go wrong, each on a machine of the fleet
    on_samples: OnSamples | None = None  # who writes down what the drives measure
    passwords: Mapping[str, str] = field(default_factory=dict)  # by `sim-` and the machine; none: nobody asks
    tls: bool = False
    ca: str | None = None  # certificates (PEM) that the broker's is checked against


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetReport:
    """What the fleet did; round trips: real ms from a stored set_end to the setting that answers it."""

    machines: tuple[MachineReport, ...]
    reps_counted: int
    sessions: int
    sets: int
    settings_received: int
    settings_applied: int
    settings_applied_range: int
    receipts: Mapping[str, int]
    reasons: Mapping[str, int]
    unacked: int
    rtt_ms: Mapping[str, float | None]
    seconds: float
    planted: tuple[Planted, ...] = ()
    seen: Mapping[str, tuple[Sighting, ...]] = field(default_factory=dict)  # by machine, with faults only


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the fleet is."""

    seconds: float
    reps: int
    sessions: int
    settings_applied: int
    has_shown: bool = False  # every fault has struck, and its machine has shown what it can of the reaction


class Occupied(loop.Watcher, Protocol):
    """An emulated machine with somebody at it, who looks on and touches."""

    name: str
    driver: EmulatedDriver
    inputs: asyncio.Queue[PatientInput]


async def run(
    fleet: FleetSettings, stop: asyncio.Event, on_progress: Callable[[Progress], None] | None = None
) -> FleetReport:
    """Run every machine until `stop`; then people sign off, spools drain, and the report is made."""
    fleet.folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    floor = Floor(fleet.members, fleet.machines.values())
    stands = [
        Stand(name, EmulatedDriver(catalogue()[kind], seed), floor, seed, _of(name, fleet))
        for seed, (name, kind) in enumerate(sorted(fleet.machines.items()), start=fleet.seed * 1_000)
    ]
    off = asyncio.Event()
    troubles = {stand.name: _trouble(stand, fleet) for stand in stands if _of(stand.name, fleet)}
    clocks = [_clock(fleet, troubles.get(stand.name)) for stand in stands]
    pairs = zip(stands, clocks, strict=True)
    running = [
        asyncio.create_task(_run(stand, clock, fleet, off, troubles.get(stand.name)))
        for stand, clock in pairs
    ]

    def look() -> None:
        if floor.is_day_over and fleet.wall_start_ms is not None:
            _sleep(floor, clocks)
        _tell(stands, began, on_progress)

    try:
        await _until_stopped(stop, running, look)
        floor.is_open = False
        for trouble in troubles.values():
            await trouble.end()
        for stand in stands:
            stand.operator.leave()
        await _drained(stands, DRAIN_AFTER_FAULTS_S if fleet.wishes else DRAIN_S)
    finally:
        off.set()
        results = await asyncio.gather(*running, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return _summed(stands, time.perf_counter() - began)


def _sleep(floor: Floor, clocks: Sequence[Clock]) -> None:
    """Let a night pass: simulated studio time goes on by a day, and everybody is due again."""
    for clock in clocks:
        clock.leap(DAY_MS)
    floor.next_day()


def _of(machine: str, fleet: FleetSettings) -> tuple[Wish, ...]:
    """List what is to go wrong on a machine, in its order."""
    return tuple(wish for wish in fleet.wishes if wish.machine == machine)


def _trouble(stand: Stand, fleet: FleetSettings) -> Trouble:
    place = Place(host=fleet.host, port=fleet.port, origin=fleet.origin)
    return Trouble(place, stand, _of(stand.name, fleet), fleet.seed)


def _clock(fleet: FleetSettings, trouble: Trouble | None) -> Clock:
    """Make a machine's clock; one that is to go wrong is a wall clock: simulated time is not judged."""
    if trouble is not None and trouble.is_on_the_wall:
        return Clock(rate=fleet.rate, wall_ns=trouble.wall_ns)
    return Clock(rate=fleet.rate, wall_start_ms=fleet.wall_start_ms)


async def _run(
    stand: Stand, clock: Clock, fleet: FleetSettings, off: asyncio.Event, trouble: Trouble | None
) -> None:
    """Run a machine, and with it what is to go wrong."""
    if trouble is None:
        await run_machine(stand, clock, fleet, off)
        return
    stand.begin = trouble.begin
    its = replace(fleet, wall_start_ms=None) if trouble.is_on_the_wall else fleet

    async def live(port: int, until: asyncio.Event) -> None:
        open_file = partial(FillingFile, trouble.disk)
        await run_machine(stand, clock, replace(its, port=port), until, open_file)

    async def clone(port: int, until: asyncio.Event) -> None:
        other = Bystander(stand.name, EmulatedDriver(stand.driver.machine.kind, fleet.seed))
        elsewhere = its.folder / "clone"
        elsewhere.mkdir(exist_ok=True)
        await run_machine(other, _clock(fleet, trouble), replace(its, port=port, folder=elsewhere), until)

    await trouble.run(live, clone, off)


async def run_machine(
    stand: Occupied,
    clock: Clock,
    fleet: FleetSettings,
    off: asyncio.Event,
    open_file: OpenFile = SpoolFile,
) -> None:
    """Run the true agent of one machine of a fleet until `off`, and close its spool."""
    name = stand.name
    spool = Spool(fleet.folder / f"{name}.sqlite", open_file=open_file)
    seed = fleet.seed * 1_000 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    station = Station(
        machine=name,
        kind=catalogue()[fleet.machines[name]],
        boot=str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)),
        firmware=FIRMWARE,
        site_key=fleet.site_key,
        clock="sim" if fleet.wall_start_ms is not None else "wall",
        frame_ms=max(round(FRAME_BODY_MS / fleet.rate), fleet.frame_least_ms),
        staff_pins=(pins.staff_hash(STAFF_PIN, "00" * 16),),
    )
    user = f"sim-{name}" if fleet.passwords else None
    machine = loop.Machine(
        agent=Agent(station, spool.beginning(), secrets.token_bytes),
        driver=overheard(stand.driver, name, fleet.on_samples),
        spool=spool,
        link=LinkSettings(
            machine=name,
            origin=fleet.origin,
            keys=keys.load(fleet.keys_file),
            host=fleet.host,
            port=fleet.port,
            username=user,
            password=fleet.passwords.get(user or ""),
            tls=fleet.tls,
            ca=fleet.ca,
        ),
        clock=clock,
        seed=Random(seed).randrange(2**31),  # noqa: S311 - jitter, no secret
    )
    try:
        await loop.run(machine, stand.inputs, off, stand)
    finally:
        await spool.close()


async def _until_stopped(
    stop: asyncio.Event, running: Sequence[asyncio.Task[None]], tell: Callable[[], None]
) -> None:
    """Wait for the wish to stop, or for a machine that ended by itself."""
    wish = asyncio.create_task(stop.wait())
    try:
        while not stop.is_set() and not any(task.done() for task in running):
            await asyncio.wait([wish, *running], timeout=PROGRESS_S, return_when=asyncio.FIRST_COMPLETED)
            tell()
    finally:
        wish.cancel()


async def _drained(stands: Sequence[Stand], most_s: float) -> None:
    """Wait until everybody is gone and everything is committed, not longer than that."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*(stand.quiet.wait() for stand in stands)), most_s)


def _tell(stands: Sequence[Stand], began: float, on_progress: Callable[[Progress], None] | None) -> None:
    if on_progress is None:
        return
    tallies = [stand.tally for stand in stands]
    on_progress(
        Progress(
            seconds=round(time.perf_counter() - began, 1),
            reps=sum(len(one.reps) for one in tallies),
            sessions=sum(one.sessions for one in tallies),
            settings_applied=sum(one.changed for one in tallies),
            has_shown=all(stand.planter.is_over for stand in stands),
        )
    )


def _summed(stands: Sequence[Stand], seconds: float) -> FleetReport:
    reports = tuple(stand.report() for stand in stands)
    tallies = [stand.tally for stand in stands]
    trips = [trip for one in tallies for trip in one.round_trips_ms]
    return FleetReport(
        machines=reports,
        reps_counted=sum(len(one.reps) for one in tallies),
        sessions=sum(one.sessions for one in tallies),
        sets=sum(one.sets for one in tallies),
        settings_received=sum(one.settings_sent for one in tallies),
        settings_applied=sum(one.changed for one in tallies),
        settings_applied_range=sum(one.changed_range for one in tallies),
        receipts=dict(sum((one.receipts for one in tallies), start=Counter[str]())),
        reasons=dict(sum((one.reasons for one in tallies), start=Counter[str]())),
        unacked=sum(one.rows_waiting for one in reports),
        rtt_ms={"p50": percentile(trips, 0.5), "p99": percentile(trips, 0.99), "count": float(len(trips))},
        seconds=round(seconds, 2),
        planted=tuple(one for stand in stands for one in stand.planter.planted),
        seen={stand.name: tuple(stand.witness.seen) for stand in stands if stand.planter.planted},
    )
