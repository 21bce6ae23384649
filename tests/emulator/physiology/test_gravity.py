import pytest

from contract.machines import catalogue
from emulator.physiology import gravity


def test_sixty_kilograms_of_trunk_bent_sixty_degrees_weigh_about_eighty_newton_metres() -> None:
    """Source: design page 6."""
    kind = catalogue()["lumbar_extension"]
    travel_deg = kind.screen_zero_deg - 60
    mass_kg = 60 / 0.58
    assert gravity.torque_nm(kind, mass_kg, travel_deg) == pytest.approx(80, abs=3)


def test_the_same_weight_opposes_extension_and_helps_flexion() -> None:
    extension, flexion = catalogue()["lumbar_extension"], catalogue()["lumbar_flexion"]
    assert gravity.torque_nm(extension, 70, 12) > 0
    assert gravity.torque_nm(flexion, 70, 30) < 0


def test_rotation_has_no_lever_in_gravity() -> None:
    assert gravity.torque_nm(catalogue()["trunk_rotation"], 70, 20) == 0
