"""A message counts as published when the broker has acknowledged it, and not before."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from looks import Looks
from rim_in_memory import FakeRim, running
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio, open_studio

import services.bus.bus
from services.bus.bus import UNTOLD_MOST
from services.store import tables


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(f"sqlite:///{tmp_path / 'studio.sqlite'}", tmp_path)


def waiting(studio: Studio) -> list[object]:
    return [row["published_ms"] for row in studio.rows(tables.outbox)]


async def test_what_the_broker_never_acknowledges_counts_as_published_by_nobody(studio: Studio) -> None:
    machine, rim, late_ms = ScriptedMachine(), FakeRim(), 0
    rim.acknowledges = False
    async with running(studio, [], lambda: machine.wall_ms + late_ms, rim=rim) as (_, bus):
        rim.deliver(machine.sign_in())
        await rim.until_acked(machine.seq)
        late_ms = 2_500  # its lease is over: a look finds it free, and it is still on its way
        rim.deliver(machine.weigh())
        await rim.until_acked(machine.seq)
        assert rim.log.count("plan") == 1
        assert (waiting(studio), bus.counts.published) == ([None], 0)

        rim.confirm(has_it=False)  # the link was lost with it: said again over the next one
        late_ms = 5_000
        await rim.until_plans(2)
        assert (waiting(studio), bus.counts.published) == ([None], 0)

        rim.confirm()
        rim.deliver(machine.weigh())
        await rim.until_acked(machine.seq)
        assert None not in waiting(studio)
        assert bus.counts.published == 1


async def test_another_process_says_what_a_silent_broker_was_told_by_one_that_died(studio: Studio) -> None:
    machine, silent = ScriptedMachine(), FakeRim()
    silent.acknowledges = False
    async with running(studio, [], rim=silent):
        silent.deliver(machine.sign_in())
        await silent.until_acked(machine.seq)
    async with running(studio, [], lambda: machine.wall_ms + 3_000) as (rim, _):
        await rim.until_plans(1)


async def test_the_setting_of_a_row_that_waited_in_line_is_said_once(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine, now_ms, looks = ScriptedMachine(), NOW_MS, Looks(monkeypatch)
    async with running(studio, [], lambda: now_ms) as (rim, bus):
        rim.deliver(machine.sign_in())
        now_ms += 3_000  # longer than a lease
        await rim.until_acked(machine.seq)
        await looks.pass_by(3)
        assert (rim.log.count("plan"), bus.counts.published) == (1, 1)


class SlowRim(FakeRim):
    """A link over which the first message never leaves."""

    async def publish(self, *_given: object) -> None:
        self.arrived.set()
        await asyncio.Event().wait()


async def test_while_the_link_is_slow_looks_that_find_nothing_stand_in_nobodys_way(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.bus.bus, "LOOK_S", 0.01)
    machine, looks, slow = ScriptedMachine(), Looks(monkeypatch), SlowRim()
    async with running(studio, [], rim=slow) as (rim, _):
        rim.deliver(machine.sign_in())
        await slow.arrived.wait()
        await looks.pass_by(2 * UNTOLD_MOST)
