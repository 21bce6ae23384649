"""A heavy trunk on the machine: with the weigh-in carried by the drive the person feels the load alone.

Stated tolerance: 3 Nm at every angle of every rep, which is also what a drive may be wrong by (invariant 10).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from contract.machines import catalogue
from contract.messages import Event, Message, Plan, Rep, SetEnd, SignIn
from emulator.people.lifter import Lifter, Posture
from emulator.people.members import Member
from emulator.studio import turn
from emulator.studio.trial import Trial
from machine_agent.drivers import DriveCommand, Sample

KIND = catalogue()["lumbar_extension"]
LOAD_G = 6_000
TOLERANCE_NM = 3.0
START_CDEG, END_CDEG = 500, 5_500
MASS_KG = 110.0


class Feeling(Lifter):
    """A person who remembers what the muscle had to make, angle by angle, while a rep was under way."""

    felt_nm: list[tuple[float, float]]

    def step(self, dt_s: float, load_nm: float) -> Posture:
        posture = super().step(dt_s, load_nm)
        if self._doing in ("lift", "hold", "lower"):
            self.felt_nm.append((posture.deg, load_nm))
        return posture


@pytest.fixture
def felt_nm(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    monkeypatch.setattr(Feeling, "felt_nm", found, raising=False)
    monkeypatch.setattr(turn, "Lifter", Feeling)
    return found


@pytest.fixture
def heavy_turn(
    felt_nm: list[tuple[float, float]], small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> Callable[..., Trial]:
    """One set over nearly the whole range, strong person, 110 kg; commands and samples may be spoilt."""
    del felt_nm
    person = replace(
        two_members[0].person,
        mass_kg=MASS_KG,
        strength_log=0.5,
        range_share=1.1,
        severity="none",
        pain_nrs=0.0,
    )
    member = replace(two_members[0], person=person, condition=replace(two_members[0].condition, pain_nrs=0.0))

    def run(
        spoil_command: Callable[[DriveCommand], DriveCommand] | None = None,
        spoil_sample: Callable[[Sample], Sample] | None = None,
    ) -> Trial:
        service = small_service(load_g=LOAD_G, step_g=0, sets=1)
        plan = service.plan

        def over_the_range(row: Message, body: SignIn) -> Plan:
            made: Plan = plan(row, body)
            rows = tuple(replace(one, start_cdeg=START_CDEG, end_cdeg=END_CDEG) for one in made.settings)
            return replace(made, settings=rows)

        service.plan = over_the_range
        trial = Trial(KIND, service)
        take, read = trial.driver.command, trial.driver.read
        if spoil_command is not None:

            def taken(command: DriveCommand) -> None:
                take(spoil_command(command))

            trial.driver.command = taken  # type: ignore[method-assign]
        if spoil_sample is not None:

            def spoilt(body_ms: int) -> Sequence[Sample]:
                return [spoil_sample(one) for one in read(body_ms)]

            trial.driver.read = spoilt  # type: ignore[method-assign]
        trial.run_turn(member)
        return trial

    return run


def _bodies(trial: Trial, kind: type) -> list[Any]:
    return [row.body for row in trial.rows if isinstance(row.body, kind)]


def _worst_nm(felt: list[tuple[float, float]]) -> float:
    return max(abs(nm - KIND.torque_nm(LOAD_G / 1_000)) for _, nm in felt)


def test_the_load_alone_is_felt_over_the_whole_range(
    felt_nm: list[tuple[float, float]], heavy_turn: Callable[..., Trial]
) -> None:
    trial = heavy_turn()
    assert [end.reps for end in _bodies(trial, SetEnd)] == [8]
    angles = [deg for deg, _ in felt_nm]
    assert min(angles) < 6
    assert max(angles) > 50
    assert _worst_nm(felt_nm) <= TOLERANCE_NM
    assert not _bodies(trial, Event)  # and the watch saw no wrong load


def test_without_the_weight_in_the_command_the_trunk_hangs_on_the_muscle(
    felt_nm: list[tuple[float, float]], heavy_turn: Callable[..., Trial]
) -> None:
    """The negative control: the same set, the drive carries nothing."""
    heavy_turn(spoil_command=lambda one: replace(one, gravity=()))
    assert _worst_nm(felt_nm) > 60


def test_figures_are_compensated_once(heavy_turn: Callable[..., Trial]) -> None:
    """What is measured is what the muscle did, whether the drive carries the trunk or not."""
    load_nm = KIND.torque_nm(LOAD_G / 1_000)
    carried = [one.mean_torque_nm for one in _bodies(heavy_turn(), Rep)]
    assert carried == pytest.approx([load_nm] * 8, abs=TOLERANCE_NM)
    alone = [one.mean_torque_nm for one in _bodies(heavy_turn(lambda one: replace(one, gravity=())), Rep)]
    assert min(alone) > load_nm + 40


def test_a_drive_that_reports_the_carried_weight_as_load_is_a_fault(
    heavy_turn: Callable[..., Trial],
) -> None:
    """`load_g` is the load without the carried weight: the watch notices a drive that mixes them up."""
    g_nm = KIND.torque_nm(1.0) / 1_000

    def gross(sample: Sample) -> Sample:
        return replace(sample, load_g=round(sample.load_g - 60 / g_nm)) if sample.load_g else sample

    trial = heavy_turn(spoil_sample=gross)
    assert [(one.what, one.detail) for one in _bodies(trial, Event)] == [("sensor", "load_error")]
    assert _bodies(trial, SetEnd)[0].ended_by == "fault"
