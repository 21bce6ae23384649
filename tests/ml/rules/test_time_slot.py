"""What sets take and what fits: minutes at a machine, minutes of a visit."""

from dataclasses import replace
from typing import Any

import pytest

from ml.rules.time_slot import (
    CHANGE_OVER_S,
    MACHINE_MOST_S,
    OPENING_S,
    fitted,
    own_pace,
    slot_s,
    station_most_s,
    work_s,
)


def test_work_rest_and_no_rest_after_the_last_set(build: Any) -> None:
    timed = build.dose()
    assert work_s(timed) == pytest.approx(82.75)
    assert work_s(replace(timed, work_ms=0)) == pytest.approx(88.0)
    assert slot_s((timed, timed)) == pytest.approx(2 * 82.75 + 60.0)
    push = replace(timed, mode="isometric", reps=2)
    assert work_s(push) == pytest.approx(70.0)


def test_what_is_too_long_loses_its_last_sets_and_keeps_one(build: Any) -> None:
    long = build.dose(reps=30, work_ms=0, rest_ms=180_000)
    assert len(fitted((long,) * 4, MACHINE_MOST_S)) == 3
    assert slot_s(fitted((long,) * 4, MACHINE_MOST_S)) <= MACHINE_MOST_S
    assert fitted((long,) * 4, 10.0) == (long,)


def test_six_stations_of_the_build_phase_fit_forty_minutes(build: Any) -> None:
    single = build.dose(reps=20, work_ms=100_000)
    rows, besides_s = (single, single), OPENING_S + 5 * CHANGE_OVER_S
    assert slot_s(rows) <= station_most_s(6)
    assert besides_s + 6 * slot_s(rows) >= 25 * 60
    assert besides_s + 6 * station_most_s(6) == pytest.approx(40 * 60)


def test_one_station_has_its_fifteen_minutes() -> None:
    assert station_most_s(1) == MACHINE_MOST_S
    assert station_most_s(6) == pytest.approx((2_400 - 300 - 375) / 6)


def test_a_slow_person_gets_a_longer_slot(build: Any) -> None:
    by_reps = build.dose(work_ms=0)
    slow = build.finished(by_reps, duration_s=1.1 * work_s(by_reps))
    cut = build.finished(by_reps, duration_s=30.0, ended_by="patient")
    assert own_pace((slow, cut)) == pytest.approx(1.1)
    assert own_pace((cut,)) == 1.0
    assert slot_s((by_reps, by_reps), 1.1) == pytest.approx(2 * 1.1 * 88.0 + 60.0)
