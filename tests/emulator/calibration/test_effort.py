import pytest

from emulator.calibration import effort
from emulator.calibration.measured import Measured


@pytest.fixture(scope="module")
def found() -> dict[str, Measured]:
    return effort.measured(80, 4)


def test_heavier_loads_leave_fewer_reps(found: dict[str, Measured]) -> None:
    reps = [found[f"reps_{share}"].value for share in effort.SHARES]
    assert reps == sorted(reps, reverse=True)
    assert reps[0] > 4 * reps[-1]


def test_speed_is_lost_at_the_end_and_hardly_before(found: dict[str, Measured]) -> None:
    assert found["speed_loss_80"].value > 3 * found["speed_held"].value
    assert found["speed_loss_80"].spread == found["speed_loss_spread"].value


def test_everybody_is_measured(found: dict[str, Measured]) -> None:
    assert found["reps_70"].count == 80
    assert found["speed_loss_80"].count >= 78  # who ends after one rep has lost nothing against it
