"""Test days, who may be tested, and the rows of a test."""

from dataclasses import replace
from typing import Any

import pytest

from contract.machines import catalogue
from ml.request import Answers, Course
from ml.rules.assessments import due, is_strength_due, may_test, rows

KIND = catalogue()["lumbar_extension"]


def test_week_0_is_mobility_only(build: Any) -> None:
    assert due(build.request(session_number=1, visit=1)) == ("mobility",)
    assert due(build.request(session_number=1, visit=3)) == ("mobility",)


@pytest.mark.parametrize(("visit", "found"), [(2, ()), (3, ("strength",)), (4, ("strength",)), (5, ())])
def test_strength_at_visits_3_and_4(build: Any, visit: int, found: tuple[str, ...]) -> None:
    assert due(build.request(visit=visit)) == found


@pytest.mark.parametrize(
    ("day", "tested_days", "is_due"),
    [(34, (), False), (35, (), True), (39, (35,), False), (76, (35,), False), (77, (35,), True),
     (90, (35, 80), False)],
)  # fmt: skip
def test_once_in_weeks_6_and_12(build: Any, day: int, tested_days: tuple[int, ...], is_due: bool) -> None:
    started = build.now_ms - day * build.day_ms
    tested = tuple(started + one * build.day_ms for one in tested_days)
    asked = build.request(visit=12, course=Course(started_ms=started, tested_ms=tested))
    assert is_strength_due(asked) == is_due


@pytest.mark.parametrize(("hours", "found"), [(1, ()), (11, ()), (24, ("strength",))])
def test_nobody_is_tested_twice_a_day(build: Any, hours: int, found: tuple[str, ...]) -> None:
    before = Course(tested_ms=(build.now_ms - hours * build.day_ms // 24,))
    assert due(build.request(visit=4, course=before)) == found


def test_the_first_session_on_a_machine_is_no_test_of_strength(build: Any) -> None:
    asked = build.request(visit=4, session_number=1)
    assert due(replace(asked, profile="studio")) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"today": Answers(pain_before=4)},
        {"today": Answers(pain_before=2, spasm=True)},
        {"today": Answers(pain_before=2, new_symptoms="limb")},
        {"course": Course(symptoms="limb")},
        {"flags": ("pain_today",)},
    ],
)
def test_pain_spasm_and_symptoms_forbid_a_test(build: Any, change: dict[str, Any]) -> None:
    assert may_test(build.request())
    assert not may_test(build.request(**change))


def test_a_set_that_hurt_or_was_stopped_for_pain_forbids_it_too(build: Any) -> None:
    sore = build.finished(build.dose(), Answers(pain_set=4))
    stopped = build.finished(build.dose(), Answers(pain_set=2), ended_by="unwell")
    assert not may_test(build.request(sets=(sore,)))
    assert not may_test(build.request(sets=(stopped,)))
    assert rows(build.request(tests=("strength",), visit=4, sets=(sore,)), KIND, build.dose()) == ()


@pytest.mark.parametrize(
    ("baseline", "pain", "allowed"), [(5, 5, True), (6, 6, False), (2, 3, True), (6, None, False)]
)
def test_pain_up_to_the_usual_and_never_above_5(
    build: Any, baseline: int, pain: int | None, allowed: bool
) -> None:
    today = Answers(pain_before=pain)
    asked = build.request(person=build.person(baseline_nrs=baseline), today=today, sets=())
    assert may_test(asked) == allowed


@pytest.mark.parametrize(
    "person",
    [{"osteoporosis": True}, {"systolic_mmhg": 165, "diastolic_mmhg": 80}, {"not_cleared": True}],
)
def test_no_maximal_effort_for_the_frail(build: Any, person: dict[str, Any]) -> None:
    assert not may_test(build.request(person=build.person(**person)))


def test_a_spasm_forbids_it_for_14_days_and_no_torque_for_ever(build: Any) -> None:
    def after(days: float) -> Any:
        return build.request(course=Course(spasms_ms=(build.now_ms - round(days * build.day_ms),)))

    assert not may_test(after(13.9))
    assert may_test(after(14.0))
    assert not may_test(build.request(envelope=build.envelope(max_torque_nm=0)))


def test_three_angles_inside_the_trained_range_and_one_for_practice(build: Any) -> None:
    known = Course(tested_ms=(build.now_ms - 4 * build.day_ms,))
    pushes = rows(build.request(tests=("strength",), visit=4, course=known), KIND, build.dose())
    assert [(row.mode, row.load_g, row.reps, row.rest_ms) for row in pushes] == [
        ("isometric", 0, 2, 60_000)
    ] * 3
    assert [(row.start_cdeg, row.end_cdeg) for row in pushes] == [(1_700,) * 2, (2_700,) * 2, (3_800,) * 2]
    for visit in (3, 4, 30):  # who has never been tested on this machine practises first
        practice = rows(build.request(tests=("strength",), visit=visit), KIND, build.dose())
        assert [row.start_cdeg for row in practice] == [2_700]


def test_three_free_reps_in_the_window_of_visit_1(build: Any) -> None:
    (free,) = rows(build.request(tests=("mobility",)), KIND, build.dose())
    assert (free.mode, free.load_g, free.reps, free.start_cdeg, free.end_cdeg) == (
        "mobility",
        0,
        3,
        1_800,
        5_400,
    )
