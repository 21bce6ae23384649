"""One run: machines, broker and service of one seed, the faults at their times, and rest at the end."""

import asyncio
import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

import structlog

from openspine.simulation import ground
from openspine.simulation.body import Body
from openspine.simulation.broker import SimBroker
from openspine.simulation.judge import judge
from openspine.simulation.machine import Machine, Place
from openspine.simulation.plants import Parts
from openspine.simulation.service import Service
from openspine.simulation.trace import Trace
from openspine.simulation.virtual_time import StandstillError, VirtualLoop
from openspine.simulation.weather import BAD_S, Fault, sky
from openspine.simulation.witness import Witness
from services.bus import bus

LONGEST_S = 900.0  # virtual; who is not done then never will be
LOOK_S = 1.0
BUS_LOOK_S = 1.0  # virtual, between two looks at what others have put into the store: nobody else does
PREFIX = "openspine-simulation-"
FOLDER = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108 - no secret; crashes are simulated


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One run's end."""

    seed: int
    digest: str
    broken: dict[str, int]
    first: str
    virtual_s: float
    counted: dict[str, int]
    trace: tuple[str, ...] = ()


class World:
    """Everything of one seed."""

    def __init__(
        self, seed: int, parts: Parts, loop: VirtualLoop, folder: Path, keep: Sequence[int] | None
    ) -> None:
        chance = partial(_chance, seed)
        found = sky(seed)
        self.faults = [one for place, one in enumerate(found.faults) if keep is None or place in keep]
        self._quiet_from_s = max((one.at_s + one.for_s for one in self.faults), default=0.0)
        self._down_until_s = 0.0
        self.loop, self.trace = loop, Trace(loop)
        self.broker = SimBroker(chance("broker"), found.weather, self.trace)
        self.witness = Witness(loop, self.trace)
        self.desk = parts.desk()
        self.service = Service(self.broker, self.witness, self.desk, chance("service"), parts, found.lanes)
        self.machines: list[Machine] = []
        for number in range(found.machines):
            name = f"lumbar-{number}"
            place = Place(
                loop=loop,
                broker=self.broker,
                trace=self.trace,
                keys=ground.agent_keys(),
                site_key=ground.SITE_KEY,
                folder=folder,
                start_ms=ground.START_MS,
                on_gone=partial(self.witness.gone, name),
            )
            body = Body(ground.badge(number), found.sessions, found.sets, chance(f"body-{number}"))
            self.machines.append(Machine(name, body, place, chance(name), parts.link_of))

    async def run(self) -> dict[str, int]:
        """Run until all is at rest, and judge."""
        self.service.start(dies=True)
        for machine in self.machines:
            machine.power_on()
        for fault in self.faults:
            self.loop.call_at(fault.at_s, self._begin, fault)
        self.loop.call_at(BAD_S, self.service.spare)
        while not self._is_at_rest():
            if self.loop.time() > LONGEST_S:
                self.trace.break_("stuck", self._who_waits())
                break
            if not self.service.is_up and self.loop.time() >= self._down_until_s:
                self.service.start(dies=self.loop.time() < BAD_S)
            await asyncio.sleep(LOOK_S)
        self.service.spare()
        said = [message for machine in self.machines for message in machine.said.values()]
        counted = judge(said, self.service.engine, self.desk, self.witness)
        for machine in self.machines:
            machine.power_off()
        self.service.fall()
        await asyncio.sleep(LOOK_S)  # whoever was cancelled ends
        return counted | {
            "faults": len(self.faults),
            "crashes": self.service.crashes,
            "acks": self.witness.acks,
        }

    def _is_at_rest(self) -> bool:
        is_quiet = self.loop.time() > self._quiet_from_s and self.service.is_up
        return is_quiet and all(one.body.is_done and one.waiting == 0 for one in self.machines)

    def _who_waits(self) -> str:
        return ", ".join(f"{one.name}: {one.waiting} rows, done {one.body.is_done}" for one in self.machines)

    def _begin(self, fault: Fault) -> None:
        self.trace.note(f"fault {fault.kind}")
        machine, later = self.machines[fault.machine], partial(self.loop.call_later, fault.for_s)
        match fault.kind:
            case "cut_machine" | "cut_service" | "half_open":
                self._break_line(fault)
            case "machine_power":
                machine.power_off()
                later(self._power_on, machine)
            case "service_crash":
                self._down_until_s = self.loop.time() + fault.for_s
                self.service.fall()
            case "broker_crash":
                self.broker.crash()
                self.witness.falls("broker")
                later(self._broker_back)
            case "database_down":
                self.service.is_database_down = True
                self.witness.falls("database")
                later(self._database_up)

    def _break_line(self, fault: Fault) -> None:
        name = "svc-simulated" if fault.kind == "cut_service" else self.machines[fault.machine].name
        line = self.broker.line_of(name)
        if line is not None and fault.kind == "half_open":
            line.is_deaf = True
            self.loop.call_later(max(fault.for_s, 1.0), line.cut)
        elif line is not None:
            line.cut()

    def _power_on(self, machine: Machine) -> None:
        if machine.life is None:
            machine.power_on()

    def _database_up(self) -> None:
        self.service.is_database_down = False
        self.witness.rises("database")

    def _broker_back(self) -> None:
        self.broker.restart()
        self.witness.rises("broker")


def run(
    seed: int, parts: Parts | None = None, keep: Sequence[int] | None = None, *, is_traced: bool = False
) -> Result:
    """Run one seed; `keep` names the faults that come, all when None."""
    parts = parts or Parts()
    loop = VirtualLoop()
    loop.set_exception_handler(lambda *_: None)
    asyncio.set_event_loop(loop)
    try:
        with quiet(), parts.planted(), tempfile.TemporaryDirectory(prefix=PREFIX, dir=FOLDER) as folder:
            return loop.run_until_complete(_run(seed, parts, loop, Path(folder), keep, is_traced=is_traced))
    finally:
        asyncio.set_event_loop(None)
        loop.close()


@contextmanager
def quiet() -> Iterator[None]:
    """Say nothing of the faults, which are on purpose; and let the bus look less often at an idle store."""
    before, look_s = structlog.get_config(), bus.LOOK_S
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    bus.LOOK_S = BUS_LOOK_S  # type: ignore[misc]  # final for everybody else
    try:
        yield
    finally:
        bus.LOOK_S = look_s  # type: ignore[misc]  # as above
        structlog.configure(**before)
        logging.disable(logging.NOTSET)


async def _run(
    seed: int, parts: Parts, loop: VirtualLoop, folder: Path, keep: Sequence[int] | None, *, is_traced: bool
) -> Result:
    world = World(seed, parts, loop, folder, keep)
    try:
        counted = await world.run()
    except StandstillError as error:
        world.trace.break_("stuck", str(error))
        counted = {}
    trace = world.trace
    return Result(
        seed=seed,
        digest=trace.digest,
        broken=dict(trace.broken),
        first=trace.first,
        virtual_s=round(loop.time(), 1),
        counted=counted,
        trace=tuple(trace.lines) if is_traced or trace.broken else (),
    )


def _chance(seed: int, who: str) -> Random:
    return Random(f"{who}-{seed}")  # noqa: S311 - a simulation, no secret
