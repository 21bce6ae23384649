"""A bent patient in spasm must never be locked in: the arm gives way towards the start, whatever happened.

True agent, emulated drive and person. The person stops moving far out and wants back to the start.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contract.machines import catalogue
from emulator.faults.sensors import Fault
from emulator.people.members import Member
from emulator.studio.trial import Trial
from machine_agent.drivers import DriveCommand
from machine_agent.inputs import EmergencyStop, MoveArm, PatientInput, Press

KIND = catalogue()["lumbar_extension"]
FAR_DEG = 20.0
STOPS: dict[str, PatientInput | None] = {
    "paused": Press(button="stop"),
    "stopped": Press(button="pain"),
    "fault": None,
    "estop": EmergencyStop(),
}


@pytest.fixture
def bent(small_service: Callable[..., Any], two_members: tuple[Member, ...]) -> Callable[..., Trial]:
    """Somebody far out in a rep, stopped there."""

    def made(state: str) -> Trial:
        faults = (Fault(name="silent", from_ms=40_000, until_ms=10**9),) if state == "fault" else ()
        trial = Trial(KIND, small_service(load_g=4_000), faults=faults)
        trial.operator.begin(two_members[0], trial.now)
        while not (trial.view.awaits == "set" and trial.driver.machine.deg > FAR_DEG):
            trial.step()
            if trial.body_ms % 100 == 0:
                trial.look()
            assert trial.body_ms < 120_000
        touch = STOPS[state]
        if touch is not None:
            trial.touch(touch)
        while trial.view.state.value != state:
            trial.step()
            assert trial.body_ms < 120_000
        assert trial.driver.lifter is not None
        trial.driver.lifter.stop()
        trial.step()  # with it the drive hears of the stop
        return trial

    return made


def _go(trial: Trial, deg: float, seconds: float) -> float:
    """Let the person go to an angle for so long; nobody looks at the screen."""
    lifter = trial.driver.lifter
    assert lifter is not None
    lifter.approach(deg)
    for _ in range(round(seconds * 50)):
        trial.step()
    lifter.stop()
    return trial.driver.machine.deg


@pytest.mark.parametrize("state", list(STOPS))
def test_back_is_always_free_and_out_is_braked(state: str, bent: Callable[..., Trial]) -> None:
    trial = bent(state)
    stood_deg = trial.driver.machine.deg
    assert _go(trial, 60.0, 3.0) <= stood_deg  # braked outwards
    half_deg = _go(trial, stood_deg / 2, 2.0)
    assert half_deg == pytest.approx(stood_deg / 2, abs=0.3)  # free towards the start
    assert _go(trial, 0.0, 4.0) == pytest.approx(0.0, abs=0.3)
    assert trial.driver.machine.drive_load_g == 0
    assert trial.view.state.value == state


def test_a_locked_arm_would_hold_the_patient(bent: Callable[..., Trial]) -> None:
    """The negative control: what the test above would see if a stop locked the arm."""
    trial = bent("stopped")
    take = trial.driver.command

    def locked(command: DriveCommand) -> None:
        take(replace(command, lock=True))

    trial.driver.command = locked  # type: ignore[method-assign]
    trial.step()
    stood_deg = trial.driver.machine.deg
    assert _go(trial, 0.0, 4.0) == stood_deg


@pytest.mark.parametrize("state", ["paused", "stopped"])
def test_held_to_run_the_arm_goes_slowly_to_the_start_and_stops_when_the_button_is_let_go(
    state: str, bent: Callable[..., Trial]
) -> None:
    trial = bent(state)
    for _ in range(100):
        trial.step()  # measured zero first
    stood_deg = trial.driver.machine.deg
    for _ in range(50):
        trial.touch(MoveArm())
        trial.step()
    moved_deg = stood_deg - trial.driver.machine.deg
    assert 6.0 <= moved_deg <= 8.5  # a second of the slow, weak movement (8 deg/s)
    for _ in range(12):
        trial.step()
    let_go_deg = trial.driver.machine.deg
    assert moved_deg <= stood_deg - let_go_deg <= moved_deg + 2.0  # it stops within 200 ms
    for _ in range(100):
        trial.step()
    assert trial.driver.machine.deg == let_go_deg
    for _ in range(round(let_go_deg / 8 * 50) + 60):
        trial.touch(MoveArm())
        trial.step()
    assert trial.driver.machine.deg == pytest.approx(KIND.limit_cdeg[0] / 100, abs=0.1)


def test_under_load_the_button_moves_nothing(bent: Callable[..., Trial]) -> None:
    trial = bent("stopped")
    stood_deg = trial.driver.machine.deg
    trial.touch(MoveArm())  # the load is still on its way down
    trial.step()
    assert trial.driver.machine.deg == stood_deg
    assert trial.view.load_g > 0
