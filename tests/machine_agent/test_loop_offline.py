"""A day without the service, on the true loop, spool and link: nothing is lost, nothing is doubled."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from agent_room import WALL_MS

from contract.messages import Message, Receipt, SetEnd, SignIn, SignOut
from machine_agent.agent import hearing
from machine_agent.clock import Clock
from machine_agent.spool import Spool
from openspine.broker.embedded import Broker

pytestmark = pytest.mark.broker
PATIENCE_S = 60.0  # for a busy computer


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - looks at threads and sockets, no event tells
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("broker", ["mosquitto"], indirect=True)
async def test_a_kept_plan_opens_after_a_restart_and_its_rows_arrive_when_the_service_is_back(
    broker: Broker,
    tmp_path: Path,
    stage: Callable[..., Any],
    make_service: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service, path = make_service(broker.port), tmp_path / "spool.sqlite"
    async with service.serving(), Spool(path) as spool:
        known = stage(spool, service)
        await asyncio.wait_for(known.person.done.wait(), PATIENCE_S)
        await known.end()
    monkeypatch.setattr(hearing, "ALONE_MS", 300)  # real time, which no clock of a test can shorten
    async with Spool(path) as spool:
        alone = stage(spool, service, clock=Clock(60.0, WALL_MS + 86_400_000))
        await until(lambda: any(isinstance(row.body, SignOut) for row in alone.person.stored))
        assert not alone.person.heard
        async with service.serving():
            await asyncio.wait_for(alone.person.done.wait(), PATIENCE_S)
        await alone.end()
        bodies = [row.body for row in alone.person.stored]
        assert sum(isinstance(body, SetEnd) for body in bodies) == 2
        loads = [one.applied.load_g for one in _receipts(alone.person.stored)]
        assert max(loads) <= max(one.applied.load_g for one in _receipts(known.person.stored))
        written = [row.head.seq for row in (*known.person.stored, *alone.person.stored)]
        assert sorted(service.stored) == written == list(range(1, len(written) + 1))
        assert sum(isinstance(row.body, SignIn) for row in service.stored.values()) == 2
    left = Spool(path)
    assert left.waiting() == []
    assert len(left.beginning().plans) == 1
    await left.close()
    assert b"Mrs Chan" not in _on_disk(tmp_path), "nobody's name stands on the disk"


def _receipts(rows: Sequence[Message]) -> list[Receipt]:
    return [row.body for row in rows if isinstance(row.body, Receipt)]


def _on_disk(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.glob("spool.sqlite*"))
