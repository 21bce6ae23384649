"""A room with a kiosk: broker, a studio's service, and one emulated machine with the patient's screen."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio, open_studio

from emulator.people.members import Description, Member, member
from emulator.studio.fleet import FleetSettings
from emulator.studio.kiosk import Kiosk, at_only_machine, run
from machine_agent.agent import View
from machine_agent.clock import NS_IN_MS, Clock
from machine_agent.screen import listen
from openspine.broker.embedded import Broker, best_kind
from services.bus import RIMS, Bus
from services.bus import Broker as BusBroker
from services.store import tables

MACHINE = "extension-2"
KIND = "lumbar_extension"
ENGLISH, CHINESE = "badge-en", "badge-zh"
CODES = {ENGLISH: "P05", CHINESE: "P02"}
PIN = "123456"
TODAY_MS = NOW_MS + 3 * 86_400_000  # studio time: three days after the visit that lies behind both people
QUICK, SLOW = 20.0, 1.0  # body time beside real time: while nobody touches, and else
PATIENCE_S = 60.0  # only so that a hang ends
Found = TypeVar("Found")


class LoopThread:
    """An event loop in a thread of its own: the browser's library keeps the test's thread for itself."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def begin(self, work: Coroutine[Any, Any, Any]) -> asyncio.Future[Any]:
        """Start a task in the loop."""

        async def started() -> asyncio.Future[Any]:
            return asyncio.ensure_future(work)

        return self.call(started())

    def call(self, work: Coroutine[Any, Any, Found]) -> Found:
        """Run something in the loop and wait for what it returns."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_S)

    def end(self, task: asyncio.Future[Any]) -> None:
        """Cancel a task and wait until it is over."""

        async def ended() -> None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

        self.call(ended())

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE_S)
        self.loop.close()


class PacedClock(Clock):
    """A clock whose pace a test changes, and whose link time it moves on: nobody waits for a time-out."""

    def __init__(self, wall_start_ms: int) -> None:
        self._skipped_ns = 0
        super().__init__(wall_start_ms=wall_start_ms, monotonic_ns=self._mono_ns)

    def pace(self, rate: float) -> None:
        """Let body time run on at another rate."""
        body_ms = self.now().body_ms
        self.rate = rate
        self._start_ns = self._mono_ns() - int(body_ms * NS_IN_MS / rate)

    def skip(self, seconds: float) -> None:
        """Let real time pass without the body: what waits for the link is so much older."""
        skipped_ns = int(seconds * 1e9)
        self._skipped_ns += skipped_ns
        self._start_ns += skipped_ns

    def _mono_ns(self) -> int:
        return time.monotonic_ns() + self._skipped_ns


@dataclass(kw_only=True)
class Room:
    """Everything around one screen; what is measured here is the truth that the screen is compared with."""

    broker: Broker
    studio: Studio
    kiosk: Kiosk
    url: str
    clock: PacedClock
    machine_loop: LoopThread
    service_loop: LoopThread
    service: asyncio.Future[Any] | None = None

    @property
    def view(self) -> View:
        view = self.kiosk.view
        assert view is not None
        return view

    @property
    def drive_load_kg(self) -> float:
        """What the drive of the emulated machine really does."""
        return self.kiosk.driver.machine.drive_load_g / 1_000

    @property
    def next_load_g(self) -> int:
        """The load of the set that runs or comes next; 0 without one."""
        return self.view.row.load_g if self.view.row else 0

    @staticmethod
    def kg(load_g: int) -> str:
        """Write a load as the English screen writes it."""
        return f"{load_g / 1_000:.1f} kg"

    @property
    def is_at_start(self) -> bool:
        """Tell whether the body waits at the start angle of the next set."""
        row, lifter = self.view.row, self.kiosk.driver.lifter
        if row is None or lifter is None:
            return False
        return lifter.is_still and abs(self.view.deg - row.start_cdeg / 100) < 2

    def start_service(self) -> None:
        place = BusBroker(host=self.broker.host, port=self.broker.port, client_id="svc-test")
        bus = Bus(
            RIMS["gmqtt"](place),
            self.studio.engine,
            self.studio.desk,
            lambda _origin, _machine, _seen: None,
            lambda: int(time.time() * 1000),
        )
        self.service = self.service_loop.begin(bus.run())
        self.service_loop.call(bus.connected())

    def stop_service(self) -> None:
        if self.service is not None:
            self.service_loop.end(self.service)
            self.service = None

    def pace(self, rate: float) -> None:
        """Let the body live faster or slower."""
        self.machine_loop.loop.call_soon_threadsafe(self.clock.pace, rate)

    def skip(self, seconds: float) -> None:
        """Let the link grow older."""
        self.machine_loop.loop.call_soon_threadsafe(self.clock.skip, seconds)

    def freeze(self, seconds: float) -> None:
        """Stop the whole agent for a while, as a stuck process would be."""
        self.machine_loop.loop.call_soon_threadsafe(time.sleep, seconds)

    def wait(self, is_so: Callable[["Room"], bool], seconds: float = PATIENCE_S) -> None:
        """Wait until something is true of the machine."""
        deadline = time.monotonic() + seconds
        while not is_so(self):
            assert time.monotonic() < deadline, self.view
            time.sleep(0.02)

    def hurry(self, is_so: Callable[["Room"], bool], rate: float = QUICK) -> None:
        """Let the body live quickly until something is true of the machine."""
        self.pace(rate)
        self.wait(is_so)
        self.pace(SLOW)

    def reps_on_disk(self) -> int:
        """Count the reps that the machine has on its disk or has handed in."""
        return len(self.kiosk.tally.reps)

    def reps_committed(self) -> int:
        """Count today's reps in the service's store."""
        today = {stream for stream, _ in self.kiosk.tally.reps}
        return sum(row["stream"] in today for row in self.studio.rows(tables.rep))


@contextlib.contextmanager
def open_room(folder: Path, *, is_served: bool = True) -> Iterator[Room]:
    """Open a room at the pace of life; everything in it ends with it."""
    folder.mkdir(parents=True, exist_ok=True)
    studios = open_studio(f"sqlite:///{folder / 'studio.sqlite'}", folder)
    studio = next(studios)
    _furnish(studio)
    loops = LoopThread(), LoopThread()
    with Broker(best_kind(), folder / "broker") as broker:
        fleet = _fleet(broker, studio, folder)
        kiosk, door, stop = at_only_machine(fleet), listen(0), asyncio.Event()
        clock = PacedClock(TODAY_MS)
        running = loops[0].begin(run(kiosk, fleet, door, stop, clock))
        room = Room(
            broker=broker, studio=studio, kiosk=kiosk, url=f"http://127.0.0.1:{door.getsockname()[1]}",
            clock=clock, machine_loop=loops[0], service_loop=loops[1],
        )  # fmt: skip
        try:
            if is_served:
                room.start_service()
            room.wait(lambda it: it.kiosk.view is not None and it.view.awaits == "identify")
            yield room
        finally:
            loops[0].loop.call_soon_threadsafe(stop.set)
            loops[0].call(_over(running))
            room.stop_service()
            for loop in loops:
                loop.close()
    next(studios, None)


async def _over(task: asyncio.Future[Any]) -> None:
    await task


def _furnish(studio: Studio) -> None:
    """Enrol the two people of the room."""
    set_up = {KIND: {"seat": 4, "pad": 3}}
    stations = (KIND, "trunk_rotation")
    studio.enrol(ENGLISH, *stations, code=CODES[ENGLISH], name="Mrs Lam", set_up=set_up)
    studio.enrol(CHINESE, *stations, code=CODES[CHINESE], name="李先生", language="zh-HK", set_up=set_up)
    for badge in CODES:
        _visit(studio, badge)


def _visit(studio: Studio, badge: str) -> None:
    """Let somebody have had an easy first session: today there are two sets and an increase."""
    machine = ScriptedMachine(MACHINE, KIND)
    plan = studio.plan(machine, studio.hear(machine.sign_in(badge)))
    studio.hear(machine.weigh())
    for question in ("pain_before", "spasm", "new_symptoms"):
        studio.hear(machine.answer(question, 1 if question == "pain_before" else "none"))
    for row in plan.settings:
        studio.hear(*machine.train(row))
        if row.mode == "train":
            studio.hear(machine.answer("rir", "many", row.set))
            studio.hear(machine.answer("pain_set", 1, row.set))
    studio.hear(machine.sign_out())


def _fleet(broker: Broker, studio: Studio, folder: Path) -> FleetSettings:
    return FleetSettings(
        host=broker.host,
        port=broker.port,
        machines={MACHINE: KIND},
        members=[_member(ENGLISH), _member(CHINESE)],
        keys_file=folder / "keys" / "keys.json",
        site_key=studio.keys.site,
        folder=folder / "spools",
        wall_start_ms=TODAY_MS,
    )


def _member(badge: str) -> Member:
    return member(
        Description(
            badge=badge,
            code=CODES[badge],
            seed=3,  # a body that reaches the whole range of a first plan
            sex="male",
            age_years=41,
            mass_kg=72.0,
            pain_nrs=2,
            stations=(KIND,),
        )
    )
