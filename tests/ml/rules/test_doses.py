"""Where a session starts, and the ladder back."""

from dataclasses import replace
from typing import Any

from ml.belief.priors import first_load_g, prior
from ml.evidence import Evidence, gather
from ml.rules.doses import lower, visits_kept_low, with_reps, work_dose


def plan(build: Any, **changes: Any) -> Evidence:
    standing = replace(build.request().standing, peaks_cdeg=(), range_cdeg=None, accepted_g=None)
    plain = {"occasion": "plan", "current": None, "sets": (), "next_set": 1, "standing": standing}
    asked = build.request(**{**plain, **changes})
    return gather(asked, prior(asked.person, asked.kind, asked.side))


FIRST = {"past": (), "session_number": 1, "visit": 1, "days_away": None}


def test_the_ladder_back_after_a_red_day(build: Any) -> None:
    usual, red = build.summary(14), build.summary(11, pain_set=8)
    visits = [usual, red]
    loads = []
    for days, load_g in ((8, 5_000), (5, 7_000), (2, 8_500)):
        visits.append(build.summary(days, load_g=load_g))
        evidence = plan(build, past=tuple(visits))
        assert visits_kept_low(evidence) == len(visits) - 2
        loads.append(work_dose(evidence).load_g)
    assert loads == [7_000, 8_500, 10_000]


def test_a_rung_that_was_rounded_down_is_not_climbed_twice(build: Any) -> None:
    before = build.summary(25, load_g=5_800)
    back = build.summary(4, load_g=4_900)  # 85 % of 5.8 kg is 4.93
    assert work_dose(plan(build, past=(before, back), days_away=4.0)).load_g == 5_800


def test_the_ladder_comes_back_with_range_and_reps(build: Any) -> None:
    low = build.summary(4, load_g=8_500, end_cdeg=4_000, reps=10)
    evidence = plan(build, past=(build.summary(9, pain_set=8), low))
    assert (work_dose(evidence).load_g, work_dose(evidence).end_cdeg) == (10_000, 4_500)


def test_a_day_without_load_does_not_make_nothing_usual(build: Any) -> None:
    evidence = plan(build, past=(build.summary(7), build.summary(4, load_g=0, pain_before=8)))
    assert work_dose(evidence).load_g == 10_000
    assert lower(evidence, work_dose(evidence), ("red_last_visit",)).dose.load_g == 8_000


def test_lowering_again_and_again_stops_at_half_the_first_load(build: Any) -> None:
    evidence = plan(build)
    dose = build.dose()
    for _ in range(40):
        dose = lower(evidence, dose, ("too_hard",)).dose
    floor_g = first_load_g(evidence.request.person, evidence.kind) // 2
    assert floor_g - 200 <= dose.load_g <= floor_g + 100
    assert dose.reps == 6
    assert lower(evidence, dose, ("red_pain",)).dose.load_g == 0


def test_the_smallest_cap_wins_and_leaves_its_code(build: Any) -> None:
    found = lower(plan(build), build.dose(), ("too_heavy", "too_hard_again", "amber_twice"))
    assert found.binding == "too_hard_again"
    assert found.dose.load_g == 8_500
    assert lower(plan(build), build.dose(), ("no_increase",)).binding is None


def test_work_time_follows_the_reps(build: Any) -> None:
    assert with_reps(build.dose(), 10).work_ms == 50_000
    assert with_reps(build.dose(work_ms=0), 10).work_ms == 0
    assert with_reps(build.dose(work_ms=0), 10, timed=True).work_ms == 50_000
