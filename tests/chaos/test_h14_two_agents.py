"""h14: a card was cloned, two agents speak under one name: both fault and leave the broker alone."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from agent_stage import Person, Service, Stage, staged

from contract.messages import Event
from machine_agent.agent import State, View
from machine_agent.clock import Now
from machine_agent.inputs import Reset
from machine_agent.namesake import Namesake
from machine_agent.spool import Spool
from openspine.broker.embedded import Broker

pytestmark = pytest.mark.broker
QUIET_S = 1.0  # ten times the longest first wait before a connect


@dataclass
class Looker:
    """Looks at every view before the person does."""

    person: Person
    state: State = State.BOOT

    def on_view(self, view: View, now: Now) -> None:
        self.state = view.state
        Person.on_view(self.person, view, now)


def looked_at(running: Stage) -> Looker:
    looker = Looker(running.person)
    running.person.on_view = looker.on_view  # type: ignore[method-assign]
    return looker


async def until(condition: Callable[[], bool], most_s: float = 30.0) -> None:
    async with asyncio.timeout(most_s):
        while not condition():  # noqa: ASYNC110 - looks at threads and sockets, no event tells
            await asyncio.sleep(0.01)


@pytest.fixture
def service(broker: Broker) -> Service:
    if broker.kind == "iotcore":
        pytest.skip("iotcore lets no client in again that another one of its name has thrown out")
    return Service(broker.port)


async def test_two_agents_of_one_name_fault_and_stay_away_until_a_reset(
    service: Service, broker: Broker, tmp_path: Path
) -> None:
    async with (
        service.serving(),
        Spool(tmp_path / "one.sqlite") as first_spool,
        Spool(tmp_path / "two.sqlite") as second_spool,
    ):
        first = staged(first_spool, service, rate=1.0, sessions=0)
        looker = looked_at(first)
        await until(lambda: len(service.statuses) > 0)
        second = staged(second_spool, service, rate=1.0, sessions=0)
        other = looked_at(second)
        await until(lambda: looker.state is other.state is State.FAULT)

        await asyncio.sleep(QUIET_S)
        connects = broker.log.read_text().count(" as le-1 ")
        await asyncio.sleep(QUIET_S)
        assert broker.log.read_text().count(" as le-1 ") == connects

        await second.end()
        first.person.inputs.put_nowait(Reset())
        await until(lambda: looker.state is State.IDLE)
        await until(lambda: len(service.stored) > 0)
        told = [row.body for row in service.stored.values() if isinstance(row.body, Event)]
        assert "conflict" in [event.what for event in told]
        await first.end()


async def test_unnoticed_they_throw_each_other_out_without_end(
    service: Service, broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: what the link notices is what ends it."""
    monkeypatch.setattr(Namesake, "_tell", lambda _: None)
    async with (
        service.serving(),
        Spool(tmp_path / "one.sqlite") as first_spool,
        Spool(tmp_path / "two.sqlite") as second_spool,
    ):
        running = [staged(spool, service, rate=1.0, sessions=0) for spool in (first_spool, second_spool)]
        lookers = [looked_at(one) for one in running]
        await until(lambda: broker.log.read_text().count(" as le-1 ") >= 8)
        assert [one.state for one in lookers] == [State.IDLE, State.IDLE]
        for one in running:
            await one.end()


async def test_one_agent_that_loses_its_broker_again_and_again_is_no_clone(
    service: Service, broker: Broker, tmp_path: Path
) -> None:
    """The control: reconnects alone are no reason to stop."""
    async with service.serving(), Spool(tmp_path / "one.sqlite") as spool:
        running = staged(spool, service, rate=1.0, sessions=0)
        looker = looked_at(running)
        for _ in range(4):
            seen = len(service.statuses)
            await until(lambda before=seen: len(service.statuses) > before)  # type: ignore[misc]
            broker.kill()
            broker.start()
        assert looker.state is State.IDLE
        await running.end()
