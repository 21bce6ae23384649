import numpy as np
import pytest

from emulator.physiology import reach


def test_a_prescription_well_inside_the_own_range_is_reached() -> None:
    assert reach.reached(np.array([20.0]), np.array([40.0]))[0] == pytest.approx(20, abs=0.01)


def test_a_prescription_beyond_it_ends_at_the_tolerated_angle() -> None:
    assert reach.reached(np.array([60.0]), np.array([40.0]))[0] == pytest.approx(40, abs=0.01)


def test_stiffness_begins_at_three_quarters_of_the_own_range() -> None:
    share = reach.stiffness_share(np.array([0.5, 0.75, 1.0]))
    assert share[0] == share[1] == 0
    assert share[2] == pytest.approx(0.0875)
