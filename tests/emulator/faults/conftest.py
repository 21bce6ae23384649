"""The true agent with an emulated drive and person, and faults that strike; no network."""

from collections.abc import Callable
from typing import Any

import pytest

from contract.machines import catalogue
from emulator.faults.registry import FaultName
from emulator.faults.verdict import Verdict, judge
from emulator.faults.wishes import Wish
from emulator.faults.witness import Witness
from emulator.people.members import Member
from emulator.studio.planting import Planter
from emulator.studio.trial import Trial

MACHINE = "trial-1"
MOST_MS, AFTER_MS = 300_000, 45_000  # body time: in all, and after the fault has struck


class FaultyTrial(Trial):
    """A trial with a planter and a witness."""

    def __init__(self, wish: Wish, service: Any) -> None:
        super().__init__(catalogue()["lumbar_extension"], service)
        self.witness = Witness()
        self.planter = Planter([wish], self.driver, self.witness)
        self._witnessed = 0

    def step(self) -> None:
        super().step()
        at_s = self.body_ms / 1_000
        lifter = self.driver.lifter
        for row in self.rows[self._witnessed :]:
            self.witness.row(row, lifter.reps if lifter else None, at_s)
        self._witnessed = len(self.rows)
        self.witness.view(self.view, self.driver.machine.drive_load_g, at_s)
        for touch in self.planter.look(self.view, self.now, lambda _: None):
            self.touch(touch)
        if self.body_ms % 100 == 0:
            self.look()


@pytest.fixture
def struck(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> Callable[[FaultName], Verdict]:
    """Let a fault strike in a set, and judge what the machine shows of it."""

    def made(name: FaultName) -> Verdict:
        trial = FaultyTrial(Wish(name=name, machine=MACHINE), small_service(load_g=6_000))
        trial.operator.begin(two_members[0], trial.now)
        until_ms = MOST_MS
        while not trial.planter.is_over and trial.body_ms < until_ms:
            trial.step()
            if until_ms == MOST_MS and trial.planter.planted[0].at_s is not None:
                until_ms = trial.body_ms + AFTER_MS
        (verdict,) = judge(trial.planter.planted, {MACHINE: trial.witness.seen})
        return verdict

    return made
