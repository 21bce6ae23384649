"""The true agent with an emulated drive and person, through a real broker, to an applied setting."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from scripted_machine import NOW_MS
from scripted_studio import Studio

from emulator.people.members import Description, member
from emulator.studio.fleet import FleetReport, FleetSettings, Progress, run
from openspine.broker.embedded import Broker as BrokerProcess
from services.store import tables

pytestmark = pytest.mark.broker
MACHINE = "lumbar-1"
PATIENCE_S = 120.0  # only so that a hang ends


async def test_a_setting_that_differs_from_the_plan_is_applied(
    studio: Studio,
    broker: BrokerProcess,
    start: Callable[[Studio], Awaitable[Any]],
    tmp_path: Path,
) -> None:
    service = await start(studio)
    report = await _train(studio, broker, tmp_path)

    assert report.reps_counted > 0
    assert report.unacked == 0
    assert len(studio.rows(tables.rep)) == report.reps_counted
    assert studio.rows(tables.dead_letter) == []
    assert _applied(studio)
    assert [row["reason"] for row in studio.rows(tables.receipt) if row["reason"] == "SIGNATURE"] == []
    assert any(seen.__class__.__name__ == "Frame" for _, _, seen in service.live)


async def _train(studio: Studio, broker: BrokerProcess, folder: Path) -> FleetReport:
    who = Description(
        badge="badge-1",
        seed=5,
        sex="male",
        age_years=41,
        mass_kg=72.0,
        pain_nrs=2,
        stations=("lumbar_extension",),
    )
    settings = FleetSettings(
        host=broker.host,
        port=broker.port,
        machines={MACHINE: "lumbar_extension"},
        members=[member(who)],
        keys_file=folder / "keys" / "keys.json",
        site_key=studio.keys.site,
        folder=folder / "spools",
        rate=math.inf,  # body time waits for the service, however slow this computer is
        wall_start_ms=NOW_MS,
    )
    stop = asyncio.Event()

    def enough(progress: Progress) -> None:
        if progress.sessions:
            stop.set()

    async with asyncio.timeout(PATIENCE_S):
        return await run(settings, stop, enough)


def _applied(studio: Studio) -> list[dict[str, Any]]:
    """List the settings that answered a finished set and were applied by the machine."""
    settings = studio.rows(tables.setting)
    return [
        row for row in settings if row["state"] == "applied" and row["set_number"] > 1 and not row["in_plan"]
    ]
