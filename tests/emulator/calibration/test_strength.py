import pytest

from emulator.calibration import strength
from emulator.calibration.measured import Measured
from emulator.physiology.parameters import using


@pytest.fixture(scope="module")
def found() -> dict[str, Measured]:
    return strength.measured(120, 4)


def test_men_are_stronger_than_women_and_the_young_than_the_old(found: dict[str, Measured]) -> None:
    for sex in ("female", "male"):
        assert found[f"extension_{sex}_20"].value > found[f"extension_{sex}_60"].value
        assert found[f"extension_{sex}_20"].count == 20
    assert found["extension_male_40"].value > found["extension_female_40"].value


def test_back_pain_takes_strength_of_the_same_seeds_by_its_factor(found: dict[str, Measured]) -> None:
    assert found["back_pain_factor"].value == pytest.approx(0.75, abs=0.12)
    with using({"strength.back_pain_factor": (1.0, 0.0)}):
        assert strength.measured(120, 4)["back_pain_factor"].value > 0.9


def test_laws_have_no_spread(found: dict[str, Measured]) -> None:
    assert found["trunk_weight"].spread == 0
    assert found["speed_60"].value > found["speed_120"].value > found["speed_240"].value
