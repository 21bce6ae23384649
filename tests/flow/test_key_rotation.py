"""The command key is rotated under a fleet that trains: the true agents, a broker, and the service anew."""

import asyncio
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scripted_machine import NOW_MS
from scripted_studio import Studio

from emulator.people.members import Description, member
from emulator.studio.fleet import FleetReport, FleetSettings, run
from openspine.broker.embedded import Broker as BrokerProcess
from openspine.broker.embedded import available_kinds, best_kind
from services.keys import folder as files
from services.keys.command import CommandKey, open_command_key
from services.store import tables

pytestmark = [
    pytest.mark.slow,
    pytest.mark.broker,
    pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker"),
]
MACHINE, KIND = "lumbar-1", "lumbar_extension"
PATIENCE_S = 120.0  # only so that a hang ends
Start = Callable[[Studio], Awaitable[Any]]


@pytest.fixture
def rim_name() -> str:
    return "gmqtt"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[BrokerProcess]:
    with BrokerProcess(best_kind(), tmp_path / "broker") as running:
        yield running


def results(studio: Studio) -> Counter[str]:
    """Count what the machine said of settings: applied, or why not."""
    return Counter(row["reason"] or row["result"] for row in studio.rows(tables.receipt))


async def more(studio: Studio, word: str) -> None:
    """Wait until the machine has said this once more."""
    before = results(studio)[word]
    async with asyncio.timeout(PATIENCE_S):
        while results(studio)[word] <= before:  # noqa: ASYNC110 (looks at a database, no event tells)
            await asyncio.sleep(0.05)


async def test_a_fleet_takes_the_new_key_and_refuses_the_retired_one(
    studio: Studio, broker: BrokerProcess, start: Start, tmp_path: Path
) -> None:
    home, public = tmp_path / "keys", tmp_path / "keys" / files.PUBLIC_FILE
    old = studio.desk.command
    service = await start(studio)
    stop = asyncio.Event()
    fleet = asyncio.create_task(_train(studio, broker, tmp_path, stop))

    async def restart(command: CommandKey) -> None:
        nonlocal service
        await service.kill()
        studio.desk = replace(studio.desk, command=command)
        service = await start(studio)

    try:
        await more(studio, "applied")
        made = files.add(home, "command")
        files.publish(home, public)
        await more(studio, "applied")  # signed by the old key while the new one is known
        files.switch(home, made.key_id)
        await restart(open_command_key(home, demo=True))
        await more(studio, "applied")  # signed by the new one, under the same running agents
        files.retire(home, old.key_id)
        files.publish(home, public)
        await more(studio, "applied")
        assert results(studio)["SIGNATURE"] == 0
        await restart(old)  # a thief who still has the retired key
        await more(studio, "SIGNATURE")
    finally:
        stop.set()
        report = await fleet
    assert report.unacked == 0
    assert studio.rows(tables.dead_letter) == []


async def _train(studio: Studio, broker: BrokerProcess, folder: Path, stop: asyncio.Event) -> FleetReport:
    who = Description(
        badge="badge-1", seed=5, sex="male", age_years=41, mass_kg=72.0, pain_nrs=2, stations=(KIND,)
    )
    settings = FleetSettings(
        host=broker.host,
        port=broker.port,
        machines={MACHINE: KIND},
        members=[member(who)],
        keys_file=folder / "keys" / files.PUBLIC_FILE,
        site_key=studio.keys.site,
        folder=folder / "spools",
        rate=math.inf,  # body time waits for the service, however slow this computer is
        wall_start_ms=NOW_MS,
    )
    return await run(settings, stop)
