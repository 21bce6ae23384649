"""h21: the broker is killed again and again while true agents train people: nothing lost, nothing doubled."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from scripted_machine import NOW_MS
from scripted_studio import Studio

from emulator.people.members import Description, member
from emulator.studio.fleet import FleetReport, FleetSettings, run
from machine_agent.spool_file import SpoolFile
from openspine.broker.embedded import Broker as BrokerProcess
from openspine.broker.embedded import best_kind
from services.bus import RIMS, Broker, Bus
from services.store import tables

pytestmark = pytest.mark.broker
MACHINES = {
    "lumbar-1": "lumbar_extension",
    "lumbar-2": "lumbar_extension",
    "rotation-1": "trunk_rotation",
    "rotation-2": "trunk_rotation",
}
BADGES = ("badge-1", "badge-2", "badge-3", "badge-4")
PATIENCE_S = 1_200.0  # only so that a hang ends
RATE = 60.0  # body time: a rep every tenth of a second, whatever the link does


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[BrokerProcess]:
    with BrokerProcess(best_kind(), tmp_path / "broker") as running:
        yield running


async def test_the_broker_dies_while_people_train(
    studio: Studio,
    broker: BrokerProcess,
    tmp_path: Path,
    counted: Callable[[int], int],
    quick_retries: None,
) -> None:
    del quick_retries
    kills = counted(40)
    async with _serving(studio, broker), asyncio.timeout(PATIENCE_S):
        report = await _train(studio, broker, tmp_path, kills)

    inbox = studio.rows(tables.inbox)
    waiting = 0
    for path in (tmp_path / "spools").glob("*.sqlite"):
        file = SpoolFile(path)
        stored = [row["seq"] for row in inbox if row["stream"] == file.stream]
        left = [row.seq for row in file.waiting()]  # said while everybody left, or not acknowledged yet
        assert sorted({*stored, *left}) == list(range(1, file.beginning().next_seq))
        assert len(stored) == len(set(stored))
        waiting += sum(row.kind == "rep" and row.seq not in stored for row in file.waiting())
        file.close()
    assert len(inbox) > kills
    assert len(studio.rows(tables.rep)) + waiting == report.reps_counted
    assert studio.rows(tables.dead_letter) == []


@contextlib.asynccontextmanager
async def _serving(studio: Studio, broker: BrokerProcess) -> AsyncIterator[Bus]:
    place = Broker(host=broker.host, port=broker.port, client_id="svc-test")
    bus = Bus(
        RIMS["gmqtt"](place), studio.engine, studio.desk, lambda *_: None, lambda: int(time.time() * 1_000)
    )
    task = asyncio.create_task(bus.run())
    await bus.connected()
    try:
        yield bus
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _train(studio: Studio, broker: BrokerProcess, folder: Path, kills: int) -> FleetReport:
    kinds = tuple(sorted(set(MACHINES.values())))
    for badge in BADGES[1:]:  # the first is enrolled by the fixture
        studio.enrol(badge, *kinds)
    members = [
        Description(
            badge=badge,
            seed=number,
            sex="male",
            age_years=41,
            mass_kg=72.0,
            pain_nrs=2,
            stations=kinds,
        )
        for number, badge in enumerate(BADGES)
    ]
    settings = FleetSettings(
        host=broker.host,
        port=broker.port,
        machines=MACHINES,
        members=[member(who) for who in members],
        keys_file=folder / "keys" / "keys.json",
        site_key=studio.keys.site,
        folder=folder / "spools",
        rate=RATE,
        wall_start_ms=NOW_MS,
    )
    stop = asyncio.Event()
    training = asyncio.create_task(run(settings, stop))
    chance = Random(21)
    await _rows_stored(studio, 1)
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.5, 3.0))
        broker.kill()
        await asyncio.sleep(chance.uniform(0, 0.3))
        broker.start()
    await _rows_stored(studio, len(studio.rows(tables.inbox)) + kills)
    stop.set()
    return await training


async def _rows_stored(studio: Studio, wanted: int) -> None:
    while len(studio.rows(tables.inbox)) < wanted:  # noqa: ASYNC110 - looks at a database, no event tells
        await asyncio.sleep(0.2)
