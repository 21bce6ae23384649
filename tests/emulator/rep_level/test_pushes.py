"""Tries of a strength test at rep level."""

import numpy as np
import pytest
from builders import a_setting

from contract.machines import catalogue
from emulator.people.bodies import Bodies, Seated, bodies
from emulator.people.condition import fresh
from emulator.people.person import people
from emulator.rep_level.pushes import took_s, tries

KIND = catalogue()["lumbar_extension"]
PUSH = a_setting(mode="isometric", load_g=0, start_cdeg=3_000, end_cdeg=3_000, reps=3)


@pytest.fixture
def body() -> Bodies:
    one = people(1, 4)[0]
    return bodies([Seated(person=one, condition=fresh(one), kind=KIND, side="both")])


def test_every_try_has_its_row_near_the_strength_of_that_angle(body: Bodies) -> None:
    found = tries(body, PUSH, 1_000, np.random.default_rng(1))
    assert [one.attempt for one in found] == [1, 2, 3]
    strongest_nm = float(body.torque_nm[0])
    for one in found:
        assert 0.3 * strongest_nm < one.mean_3s_nm < one.peak_torque_nm < 1.1 * strongest_nm
        assert one.angle_cdeg == 3_000
    assert len({one.peak_torque_nm for one in found}) == 3


def test_what_the_limit_ends_has_a_peak_and_no_three_seconds(body: Bodies) -> None:
    found = tries(body, PUSH, 20, np.random.default_rng(1))
    assert {(one.peak_torque_nm, one.mean_3s_nm) for one in found} == {(20, 0.0)}


def test_three_tries_take_over_two_minutes() -> None:
    assert took_s(PUSH) == 135.0
