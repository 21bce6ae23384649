"""The effort scale: reps to failure fall with load, range, tempo and set number."""

from dataclasses import replace
from math import exp
from typing import Any

import pytest

from contract.machines import catalogue
from ml.belief.capacity import (
    effective_kg,
    effort_cr10,
    fitting_load_g,
    mean_torque,
    range_factor,
    rep_share,
    reps_in_time,
    reserve,
    speed_factor,
    weakest_torque,
)
from ml.belief.priors import prior
from ml.belief.state import CAPACITY, SLOPE


def test_reps_to_failure_follow_the_equation_of_page_5(build: Any) -> None:
    belief = prior(build.person(), "lumbar_extension", "both")
    dose = build.dose(load_g=12_000)
    able, slope = exp(belief.state.mean[CAPACITY]), exp(belief.state.mean[SLOPE])
    assert reserve(belief, dose).reps == pytest.approx(
        (able / effective_kg("lumbar_extension", dose) - 1) / slope
    )


def test_the_row_is_the_derivative(build: Any) -> None:
    belief, dose = prior(build.person(), "lumbar_extension", "both"), build.dose(load_g=12_000)
    for index in (CAPACITY, SLOPE):
        mean = list(belief.state.mean)
        mean[index] += 1e-6
        moved = replace(belief, state=belief.state._replace(mean=tuple(mean)))
        slope = (reserve(moved, dose).reps - reserve(belief, dose).reps) / 1e-6
        assert reserve(belief, dose).row[index] == pytest.approx(slope, rel=1e-3)


def test_more_load_a_wider_range_a_slower_tempo_and_a_later_set_leave_less(build: Any) -> None:
    belief = prior(build.person(), "lumbar_extension", "both")
    usual = reserve(belief, build.dose()).reps
    for harder in (
        build.dose(load_g=11_000),
        build.dose(end_cdeg=5_500),
        build.dose(tempo_ms=(3_000, 0, 4_000)),
        build.dose(set=3),
    ):
        assert reserve(belief, harder).reps < usual


def test_the_factor_is_one_on_the_default_range_and_tempo() -> None:
    assert range_factor("lumbar_extension", 0, 6_000) == pytest.approx(1)
    assert range_factor("lumbar_extension", 0, 3_000) < 1 < range_factor("lumbar_extension", 3_000, 7_200)
    assert speed_factor("lumbar_extension", 6_000, 2_000) == pytest.approx(1)
    assert rep_share((2_000, 0, 3_000)) == 1


def test_a_slower_lift_is_easier_once_but_tires_more(build: Any) -> None:
    slow, usual = build.dose(tempo_ms=(3_000, 0, 4_000)), build.dose()
    assert effective_kg("lumbar_extension", slow) < effective_kg("lumbar_extension", usual)
    belief = prior(build.person(), "lumbar_extension", "both")
    assert reserve(belief, slow).reps == pytest.approx(reserve(belief, usual).reps * 5 / 7, rel=0.1)


@pytest.mark.parametrize("changes", [{}, {"tempo_ms": (3_000, 0, 4_000)}, {"end_cdeg": 6_000, "set": 2}])
def test_the_fitting_load_has_the_wanted_effort(build: Any, changes: dict[str, Any]) -> None:
    belief, dose = prior(build.person(), "lumbar_extension", "both"), build.dose(**changes)
    fitted = replace(dose, load_g=fitting_load_g(belief, dose, 6.5))
    assert effort_cr10(reps_in_time(dose), reserve(belief, fitted).reps) == pytest.approx(6.5, abs=0.01)


def test_torque_of_a_range() -> None:
    machine = catalogue()["lumbar_extension"]
    assert weakest_torque(machine, 0, 7_200) == pytest.approx(0.42)
    assert weakest_torque(machine, 0, 7_200) < mean_torque(machine, 0, 7_200) < 1


def test_effort_is_the_share_of_the_possible_reps() -> None:
    assert effort_cr10(10, 20) == 5
    assert effort_cr10(10, 4) == 10


def test_work_time_becomes_reps(build: Any) -> None:
    assert reps_in_time(build.dose(work_ms=50_000, reps=20)) == 10
    assert reps_in_time(build.dose(work_ms=0, reps=12)) == 12
    assert reps_in_time(build.dose(work_ms=500_000, reps=20)) == 20


def test_no_load_leaves_a_finite_number(build: Any) -> None:
    belief = prior(build.person(), "row", "both")
    assert 100 < reserve(belief, build.dose(load_g=0)).reps < 1e5
