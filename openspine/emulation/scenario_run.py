"""A scenario in a studio of its own: broker and service in a temporary folder, machines with their faults."""

import asyncio
import re
import signal
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from emulator.faults.verdict import Verdict
from emulator.people.members import Member
from emulator.studio.fleet import FleetReport, FleetSettings, Progress
from emulator.studio.fleet import run as run_fleet
from emulator.studio.scenario import Scenario
from openspine.emulation import fault_report
from openspine.emulation.fault_report import Count
from openspine.emulation.recorded_fleet import recorded
from openspine.guests import Guest, welcome
from openspine.service import ServiceProcess
from openspine.workshop import workshop
from services.store.engine import open_engine

BASELINE_MOST_NRS = 6  # clinical page: B is capped there
DUPLICATES = re.compile(r'messages_total\{outcome="duplicate"\} ([0-9.]+)')
Say = Callable[[Progress], None]


def run(
    scenario: Scenario, rate: float, seconds: float | None, say: Say, record: Path | None = None
) -> dict[str, Any]:
    """Let the people of a scenario train; with faults until each has met its reaction, or time is over."""
    with workshop() as service, TemporaryDirectory(prefix="openspine-machines-") as spools:
        welcome(service, scenario.machines, [guest(one) for one in scenario.members], _now_ms())
        settings = FleetSettings(
            host="127.0.0.1",
            port=service.mqtt_port,
            keys_file=service.keys / "keys.json",
            site_key=bytes.fromhex((service.keys / "site").read_text()),
            machines=scenario.machines,
            members=scenario.members,
            wishes=scenario.wishes,
            seed=scenario.seed,
            folder=Path(spools),
            rate=rate,
            wall_start_ms=None if rate == 1 else _now_ms(),  # studio time runs with body time
        )
        report = asyncio.run(until_told(settings, seconds, say, record))
        return outcome(report, service)


async def until_told(
    settings: FleetSettings, seconds: float | None, say: Say, record: Path | None = None
) -> FleetReport:
    """Run a fleet until Ctrl-C, until time is over, or until every fault has met its reaction.

    `record`: where everything that it says, hears and measures is written down.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if seconds is not None:
        loop.call_later(seconds, stop.set)

    def look(progress: Progress) -> None:
        say(progress)
        if settings.wishes and progress.has_shown:
            stop.set()

    if record is None:
        return await run_fleet(settings, stop, look)
    async with recorded(settings, record) as heard:
        return await run_fleet(heard, stop, look)


def outcome(report: FleetReport, service: ServiceProcess) -> dict[str, Any]:
    """Put a report together with what the store holds; with faults also what became of each.

    `ok`: no rep was lost or doubled, and every fault met its reaction.
    """
    stored = fault_report.held(open_engine(service.database_url))
    found = fault_report.verdicts(report, stored, _duplicates(service)) if report.planted else ()
    return judged(report, fault_report.count(report, stored), found)


def judged(report: FleetReport, counted: Count, found: Sequence[Verdict]) -> dict[str, Any]:
    """Write what came of a run, whether it is right, and the lines for people."""
    done = as_table(report) | {"lost": counted.lost, "doubled": counted.doubled}
    done["ok"] = (counted.lost, counted.doubled) == (0, 0) and all(one.seen for one in found)
    if report.planted:
        done["faults"] = [asdict(one) for one in found]
    if report.planted or not done["ok"]:
        done["lines"] = fault_report.lines(found, done)
    return done


def as_table(report: FleetReport) -> dict[str, Any]:
    """Write a report as a table, without what only the verdicts need."""
    table = asdict(report)
    del table["planted"], table["seen"]
    return table


def guest(one: Member) -> Guest:
    """Describe a member of a scenario as somebody who is enrolled."""
    person = one.person
    return Guest(
        badge=one.badge,
        name=one.badge,
        stations=one.stations,
        age_years=person.age_years,
        sex=person.sex,
        mass_kg=person.mass_kg,
        baseline_nrs=min(round(person.pain_nrs), BASELINE_MOST_NRS),
        profile="rehab" if person.back_pain else "studio",
        phase="build",
    )


def _duplicates(service: ServiceProcess) -> int:
    """Ask the service how many rows it had before."""
    with urllib.request.urlopen(f"{service.url}/metrics", timeout=10) as answer:  # noqa: S310 (our own loopback URL)
        found = DUPLICATES.search(answer.read().decode())
    return int(float(found[1])) if found else 0


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
