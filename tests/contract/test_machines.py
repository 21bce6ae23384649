import pytest

from contract.machines import MachineKind, catalogue

KINDS = list(catalogue().values())


def test_the_catalogue_holds_the_ten_kinds() -> None:
    assert len(KINDS) == 10


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_ranges_nest_and_steps_fit(kind: MachineKind) -> None:
    for inner, outer in ((kind.default_cdeg, kind.limit_cdeg), (kind.first_visit_cdeg, kind.default_cdeg)):
        assert outer[0] <= inner[0] < inner[1] <= outer[1]
    assert 200 <= kind.range_step_cdeg <= 500
    assert kind.is_paired == (kind.sides == ("left", "right"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_kilograms_and_newton_metres_convert_both_ways(kind: MachineKind) -> None:
    assert kind.load_kg(kind.torque_nm(12.3)) == pytest.approx(12.3)
    assert kind.torque_nm(kind.max_load_g / 1_000) >= 0.9 * kind.torque_men_nm


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_torque_curve_is_relative_to_its_strongest_angle(kind: MachineKind) -> None:
    low, high = (angle / 100 for angle in kind.limit_cdeg)
    assert max(kind.curve) == 1
    assert kind.relative_torque(low - 10) == kind.curve[0]
    assert kind.relative_torque(high + 10) == kind.curve[-1]
    middle = kind.relative_torque((low + high) / 2)
    assert middle == pytest.approx(kind.curve[3])


def test_extension_is_read_from_the_extended_end() -> None:
    extension = catalogue()["lumbar_extension"]
    assert extension.clinical_deg(0) == 72
    assert extension.clinical_deg(72) == 0
    assert catalogue()["trunk_rotation"].clinical_deg(-12) == -12
