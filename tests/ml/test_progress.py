"""Trend with its band, plateau, and too little data as a value."""

from math import exp
from typing import Any

import pytest

from ml.progress import CapacityPoint, NotEnough, Trend, is_plateau, trend, work_kg

WEEK_MS = 7 * 86_400_000


def points(weekly: float, count: int = 8, band: float = 1.05) -> list[CapacityPoint]:
    capacities = [20 * exp(weekly * week) for week in range(count)]
    return [
        CapacityPoint(wall_ms=week * WEEK_MS, capacity_kg=kg, low_kg=kg / band, high_kg=kg * band)
        for week, kg in enumerate(capacities)
    ]


def test_a_steady_gain_is_found_and_clear() -> None:
    found = trend(points(0.02))
    assert isinstance(found, Trend)
    assert found.weekly_percent == pytest.approx(2)
    assert found.total_percent == pytest.approx(14)
    assert found.is_clear


def test_a_change_inside_the_band_is_not_clear() -> None:
    found = trend(points(0.01, band=1.3))
    assert isinstance(found, Trend)
    assert not found.is_clear


def test_three_sessions_are_not_enough() -> None:
    assert trend(points(0.02, count=3)) == NotEnough(have=3, need=4)
    assert isinstance(trend(points(0.02, count=1) * 5), NotEnough)  # all at one moment


def test_six_equal_attended_visits_are_a_plateau(build: Any) -> None:
    flat = [build.summary(3.5 * number) for number in range(6, 0, -1)]
    assert is_plateau(flat, 6)
    assert not is_plateau(flat[:5], 6)
    assert not is_plateau([build.summary(7 * number) for number in range(6, 0, -1)], 6)  # attended half
    assert not is_plateau([*flat[:5], build.summary(1, load_g=10_500)], 6)
    assert not is_plateau([*flat[:5], build.summary(1, end_cdeg=5_000)], 6)
    assert not is_plateau([*flat[:5], build.summary(1, raised="load")], 6)


def test_work_is_load_times_reps(build: Any) -> None:
    assert work_kg([build.summary(1), build.summary(2, load_g=5_000, reps=10)]) == 210
