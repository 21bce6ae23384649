"""After a spasm: 48 hours of calm, then rung by rung back to the dose before it."""

from dataclasses import replace
from typing import Any

import pytest

from contract.machines import catalogue
from ml.request import Answers, Course, Request
from ml.rules.spasm import before_spasm, free_h, is_near, is_second, on_rung, phase_in_force, rung_percent

TRUNK, HIP = catalogue()["lumbar_extension"], catalogue()["hip_extension"]


def after(build: Any, days: float, *past: Any, **changes: Any) -> Request:
    asked: Request = build.request(
        past=past, course=Course(spasms_ms=(build.now_ms - round(days * build.day_ms),)), **changes
    )
    return asked


@pytest.mark.parametrize(("days", "phase"), [(1.9, "calm"), (2.0, "build")])
def test_calm_holds_for_48_hours_whatever_is_signed(build: Any, days: float, phase: str) -> None:
    assert phase_in_force(after(build, days)) == phase
    assert free_h(after(build, days)) == pytest.approx(days * 24)


def test_a_spasm_today_is_near_and_none_is_infinitely_far(build: Any) -> None:
    assert is_near(build.request(today=Answers(spasm=True)))
    assert is_near(build.request(flags=("spasm",)))
    assert not is_near(build.request())
    assert rung_percent(build.request(), TRUNK) == 100


@pytest.mark.parametrize(("visits", "percent"), [(0, 50), (1, 70), (2, 85), (3, 100), (5, 100)])
def test_one_rung_a_visit(build: Any, visits: int, percent: int) -> None:
    since = tuple(build.summary(6 - number, load_g=6_000) for number in range(visits))
    asked = after(build, 10.0, build.summary(14), *since)
    assert rung_percent(asked, TRUNK) == percent
    assert rung_percent(asked, HIP) == 100
    whole = before_spasm(asked)
    assert whole is not None
    assert whole.load_g == 10_000


def test_a_day_without_load_is_no_rung(build: Any) -> None:
    asked = after(build, 10.0, build.summary(14), build.summary(10, load_g=0), build.summary(9, load_g=0))
    assert rung_percent(asked, TRUNK) == 50


def test_a_second_spasm_on_the_way_back_starts_the_ladder_of_the_same_dose(build: Any) -> None:
    day = build.day_ms
    past = (build.summary(30), build.summary(22, load_g=5_000), build.summary(19, load_g=7_000))
    both = Course(spasms_ms=(build.now_ms - 26 * day, build.now_ms - 10 * day))
    whole = before_spasm(build.request(past=past, course=both))
    assert whole is not None
    assert whole.load_g == 10_000
    done = (*past, build.summary(16, load_g=8_500), build.summary(12, load_g=9_900))
    whole = before_spasm(build.request(past=done, course=both))
    assert whole is not None
    assert whole.load_g == 9_900


def test_two_spasms_within_90_days_are_reviewed(build: Any) -> None:
    ill = Answers(spasm=True)
    assert is_second(after(build, 89.0, today=ill))
    assert not is_second(after(build, 90.0, today=ill))
    assert not is_second(after(build, 5.0))


def test_a_rung_is_a_share_of_load_and_range(build: Any) -> None:
    rung = on_rung(build.summary(4), 50)
    assert (rung.load_g, rung.start_cdeg, rung.end_cdeg) == (5_000, 1_000, 2_750)


def test_who_never_trained_before_has_no_ladder(build: Any) -> None:
    asked = replace(after(build, 5.0), past=())
    assert before_spasm(asked) is None
    assert rung_percent(asked, TRUNK) == 100
