import numpy as np
import pytest

from emulator.physiology import strength


@pytest.mark.parametrize(
    ("age_years", "sex", "torque_nm", "spread_nm"),
    [
        (30, "male", 290, 75),
        (50, "male", 260, 70),
        (68, "male", 215, 60),
        (30, "female", 175, 45),
        (68, "female", 130, 40),
    ],
)
def test_extension_torque_meets_the_published_table(
    age_years: int, sex: str, torque_nm: float, spread_nm: float
) -> None:
    """Source: science 3.1; within a quarter of the published spread."""
    mass_kg = 62 if sex == "female" else 78
    typical = strength.typical_torque_nm("lumbar_extension", age_years, sex, mass_kg)
    assert typical == pytest.approx(torque_nm, abs=spread_nm / 4)


def test_torque_grows_less_than_mass() -> None:
    light = strength.typical_torque_nm("row", 40, "male", 60)
    heavy = strength.typical_torque_nm("row", 40, "male", 120)
    assert 1.4 < heavy / light < 1.8


def test_speed_costs_what_was_measured_in_39_people() -> None:
    """Source: .84 / .67 / .45 at 60 / 120 / 240 deg/s (science 3.1)."""
    share = strength.concentric_share(np.array([0.0, 60, 120, 240]))
    assert share == pytest.approx([1, 0.84, 0.67, 0.45], abs=0.03)
    assert strength.concentric_share_at(60) == pytest.approx(share[1])
