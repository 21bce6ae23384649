"""Two workers share the messages of machines: nothing lost or doubled, and the decisions of one worker."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio, open_studio

from contract.messages import Plan
from openspine.broker.embedded import Broker as BrokerProcess
from services.bus import RIMS, SHARES, Broker, Bus
from services.coaching import Delivery, waiting
from services.store import tables

pytestmark = pytest.mark.broker
BADGES = ("badge-10", "badge-11", "badge-12", "badge-13")
LONG_MS = 60_000
DECIDED = ("id", "basis_seq", "set_number", "request", "answer")
Connect = Callable[[ScriptedMachine], Awaitable[Any]]


@contextlib.asynccontextmanager
async def working(studio: Studio, broker: BrokerProcess, rim: str, *parts: str) -> AsyncIterator[list[Bus]]:
    """Run a process of each part, each under a name of its own."""
    buses = [
        Bus(
            RIMS[rim](
                Broker(
                    host=broker.host, port=broker.port, client_id=f"svc-{part}-{number}", shares=SHARES[part]
                )
            ),
            studio.engine,
            studio.desk,
            lambda *_: None,
            lambda: int(time.time() * 1000),
        )
        for number, part in enumerate(parts)
    ]
    tasks = [asyncio.create_task(bus.run()) for bus in buses]
    try:
        async with asyncio.timeout(20):
            await asyncio.gather(*(bus.connected() for bus in buses))
        await asyncio.sleep(0.3)  # until the broker has the subscriptions
        yield buses
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _rows(machine: ScriptedMachine, plan: Plan) -> Iterator[list[Delivery]]:
    """A session in bursts, cut where a set begins; the last set is left out."""
    yield [machine.weigh(), machine.answer("pain_before", 3), machine.answer("spasm", "no")]
    for row in plan.settings[:-1]:
        rows = machine.train(row)
        yield [*rows, machine.answer("rir", "1-2", row.set), machine.answer("pain_set", 2, row.set)]


def _decided(studio: Studio) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[name] for name in DECIDED) for row in studio.rows(tables.decision))


async def _train(machine: ScriptedMachine, badge: str, connect: Connect) -> list[Delivery]:
    link = await connect(machine)
    sent = [machine.sign_in(badge)]
    await link.send(*sent)
    for chunk in _rows(machine, await link.take(Plan)):
        sent += chunk
        await link.send(*chunk)
        await link.committed(machine.seq)
    return sent


def _enrolled(studio: Studio) -> Studio:
    for badge in BADGES:
        studio.enrol(badge, "lumbar_extension")
    return studio


@pytest.mark.parametrize("rim_name", ["gmqtt", "aiomqtt"])
async def test_two_workers_decide_what_one_decides(
    any_studio: Studio,
    broker: BrokerProcess,
    rim_name: str,
    connect: Connect,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if broker.kind == "iotcore":
        pytest.skip("iotcore answers no shared subscription in time")
    monkeypatch.setattr(waiting, "WAIT_MS", LONG_MS)  # on a busy computer one worker may be seconds behind
    studio = _enrolled(any_studio)
    async with working(studio, broker, rim_name, "worker", "worker") as buses:
        machines = [ScriptedMachine(f"lumbar-{badge}") for badge in BADGES]
        sent = await asyncio.gather(
            *(_train(machine, badge, connect) for machine, badge in zip(machines, BADGES, strict=True))
        )
        assert all(bus.counts.stored for bus in buses)
        assert sum(bus.counts.stored for bus in buses) == sum(map(len, sent))
        assert sum(bus.counts.rejected for bus in buses) == 0

    for alone in map(_enrolled, open_studio(f"sqlite:///{tmp_path / 'alone.sqlite'}", tmp_path)):
        for row in (row for rows in sent for row in rows):
            alone.hear(replace(row, received_ms=NOW_MS))
        assert _decided(studio) == _decided(alone)
    assert studio.rows(tables.postponed) == []
