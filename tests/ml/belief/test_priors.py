"""Cold start: Mrs Chan of page 8 to the newton metre, and monotony in age, sex, mass and pain."""

from typing import Any

import pytest

from contract.machines import catalogue
from ml.belief.priors import (
    LOG_SD,
    first_load_g,
    first_range_cdeg,
    first_visit_most_g,
    low_torque_nm,
    prior,
    torque_nm,
)
from ml.belief.state import CAPACITY

LUMBAR = catalogue()["lumbar_extension"]


def test_mrs_chan(build: Any) -> None:
    chan = build.person(age_years=72, sex="female", mass_kg=52.0, baseline_nrs=5)
    assert torque_nm(chan, LUMBAR) == pytest.approx(98, abs=1)
    assert low_torque_nm(chan, LUMBAR) == pytest.approx(64, abs=1)
    assert LUMBAR.torque_nm(first_load_g(chan, LUMBAR) / 1_000) == pytest.approx(9.5, abs=0.2)
    assert first_range_cdeg(LUMBAR, (2_000, 5_000)) == (2_300, 4_700)


def test_the_careful_start_at_15_percent_and_others_at_20(build: Any) -> None:
    young = build.person()
    assert first_load_g(young, LUMBAR) / first_visit_most_g(young, LUMBAR) == pytest.approx(2 / 3, rel=1e-3)
    for careful in (build.person(baseline_nrs=4), build.person(age_years=66)):
        assert first_load_g(careful, LUMBAR) / first_visit_most_g(careful, LUMBAR) == pytest.approx(
            0.5, rel=1e-3
        )
    neck = catalogue()["neck_extension"]
    assert first_load_g(young, neck) / first_visit_most_g(young, neck) == pytest.approx(0.5, rel=1e-2)


def test_torque_falls_with_age_and_pain_and_rises_with_mass(build: Any) -> None:
    for kind in catalogue().values():
        usual = torque_nm(build.person(), kind)
        assert torque_nm(build.person(age_years=75), kind) < usual
        assert torque_nm(build.person(mass_kg=60.0), kind) < usual
        assert torque_nm(build.person(sex="female"), kind) < usual
        painless = torque_nm(build.person(back_pain=False), kind)
        assert painless > usual if kind.region == "trunk" else painless == usual


def test_the_prior_belief_is_on_the_scale_of_full_reps(build: Any) -> None:
    belief = prior(build.person(), "lumbar_extension", "both")
    assert belief.capacity_quantile_kg(0) < LUMBAR.load_kg(torque_nm(build.person(), LUMBAR))
    assert belief.sd(CAPACITY) == LOG_SD
    assert belief.sessions == 0


def test_the_first_range_stays_in_the_window_of_visit_1() -> None:
    for kind in catalogue().values():
        low, high = kind.first_visit_cdeg
        for painless in (None, (low - 2_000, high + 2_000), (low, high)):
            start, end = first_range_cdeg(kind, painless)
            assert low <= start < end <= high
    assert first_range_cdeg(LUMBAR, None) == (2_160, 5_040)  # 80 % of the window while nothing is measured
