"""The service dies between commit and acknowledgement: nothing is lost, nothing is counted twice."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from scripted_machine import ScriptedMachine
from scripted_studio import Studio
from sqlalchemy.exc import OperationalError

from contract.messages import Plan
from openspine.broker.embedded import Broker as BrokerProcess
from services.bus import RIMS, Broker, Bus
from services.coaching import Delivery, Outcome
from services.store import tables

pytestmark = pytest.mark.broker
Connect = Callable[[ScriptedMachine], Awaitable[Any]]


class DyingBus(Bus):
    """Commits one batch and is gone before it says so."""

    def _transact(self, deliveries: Sequence[Delivery], published: Sequence[str]) -> Outcome:
        super()._transact(deliveries, published)
        raise SystemError("killed after the commit")


class UnluckyBus(Bus):
    """Finds the database down three times."""

    failures = 3

    def _transact(self, deliveries: Sequence[Delivery], published: Sequence[str]) -> Outcome:
        if self.failures:
            self.failures -= 1
            raise OperationalError("BEGIN", {}, OSError("planted"))
        return super()._transact(deliveries, published)


def _bus(kind: type[Bus], broker: BrokerProcess, rim_name: str, studio: Studio) -> Bus:
    place = Broker(host=broker.host, port=broker.port, client_id="svc-test")
    rim = RIMS[rim_name](place)
    return kind(rim, studio.engine, studio.desk, lambda *_: None, lambda: int(time.time() * 1000))


async def test_killed_between_commit_and_acknowledgement(
    studio: Studio, broker: BrokerProcess, rim_name: str, connect: Connect
) -> None:
    machine = ScriptedMachine()
    link = await connect(machine)
    dying = _bus(DyingBus, broker, rim_name, studio)
    task = asyncio.create_task(dying.run())
    await dying.connected()
    rows = [machine.sign_in(), machine.weigh(), machine.answer("pain_before", 2)]
    await link.send(rows[0])
    with pytest.raises(SystemError):
        await task
    assert len(studio.rows(tables.inbox)) == 1

    await link.send(*rows[1:])
    second = _bus(Bus, broker, rim_name, studio)
    again = asyncio.create_task(second.run())
    await second.connected()
    assert (await link.take(Plan)).settings
    # The spool sends again what was not acknowledged, whatever the broker kept.
    await link.send(*rows)
    await link.committed(machine.seq)
    again.cancel()
    await asyncio.gather(again, return_exceptions=True)

    assert sorted(row["seq"] for row in studio.rows(tables.inbox)) == [1, 2, 3]
    assert len(studio.rows(tables.session)) == 1
    assert len(studio.rows(tables.answer)) == 1


async def test_a_database_that_is_down_delays_and_loses_nothing(
    studio: Studio, broker: BrokerProcess, rim_name: str, connect: Connect
) -> None:
    machine = ScriptedMachine()
    link = await connect(machine)
    bus = _bus(UnluckyBus, broker, rim_name, studio)
    task = asyncio.create_task(bus.run())
    await bus.connected()

    await link.send(machine.sign_in(), machine.weigh())
    await link.committed(machine.seq)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert bus.counts.failed_transactions == 3
    assert len(studio.rows(tables.inbox)) == 2
