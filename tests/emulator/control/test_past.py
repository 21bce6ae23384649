from dataclasses import replace
from typing import Any

import pytest

from contract.machines import catalogue
from contract.messages import Rep, SetEnd
from emulator.control.past import Past, standing
from ml.decision import Decision, Estimate
from ml.request import Answers, Dose, Person, SetFacts

KIND = catalogue()["lumbar_extension"]
WHO = Person(age_years=40, sex="male", mass_kg=80.0, baseline_nrs=3)
TODAY = Answers(pain_before=3)


def dose(load_g: int, mode: Any = "train") -> Dose:
    return Dose(
        set=1, side="both", mode=mode, load_g=load_g, start_cdeg=0, end_cdeg=3_000, reps=10, work_ms=0,
        tempo_ms=(2000, 0, 3000), rest_ms=60_000,
    )  # fmt: skip


def facts(load_g: int, ended_by: Any = "target", mode: Any = "train", pain: int = 3) -> SetFacts:
    end = SetEnd(set=1, side="both", setting="", reps=10, partial_reps=0, ended_by=ended_by, duration_s=60.0)
    return SetFacts(applied=dose(load_g, mode), reps=(), end=end, answers=Answers(pain_set=pain))


def decision() -> Decision:
    estimate = Estimate(capacity_kg=1, capacity_low_kg=1, capacity_high_kg=1, effort_cr10=4.0)
    return Decision(rows=(), stop=Any, held=True, why=(), belief={}, estimate=estimate)  # type: ignore[arg-type]


def trained(past: Past, day: int, *sets: SetFacts) -> Past:
    return past.trained(day, day * 1000, TODAY, sets, decision())


def test_the_first_four_sessions_calibrate_and_an_absence_returns_without_increase() -> None:
    past = Past()
    assert past.flags(0) == ("calibrating",)
    for day in range(0, 16, 4):
        past = trained(past, day, facts(10_000))
    assert past.flags(16) == ()
    assert past.flags(12 + 15) == ("no_increase", "returning")


def test_a_session_cut_short_is_not_regular_and_comes_back() -> None:
    past = trained(trained(Past(), 0, facts(10_000)), 3, facts(9_000, ended_by="pain"))
    assert past.history.last_regular_g == 10_000
    assert "returning" in past.flags(7)


def test_a_day_without_training_stays_as_a_load_of_nothing() -> None:
    past = trained(Past(), 0, facts(10_000)).untrained(3, 3_000, Answers(pain_before=8))
    last = past.sessions[-1]
    assert (last.load_g, last.pain_before, last.effort_cr10) == (0, 8, None)
    assert past.history.last_regular_g == 10_000
    assert past.baseline_nrs(3) == round((3 + 8) / 2)


def test_a_visit_of_tests_alone_is_a_visit_and_no_session() -> None:
    past = trained(Past(), 0, facts(10_000))
    tested = past.tested(10, Answers(pain_before=5))
    assert (tested.sessions, tested.history) == (past.sessions, past.history)
    assert (tested.days_away(20), tested.baseline_nrs(0)) == (10, 4)


def test_a_push_against_a_locked_arm_shows_no_range() -> None:
    rep = Rep(
        set=1, rep=1, side="both", setting="", load_g=0, start_deg=50.0, end_deg=50.0, concentric_s=0.0,
        hold_s=0.0, eccentric_s=0.0, peak_torque_nm=90.0, mean_torque_nm=80.0, work_j=0.0,
        peak_speed_deg_s=0.0, mean_speed_deg_s=0.0, smoothness=0.0,
    )  # fmt: skip
    push = replace(facts(0, mode="isometric"), reps=(rep,))
    assert standing(Past().history, (push,)).peaks_cdeg == ()
    assert trained(Past(), 0, push, facts(10_000)).history.peak_cdeg == 0


@pytest.mark.parametrize(("pains", "baseline"), [((), 7), ((2, 9, 9), 6), ((9, 1, 2, 3), 2)])
def test_the_baseline_is_the_median_of_three_visits_at_most_six(
    pains: tuple[int, ...], baseline: int
) -> None:
    assert Past(pains=pains).baseline_nrs(7) == min(baseline, 6)


def test_what_was_raised_is_load_before_range_before_time() -> None:
    past = trained(trained(Past(), 0, facts(10_000)), 3, facts(10_500))
    assert [one.raised for one in past.sessions] == [None, "load"]


def test_a_ramp_is_no_reference() -> None:
    stands = standing(Past().history, [facts(5_000, mode="warm_up"), facts(10_000), facts(10_500)])
    assert (stands.day_start_g, stands.accepted_g, stands.range_cdeg) == (10_000, 10_500, (0, 3_000))
    assert standing(Past().history, [facts(5_000, mode="warm_up")]).accepted_g is None


def test_a_calibrating_session_is_kept_under_a_share_of_the_prior_or_of_the_last() -> None:
    rehab, studio = (Past().ceiling_g(WHO, KIND, "both", profile) for profile in ("rehab", "studio"))
    assert rehab < studio
    later = trained(Past(), 0, facts(60_000))
    assert later.ceiling_g(WHO, KIND, "both", "rehab") == 69_000
