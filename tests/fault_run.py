"""Faults against the true agent, a real broker and the real service in this process."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripted_studio import Studio

from emulator.faults.verdict import Verdict
from emulator.faults.wishes import Wish
from emulator.people.members import Description, Member, member
from emulator.studio.fleet import FleetReport, FleetSettings, Progress, run
from openspine.broker.embedded import Broker as BrokerProcess
from openspine.emulation import fault_report
from openspine.emulation.fault_report import Count, Held
from services.bus import RIMS, Broker, Bus
from services.bus.line import Pace
from services.prescribing.sign import full_envelope, prescribe
from services.store.engine import writing

MACHINES = ("extension-1", "extension-2", "extension-3", "extension-4")
KIND = "lumbar_extension"
PATIENCE_S = 120.0  # only so that a hang, or a reaction that never comes, ends
RATE = 20.0


@dataclass(frozen=True)
class Ran:
    """What came of one run."""

    report: FleetReport
    held: Held
    verdicts: tuple[Verdict, ...]
    count: Count


async def plant(
    studio: Studio, broker: BrokerProcess, folder: Path, wishes: Sequence[Wish], rate: float = RATE
) -> Ran:
    """Let people train until every fault has met its reaction, or patience is over; then read the store."""
    machines = sorted({wish.machine for wish in wishes})
    settings = FleetSettings(
        host=broker.host,
        port=broker.port,
        machines=dict.fromkeys(machines, KIND),
        members=people(studio, [f"person-{number}" for number in range(2 * len(machines))]),
        keys_file=folder / "keys" / "keys.json",
        site_key=studio.keys.site,
        folder=folder / "spools",
        rate=rate,
        wall_start_ms=now_ms(),
        wishes=wishes,
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(PATIENCE_S, stop.set)

    def look(progress: Progress) -> None:
        if progress.has_shown:
            stop.set()

    async with serving(studio, broker) as bus:
        report = await run(settings, stop, look)
        held = fault_report.held(studio.engine)
        found = fault_report.verdicts(report, held, bus.counts.duplicates)
    return Ran(report, held, found, fault_report.count(report, held))


def people(studio: Studio, badges: Sequence[str]) -> list[Member]:
    """Enrol people with limits that are valid now, and give them bodies."""
    for badge in badges:
        number = studio.enrol(badge, KIND)
        limits = full_envelope(KIND, now_ms=now_ms(), phase_cap_g=40_000, max_torque_nm=150)
        with writing(studio.engine) as connection:
            prescribe(
                connection, number, limits, by="Dr Demo (DEMO)", reason="review", key=studio.keys.envelope
            )
    return [
        member(
            Description(
                badge=badge,
                seed=number,
                sex="male",
                age_years=41,
                mass_kg=72.0,
                pain_nrs=1,
                stations=(KIND,),
            )
        )
        for number, badge in enumerate(badges)
    ]


@contextlib.asynccontextmanager
async def serving(studio: Studio, broker: BrokerProcess) -> AsyncIterator[Bus]:
    """Serve while the block runs."""
    place = Broker(host=broker.host, port=broker.port, client_id="svc-test")
    rim = RIMS["gmqtt"](place)
    bus = Bus(rim, studio.engine, studio.desk, lambda *_: None, now_ms, Pace())
    task = asyncio.create_task(bus.run())
    try:
        async with asyncio.timeout(PATIENCE_S):
            await bus.connected()
        yield bus
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def now_ms() -> int:
    return time.time_ns() // 1_000_000
