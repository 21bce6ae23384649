import numpy as np
import pytest

from contract.machines import catalogue
from emulator.physiology import torque_curve


def test_back_pain_weakens_the_extended_end_by_a_fifth_and_nothing_else() -> None:
    kind = catalogue()["lumbar_extension"]
    healthy = torque_curve.points(kind, back_pain=False)
    painful = torque_curve.points(kind, back_pain=True)
    assert painful[0] == healthy[0]
    assert painful[-1] == pytest.approx(0.8 * healthy[-1])
    rotation = catalogue()["trunk_rotation"]
    assert torque_curve.points(rotation, back_pain=True) == rotation.curve


def test_the_arrays_and_the_sample_loop_read_the_same_curve() -> None:
    kind = catalogue()["trunk_rotation"]
    low, high = torque_curve.bounds_deg(kind)
    angles = np.linspace(low - 5, high + 5, 40)
    many = torque_curve.relative(np.array([kind.curve]), np.array([low]), np.array([high]), angles[None, :])[
        0
    ]
    one = [torque_curve.relative_at(kind.curve, low, high, float(deg)) for deg in angles]
    assert many == pytest.approx(one)
    assert one == pytest.approx([kind.relative_torque(float(deg)) for deg in angles])
