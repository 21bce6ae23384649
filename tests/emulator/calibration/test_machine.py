import numpy as np
import pytest

from emulator.calibration import machine
from emulator.physiology.parameters import using


def test_the_least_step_of_readings_is_found() -> None:
    assert machine.quantum([0.0, 0.03, 0.01, 0.03]) == pytest.approx(0.01)
    assert machine.quantum([1.0, 1.0]) == float("inf")


def test_intervals_are_those_of_one_machine_again_and_again() -> None:
    assert np.array_equal(machine.intervals_ms(3, 200), machine.intervals_ms(3, 200))
    assert not np.array_equal(machine.intervals_ms(3, 200), machine.intervals_ms(4, 200))


def test_a_clock_is_compared_with_one_that_does_not_drift(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "MACHINES", 1)
    monkeypatch.setattr(machine, "STILL_TELEGRAMS", 200)
    with using({"drive.drift_ppm": 55.0}):
        found = machine.measured(1)
    assert found["drift"].value == pytest.approx(55, abs=0.5)
    assert found["found_angle"].count == 10  # one of every kind
