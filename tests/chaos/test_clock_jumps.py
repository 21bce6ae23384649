"""The wall clock jumps by years: rows keep their order, retries their time, and nothing is lost."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from agent_stage import Service, staged

from contract.messages import Rep
from machine_agent.clock import Clock
from machine_agent.spool import Spool
from openspine.broker.embedded import Broker, best_kind

pytestmark = pytest.mark.broker
NS_IN_DAY = 86_400 * 1_000_000_000
NS_IN_YEAR = 366 * 86_400 * 1_000_000_000
NS_IN_HOUR = 3_600 * 1_000_000_000
RATE = 60.0


class JumpingWall:
    """A wall clock that is set again before every reading."""

    def __init__(self, jumps_ns: tuple[int, ...]) -> None:
        self.jumps_ns = jumps_ns
        self.reads = 0

    def __call__(self) -> int:
        self.reads += 1
        return time.time_ns() + self.jumps_ns[self.reads % len(self.jumps_ns)]


async def until(condition: Callable[[], bool], most_s: float = 30.0) -> None:
    async with asyncio.timeout(most_s):
        while not condition():  # noqa: ASYNC110 - looks at threads and sockets, no event tells
            await asyncio.sleep(0.01)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(best_kind(), tmp_path / "broker") as running:
        yield running


@pytest.mark.parametrize(
    "jumps_ns",
    [(30 * NS_IN_DAY, -NS_IN_YEAR), (0, -NS_IN_HOUR, NS_IN_HOUR)],
    ids=["a month on, a year back", "an hour"],  # a year on, no envelope is valid (see h08)
)
async def test_a_session_under_a_jumping_clock(
    jumps_ns: tuple[int, ...], tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("machine_agent.window.RETRY_MS", 500)
    wall = JumpingWall(jumps_ns)
    service = Service(broker.port)
    async with service.serving(), Spool(tmp_path / "spool.sqlite") as spool:
        running = staged(spool, service, clock=Clock(RATE, wall_ns=wall))
        await until(lambda: any(isinstance(row.body, Rep) for row in service.stored.values()))
        broker.kill()
        await asyncio.sleep(0.2)
        broker.start()
        await asyncio.wait_for(running.person.done.wait(), 60)
        await running.end()
    heads = [row.head for row in running.person.stored]
    assert [head.seq for head in heads] == list(range(1, len(heads) + 1))
    assert sorted(service.stored) == [head.seq for head in heads]
    assert [head.mono_ms for head in heads] == sorted(head.mono_ms for head in heads)
    walls = [head.wall_ms for head in heads]
    assert walls != sorted(walls)  # the jumps did reach the rows
