"""A pass of the loop that comes too late: told to the agent of a physical drive, felt by the watchdog."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from contract.machines import catalogue
from machine_agent import keys
from machine_agent.agent import Agent, Beginning, Effect, Station
from machine_agent.clock import Clock, Now
from machine_agent.drivers import Sample
from machine_agent.drivers.still import StillDriver
from machine_agent.inputs import PatientInput
from machine_agent.link import LinkSettings
from machine_agent.loop import STALL_MS, Machine, run
from machine_agent.spool import Spool
from machine_agent.watchdog import Pulse

STATION = Station(
    machine="le-1",
    kind=catalogue()["lumbar_extension"],
    boot="b",
    firmware="test",
    site_key=b"",
    open_loop=True,
)


class Told(Agent):
    """An agent that remembers of which stalls it was told."""

    def __init__(self, beginning: Beginning) -> None:
        super().__init__(STATION, beginning, bytes)
        self.stalls_ms: list[int] = []

    def on_stall(self, now: Now, stalled_ms: int) -> list[Effect]:
        self.stalls_ms.append(stalled_ms)
        return super().on_stall(now, stalled_ms)


class Sleepy(StillDriver):
    """A driver that keeps the loop waiting in its tenth pass, and ends it in its twentieth."""

    def __init__(self, stop: asyncio.Event) -> None:
        super().__init__()
        self.stop, self.reads = stop, 0

    def read(self, body_ms: int) -> Sequence[Sample]:
        self.reads += 1
        if self.reads == 10:
            time.sleep(STALL_MS / 1_000)
        elif self.reads > 20:
            self.stop.set()
        return super().read(body_ms)


class Heart(Pulse):
    """A pulse that nobody feels."""

    def __init__(self) -> None:
        self.beats = 0

    def beat(self, mono_ms: int) -> None:  # noqa: ARG002 - the loop's call
        self.beats += 1


@pytest.mark.parametrize("is_real_time", [True, False])
async def test_only_the_agent_of_a_physical_drive_is_told_of_a_late_pass(
    tmp_path: Path, is_real_time: bool
) -> None:
    stop, heart = asyncio.Event(), Heart()
    async with Spool(tmp_path / "spool.sqlite") as spool:
        agent = Told(spool.beginning())
        machine = Machine(
            agent=agent,
            driver=Sleepy(stop),
            spool=spool,
            link=LinkSettings(machine="le-1", origin="sim", keys=keys.from_table({}), port=1),
            clock=Clock(),
            is_real_time=is_real_time,
            pulse=heart,
        )
        inputs: asyncio.Queue[PatientInput] = asyncio.Queue()
        await run(machine, inputs, stop)
    assert heart.beats >= 5
    assert all(one >= STALL_MS for one in agent.stalls_ms)
    assert bool(agent.stalls_ms) is is_real_time
