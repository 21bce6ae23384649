"""Calibrating an empty machine finds what was planted, on every kind, and refuses what it cannot judge."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from contract.machines import CDEG, catalogue
from emulator.machines.drive import Zeros, unset
from emulator.machines.driver import EmulatedDriver
from emulator.machines.zeroing import Zero, Zeroed, Zeroing, calibrate
from machine_agent.drivers import DriveCommand, Sample, Unfit

KIND = catalogue()["lumbar_extension"]
PLANTED = ((0.0, 0.0), (0.3, -1.8), (-0.45, 3.2))
ANGLE_DEG, TORQUE_NM, FRICTION_NM = 0.02, 0.1, 0.1  # how far off a finding may be


def _found(driver: EmulatedDriver) -> Zero:
    found = calibrate(driver, driver.machine.kind)
    assert isinstance(found, Zero)
    return found


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("name", catalogue())
def test_planted_zeros_and_friction_are_found_on_every_kind(name: str, planted: tuple[float, float]) -> None:
    driver = EmulatedDriver(catalogue()[name], 5, zeros=Zeros(angle_deg=planted[0], torque_nm=planted[1]))
    found = _found(driver)
    assert found.angle_deg == pytest.approx(planted[0], abs=ANGLE_DEG)
    assert found.torque_nm == pytest.approx(planted[1], abs=TORQUE_NM)
    assert found.friction_nm == pytest.approx(driver.machine.friction_nm, abs=FRICTION_NM)


def test_the_arm_ends_at_its_lower_stop_without_a_load() -> None:
    driver = EmulatedDriver(KIND, 5)
    _found(driver)
    assert driver.machine.deg == KIND.limit_cdeg[0] / CDEG
    assert driver.machine.drive_load_g == 0


def test_an_unset_machine_reads_true_behind_its_calibration() -> None:
    planted = Zeros(angle_deg=0.4, torque_nm=2.5)
    driver = EmulatedDriver(KIND, 6, zeros=planted)
    raw = Zeroed(driver, Zero(angle_deg=0.0, torque_nm=0.0, friction_nm=0.0))
    spoilt = _held(raw, driver)
    true = _held(Zeroed(driver, _found(driver)), driver)
    assert spoilt.deg == pytest.approx(30.0, abs=0.03)  # the encoder says so,
    assert spoilt.torque_nm == pytest.approx(2.5, abs=1.2)
    assert true.deg == pytest.approx(driver.machine.deg, abs=0.03)  # and now it is so
    assert driver.machine.deg == pytest.approx(30.0, abs=0.03)
    assert abs(true.torque_nm) < 1.2


def _held(driver: Zeroed, inner: EmulatedDriver) -> Sample:
    """Send the arm to 30 deg and wait."""
    command = DriveCommand(load_g=0, start_cdeg=3_000, end_cdeg=3_000, brake=True, max_speed_cdeg_s=0)
    sample: Sample | None = None
    for _ in range(500):
        driver.command(command)
        sample = ([sample, *driver.read(inner.body_ms + 20)])[-1]
    assert sample is not None
    return sample


def test_whoever_sits_in_the_machine_is_not_moved_to_its_stops() -> None:
    driver = EmulatedDriver(KIND, 5)
    driver.is_occupied = True
    found = calibrate(driver, KIND)
    assert isinstance(found, Unfit)
    assert "somebody" in found.reason
    assert driver.body_ms <= 100


class Spoilt(EmulatedDriver):
    """An encoder that counts too much, or an arm that jams."""

    scale, jams_deg = 1.0, 1_000.0

    def read(self, body_ms: int) -> Sequence[Sample]:
        self.machine.deg = min(self.machine.deg, self.jams_deg)
        return [replace(one, deg=one.deg * self.scale) for one in super().read(body_ms)]


def test_an_encoder_that_counts_wrong_is_no_matter_of_zeros() -> None:
    driver = Spoilt(KIND, 5)
    driver.scale = 1.05
    found = calibrate(driver, KIND)
    assert isinstance(found, Unfit)
    assert "not 72" in found.reason


def test_an_arm_that_jams_on_the_way_is_unfit() -> None:
    driver = Spoilt(KIND, 5)
    driver.jams_deg = 40.0
    found = calibrate(driver, KIND)
    assert isinstance(found, Unfit)


def test_an_unfinished_calibration_has_no_result() -> None:
    assert isinstance(Zeroing(KIND).result(), Unfit)


def test_every_machine_has_zeros_of_its_own() -> None:
    drawn = [unset(seed) for seed in range(200)]
    assert len({one.angle_deg for one in drawn}) == 200
    assert unset(3) == unset(3)
    spread = (sum(one.torque_nm**2 for one in drawn) / len(drawn)) ** 0.5
    assert spread == pytest.approx(1.5, rel=0.2)
