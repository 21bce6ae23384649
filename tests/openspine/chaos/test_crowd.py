"""How long a crowd of machines waits for the service, and what its disks keep."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from scripted_machine import ScriptedMachine

from contract import codec
from contract.messages import Message
from machine_agent.agent.effects import Record
from openspine.chaos import crowd
from openspine.chaos.crowd import Crowd, Talk

GO_HOME_S = 20.0  # only so that a hang ends


class Moving(Crowd):
    """Commits so many more rows at each look, and then nothing."""

    def __init__(self, folder: Path, left: int, looks: int) -> None:
        super().__init__([], 1, folder, Talk(pause_s=0.0), 1)
        self._left, self._looks = left, looks

    @property
    def committed(self) -> int:
        if self._looks:
            self._looks, self._left = self._looks - 1, self._left - 1
        return -self._left

    @property
    def waiting(self) -> int:
        return self._left


@pytest.mark.parametrize(
    ("left", "looks", "bounds_s", "why"),
    [
        (5, 5, (9.0, 9.0), ""),
        (5, 3, (0.02, 9.0), "nothing was committed for 0.02 s"),
        (10_000, 10_000, (9.0, 0.05), "it went on for 0.05 s"),
    ],
)
async def test_it_waits_as_long_as_rows_are_committed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    left: int,
    looks: int,
    bounds_s: tuple[float, float],
    why: str,
) -> None:
    monkeypatch.setattr(crowd, "PATIENCE_S", bounds_s[0])
    monkeypatch.setattr(crowd, "SETTLE_MOST_S", bounds_s[1])
    moving = Moving(tmp_path, left, looks)
    await moving.settle()
    assert moving.gave_up == why
    assert (moving.waiting == 0) is (why == "")


@pytest.mark.parametrize("wait", [Crowd.progress, Crowd.settle])
async def test_it_does_not_wait_for_a_service_that_is_gone(
    tmp_path: Path, wait: Callable[[Crowd], Awaitable[float]]
) -> None:
    moving = Moving(tmp_path, 5, 0)
    moving.service_ended_by_itself = lambda: "it fell"
    async with asyncio.timeout(GO_HOME_S):
        await wait(moving)
    assert moving.gave_up == "it fell"


async def test_a_service_that_ends_when_all_is_committed_is_told_as_well(tmp_path: Path) -> None:
    moving = Moving(tmp_path, 0, 0)
    await moving.settle()
    assert moving.gave_up == ""
    moving.service_ended_by_itself = lambda: "it fell"
    assert moving.gave_up == "it fell"


async def test_what_is_on_a_disk_is_kept(tmp_path: Path) -> None:
    machine = ScriptedMachine()
    said = [codec.decode_up(row.topic, row.payload) for row in (machine.sign_in(), machine.weigh())]
    one = Crowd(["badge"], 1, tmp_path, Talk(pause_s=0.0), 1).machines[0]
    one.spool.start(lambda *_: None)
    for row in said:
        assert isinstance(row, Message)
        one.spool.put(Record(message=row, open_set=None))
    await one.spool.close()
    assert one.kept() == {(one.name, one.spool.stream, seq) for seq in (1, 2)}


async def test_machines_go_home_though_nobody_commits(tmp_path: Path, free_port: int) -> None:
    """One that waits for the service before it says more would wait for ever."""
    talking = Crowd(["badge"], free_port, tmp_path, Talk(pause_s=0.0, ahead_most=3), 1)
    async with asyncio.timeout(GO_HOME_S), talking:
        while talking.waiting < 3:  # noqa: ASYNC110 (looks at a thread, no event tells)
            await asyncio.sleep(crowd.LOOK_S)
    assert len(talking.kept) == 3
