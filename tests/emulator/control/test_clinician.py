from dataclasses import replace

import pytest

from contract.machines import catalogue
from emulator.control.clinician import REVIEW_VISITS, Chart, after_visit, envelope, morning, signed_capacity_g
from ml.belief.priors import prior
from ml.clinical.phases import PhaseVisit
from ml.clinical.table import PHASES
from ml.request import Person

KIND = catalogue()["lumbar_extension"]
WHO = Person(age_years=40, sex="male", mass_kg=80.0, baseline_nrs=3)
GOOD = PhaseVisit(pain_nrs=3, morning_nrs=3, range_share=0.9, load_share=0.2, reps=12, effort_cr10=3.0)


def after(chart: Chart, visits: list[PhaseVisit]) -> Chart:
    for visit in visits:
        chart = after_visit(chart, visit)
    return chart


def test_limits_are_signed_by_the_twenty_per_cent_quantile_and_the_phase() -> None:
    belief = prior(WHO, KIND.name, "both")
    signed = envelope(Chart(phase="restore", baseline_nrs=4), belief, KIND, "both")
    assert signed_capacity_g(belief) < belief.capacity_quantile_kg(0.0) * 1000
    assert signed.phase_cap_g == pytest.approx(PHASES["restore"].load_share * signed.max_load_g, abs=1)
    assert (signed.pain_green_nrs, signed.pain_amber_nrs) == (4, 5)


def test_a_strength_test_gives_way_where_hardly_anybody_of_this_belief_comes() -> None:
    believed = prior(WHO, KIND.name, "both")
    usual_nm = KIND.torque_nm(believed.capacity_quantile_kg(0.0))
    signed = envelope(Chart(phase="restore"), believed, KIND, "both").max_torque_nm
    assert 2.0 * usual_nm < signed <= KIND.torque_nm(KIND.max_load_g / 1000)


def test_restore_is_left_when_all_its_criteria_are_met() -> None:
    chart = Chart(phase="restore", baseline_nrs=3)
    assert after(chart, [GOOD] * 3).phase == "restore"
    left = after(chart, [GOOD] * 4)
    assert (left.phase, left.visits) == ("build", ())


def test_a_range_that_does_not_come_is_signed_after_eight_visits() -> None:
    short = replace(GOOD, range_share=0.5)
    chart = Chart(phase="restore", baseline_nrs=3)
    assert after(chart, [short] * (REVIEW_VISITS - 1)).phase == "restore"
    assert after(chart, [short] * REVIEW_VISITS).phase == "build"
    sore = replace(short, morning_nrs=8)
    assert after(chart, [sore] * (REVIEW_VISITS + 2)).phase == "restore"


def test_build_is_left_after_twenty_easy_reps_at_forty_per_cent() -> None:
    chart = Chart(phase="build", baseline_nrs=3)
    assert after(chart, [GOOD] * 12).phase == "build"
    strong = replace(GOOD, load_share=0.42, reps=20, effort_cr10=3.5)
    assert after(chart, [GOOD] * 7 + [strong]).phase == "strengthen"


def test_a_morning_is_written_beside_the_visit_before_it() -> None:
    chart = morning(after(Chart(phase="build"), [replace(GOOD, morning_nrs=None)]), 6)
    assert chart.visits[-1].morning_nrs == 6
    assert morning(Chart(phase="build"), 6) == Chart(phase="build")
