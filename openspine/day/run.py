"""A day at true agents: broker and service in a temporary folder, machines in step, staff who read alerts."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from contract.machines import catalogue
from emulator.day.hall import Hall
from emulator.day.record import Diary, Stay
from emulator.day.staff import Call, Errand, Staff
from emulator.machines.driver import EmulatedDriver
from emulator.studio.fleet import FleetSettings, run_machine
from openspine.day.alerts import Inbox
from openspine.day.director import Director
from openspine.day.place import TruePlace
from openspine.day.score import Score, StudioClock
from openspine.day.studio import Asked, Opened, open_studio
from openspine.demo.check import compare, stored
from openspine.service import ServiceProcess
from openspine.workshop import workshop
from services.store import tables
from services.store.engine import open_engine

FRAME_MS = 250  # real time between two frames of a machine: nobody looks at a trace that runs so fast
PATIENCE_S = 60.0  # real seconds until every machine is on line
CLOSED_MS = 3_600_000  # studio time after closing when whoever is still there is not waited for; a fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the day is: studio time since opening, people inside and gone, reps, alerts."""

    now_ms: int
    inside: int
    gone: int
    reps: int
    alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A finished day: who was where, what staff did, what was recorded and decided, and what is stored."""

    asked: Asked
    opened: Opened
    stays: tuple[Stay, ...]
    errands: tuple[Errand, ...]
    noted: tuple[Call, ...]
    diary: Diary
    balance: dict[str, int]
    settings: dict[str, int]
    unserved: int
    given_up: int
    ended_ms: int
    is_over: bool  # nobody is inside any more
    seconds: float  # real ones
    processor_s: float  # of this process: people, machines and agents; not broker and service


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """When a day began, by both clocks of the computer."""

    seconds: float = field(default_factory=time.perf_counter)
    processor_s: float = field(default_factory=time.process_time)


OnProgress = Callable[[Progress], None]


def run_true(asked: Asked, on_progress: OnProgress, say: Callable[[str], None]) -> Day:
    """Run a day over a real broker with the real service; RuntimeError when one of them ends."""
    with workshop() as service:
        say(f"{asked.patients} patients: enrolled, with {asked.weeks} weeks behind them ...")
        opened, keys = open_studio(asked, service.database_url, service.keys)
        say("the doors open")
        return asyncio.run(_run(asked, opened, service, keys.site, on_progress))


async def _run(
    asked: Asked, opened: Opened, service: ServiceProcess, site_key: bytes, on_progress: OnProgress
) -> Day:
    began = Began()
    engine, diary = open_engine(service.database_url), Diary()
    over, off = asyncio.Event(), asyncio.Event()
    places = _places(asked, opened, diary)
    director = make_director(asked, opened, places, Inbox(engine, opened.opens_ms, lambda: diary.asks).new)

    def on_step(now_ms: int) -> None:
        director.at(now_ms)
        on_progress(progress(now_ms, director, diary))
        if director.is_over(now_ms) or now_ms > opened.day_ms + CLOSED_MS:
            over.set()

    def awake() -> list[str]:
        return [] if over.is_set() else [name for name, one in places.items() if one.is_awake]

    score = Score(awake, lambda name: not places[name].inputs.empty(), on_step, asked.rate)
    fleet = FleetSettings(
        host="127.0.0.1",
        port=service.mqtt_port,
        machines=opened.machines,
        members=(),
        keys_file=service.keys / "keys.json",
        site_key=site_key,
        folder=service.log.parent / "machines",
        frame_least_ms=FRAME_MS,
        wall_start_ms=opened.opens_ms,
        seed=asked.seed,
    )
    fleet.folder.mkdir()
    running = [asyncio.create_task(_machine(place, score, fleet, off)) for place in places.values()]
    try:
        await _opened_doors(engine, opened.machines)
        score.is_held = False
        await _until(over, running)
    finally:
        off.set()
        await asyncio.gather(*running, return_exceptions=True)
    with engine.connect() as connection:
        counted = _counted(places.values())
        balance = compare(counted, stored(connection, {stream for _, stream, _ in counted}))
        settings = settings_by_result(connection, opened.opens_ms)
    engine.dispose()
    return finished(asked, opened, director, diary, (balance, settings, score.now_ms, began))


def finished(
    asked: Asked,
    opened: Opened,
    director: Director,
    diary: Diary,
    rest: tuple[dict[str, int], dict[str, int], int, Began],
) -> Day:
    """Put a day that is over together; `rest`: balance, settings, end (ms since opening), when it began."""
    balance, settings, ended_ms, began = rest
    return Day(
        asked=asked,
        opened=opened,
        stays=tuple(sorted(director.stays, key=lambda one: (one.seat.begins_ms, one.seat.machine))),
        errands=tuple(director.staff.errands),
        noted=tuple(director.staff.noted),
        diary=diary,
        balance=balance,
        settings=settings,
        unserved=director.hall.unserved,
        given_up=director.given_up,
        ended_ms=ended_ms,
        is_over=director.is_over(ended_ms),
        seconds=time.perf_counter() - began.seconds,
        processor_s=time.process_time() - began.processor_s,
    )


def _places(asked: Asked, opened: Opened, diary: Diary) -> dict[str, TruePlace]:
    return {
        name: TruePlace(name, EmulatedDriver(catalogue()[kind], seed), seed, diary, opened.opens_ms)
        for seed, (name, kind) in enumerate(sorted(opened.machines.items()), start=asked.seed * 1_000)
    }


def make_director(
    asked: Asked, opened: Opened, places: Any, new_alerts: Callable[[], Sequence[Call]]
) -> Director:
    """Put a day's hall and staff together."""
    return Director(
        hall=Hall(opened.booked, opened.machines, asked.seed, opened.day_ms),
        staff=Staff(asked.therapists, tuple(opened.machines), asked.seed),
        places=places,
        people=opened.people,
        new_alerts=new_alerts,
    )


def progress(now_ms: int, director: Director, diary: Diary) -> Progress:
    """Say how far a day is."""
    staff = director.staff
    return Progress(
        now_ms=now_ms,
        inside=director.hall.inside,
        gone=director.hall.gone,
        reps=diary.reps,
        alerts=len(staff.errands) + len(staff.noted),
    )


async def _machine(place: TruePlace, score: Score, fleet: FleetSettings, off: asyncio.Event) -> None:
    clock = StudioClock(place.name, score, fleet.wall_start_ms or 0)
    score.add(clock)
    await run_machine(place, clock, fleet, off)


async def _opened_doors(engine: Engine, machines: Collection[str]) -> None:
    """Wait until the service has heard of every machine."""
    status = tables.status.c
    async with asyncio.timeout(PATIENCE_S):
        while True:
            with engine.connect() as connection:
                online = set(connection.scalars(select(status.machine).where(status.online)))
            if online.issuperset(machines):
                return
            await asyncio.sleep(0.1)


async def _until(over: asyncio.Event, running: Sequence["asyncio.Task[None]"]) -> None:
    """Wait for the end of the day, or for a machine that ended by itself."""
    wish = asyncio.create_task(over.wait())
    try:
        await asyncio.wait([wish, *running], return_when=asyncio.FIRST_COMPLETED)
    finally:
        wish.cancel()
    for one in running:
        if one.done():
            one.result()
            raise RuntimeError("a machine ended by itself")


def _counted(places: Iterable[TruePlace]) -> list[tuple[str, str, int]]:
    return [(place.name, stream, seq) for place in places for stream, seq in place.tally.reps]


def settings_by_result(connection: Connection, opens_ms: int) -> dict[str, int]:
    """Count the day's settings by what became of them: rows of the plan, and those sent later."""
    setting = tables.setting.c
    count = func.count()
    rows = connection.execute(
        select(setting.in_plan, setting.state, setting.reason, count)
        .where(setting.decided_ms >= opens_ms)
        .group_by(setting.in_plan, setting.state, setting.reason)
    ).all()
    found: dict[str, int] = {}
    for in_plan, state, reason, number in rows:
        name = ("plan " if in_plan else "sent ") + state + (f" {reason}" if reason else "")
        found[name] = found.get(name, 0) + number
    return dict(sorted(found.items()))
