"""Exit criteria of the phases: each one alone keeps the person in, and only a spasm acts at once."""

from dataclasses import replace

import pytest

from contract.messages import Phase
from ml.clinical.phases import Left, PhaseFacts, PhaseVisit, Stay, criteria, may_leave, phase_of, proposal

VISIT = PhaseVisit(pain_nrs=3, morning_nrs=3, range_share=0.85, load_share=0.41, reps=20, effort_cr10=3.8)


def facts(count: int = 8, **changes: object) -> PhaseFacts:
    return replace(PhaseFacts(baseline_nrs=3, visits=(VISIT,) * count), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("phase", "to", "count"), [("calm", "restore", 2), ("restore", "build", 4), ("build", "strengthen", 8)]
)
def test_a_phase_is_left_when_all_is_met_and_not_a_visit_sooner(phase: Phase, to: Phase, count: int) -> None:
    assert may_leave(phase, facts(count, released=True)) == Left(to=to)
    assert isinstance(may_leave(phase, facts(count - 1, released=True)), Stay)


def test_calm_waits_for_48_hours_without_spasm() -> None:
    assert may_leave("calm", facts(spasm_free_h=47.9)) == Stay(reason="spasm", have=47.9, need=48.0)
    assert may_leave("calm", facts(spasm_free_h=48.0)) == Left(to="restore")
    assert may_leave("calm", facts(spasm_today=True)) == Stay(reason="spasm", have=0.0, need=48.0)


@pytest.mark.parametrize(("pain", "row"), [(4, Left(to="restore")), (5, Stay(reason="pain", have=1, need=2))])
def test_calm_takes_pain_of_b_plus_one_on_two_visits_in_a_row(pain: int, row: Left | Stay) -> None:
    visits = (VISIT, replace(VISIT, pain_nrs=pain), VISIT)
    assert may_leave("calm", PhaseFacts(baseline_nrs=3, visits=visits)) == row


def test_a_visit_without_an_answer_about_pain_counts_for_nothing() -> None:
    visits = (VISIT, replace(VISIT, pain_nrs=None))
    assert may_leave("calm", PhaseFacts(baseline_nrs=3, visits=visits)) == Stay(reason="pain", have=0, need=2)


def test_restore_waits_for_four_fifths_of_the_range() -> None:
    short = (VISIT,) * 4 + (replace(VISIT, range_share=0.79),)
    assert may_leave("restore", PhaseFacts(baseline_nrs=3, visits=short)) == Stay(
        reason="range", have=0.79, need=0.80
    )


def test_restore_waits_for_three_settled_mornings_in_a_row() -> None:
    worse = replace(VISIT, morning_nrs=5)
    silent = replace(VISIT, morning_nrs=None)
    one_missing = (VISIT, worse, VISIT, VISIT)
    assert may_leave("restore", PhaseFacts(baseline_nrs=3, visits=one_missing)) == Stay(
        reason="mornings", have=2, need=3
    )
    unanswered = (VISIT, VISIT, silent, VISIT)
    assert may_leave("restore", PhaseFacts(baseline_nrs=3, visits=unanswered)) == Left(to="build")


@pytest.mark.parametrize(
    "change", [{"reps": 19}, {"load_share": 0.39}, {"effort_cr10": 4.1}, {"effort_cr10": None}]
)
def test_build_waits_for_20_reps_at_40_percent_with_effort_4(change: dict[str, float]) -> None:
    visits = (replace(VISIT, **change),) * 8  # type: ignore[arg-type]
    verdict = may_leave("build", PhaseFacts(baseline_nrs=3, visits=visits, released=True))
    assert isinstance(verdict, Stay)
    assert verdict.reason == "dose"


def test_who_may_do_12_reps_at_most_leaves_build_with_12() -> None:
    visits = (replace(VISIT, reps=12),) * 8
    assert may_leave("build", PhaseFacts(baseline_nrs=3, visits=visits, released=True, reps_top=12)) == Left(
        to="strengthen"
    )


def test_strengthen_is_proposed_but_entered_only_when_a_clinician_releases() -> None:
    assert may_leave("build", facts()) == Stay(reason="release")
    assert proposal("build", facts()) == "strengthen"
    assert proposal("build", facts(7)) is None
    assert proposal("restore", facts()) == "build"


@pytest.mark.parametrize("phase", ["strengthen", "maintain"])
def test_the_last_phases_are_the_clinicians_choice(phase: Phase) -> None:
    assert may_leave(phase, facts(40, released=True)) == Stay(reason="clinician")
    assert proposal(phase, facts(40, released=True)) is None


@pytest.mark.parametrize("signed", ["calm", "restore", "build", "strengthen", "maintain"])
def test_a_spasm_falls_back_to_calm_at_once_and_48_hours_later_the_signed_phase_holds(signed: Phase) -> None:
    assert phase_of(signed, facts(spasm_today=True)) == "calm"
    assert phase_of(signed, facts(spasm_free_h=30.0)) == "calm"
    assert phase_of(signed, facts(spasm_free_h=48.0)) == signed


def test_every_criterion_is_shown_and_all_of_them_open_the_phase() -> None:
    nothing = PhaseFacts(baseline_nrs=3)
    assert [one.reason for one in criteria("restore", nothing)] == ["visits", "range", "mornings"]
    assert not any(one.met for one in criteria("restore", nothing))
    done = PhaseFacts(
        baseline_nrs=3, visits=[PhaseVisit(pain_nrs=3, morning_nrs=3, range_share=0.9) for _ in range(4)]
    )
    assert all(one.met for one in criteria("restore", done))
    assert may_leave("restore", done) == Left(to="build")
