"""Trend with its band, plateau, and too little data as a value."""

from dataclasses import replace
from math import exp, log
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.progress.trend import Believed, Drop, NotEnough, Trend, drop, is_plateau, plateau, trend

WEEK_MS = 7 * 86_400_000


def points(weekly: float, count: int = 8, band: float = 1.05) -> list[Believed]:
    capacities = [20 * exp(weekly * week) for week in range(count)]
    return [
        Believed(wall_ms=week * WEEK_MS, value=kg, low=kg / band, high=kg * band)
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


def test_a_corrected_guess_is_no_loss() -> None:
    """The first strength test brought 48 kg down to 33 and halved the band: nothing was lost."""
    guessed = [replace(point, value=48, low=33, high=69) for point in points(0.0)[:4]]
    since = [replace(point, value=33, low=28, high=39) for point in points(0.0)[4:]]
    assert trend([*guessed, *since[:3]]) == NotEnough(have=3, need=4)
    found = trend([*guessed, *since])
    assert isinstance(found, Trend)
    assert (found.total_percent, found.is_clear) == (0, False)
    assert drop([*guessed, *since]) == NotEnough(have=4, need=5)


def test_the_interval_holds_the_trend_and_narrows_with_time() -> None:
    short, long = trend(points(0.02, count=4)), trend(points(0.02, count=12))
    assert isinstance(short, Trend)
    assert isinstance(long, Trend)
    assert short.low_percent < short.weekly_percent < short.high_percent
    assert long.high_percent - long.low_percent < short.high_percent - short.low_percent


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


def test_too_few_visits_are_no_answer_about_a_plateau(build: Any) -> None:
    flat = [build.summary(3.5 * number) for number in range(6, 0, -1)]
    assert plateau(flat, 6) is True
    assert plateau([*flat[:5], build.summary(1, raised="load")], 6) is False
    assert plateau(flat[:4], 6) == NotEnough(have=4, need=6)


def capacities(*kilograms: float, band: float = 1.05) -> list[Believed]:
    return [
        Believed(wall_ms=week * WEEK_MS, value=kg, low=kg / band, high=kg * band)
        for week, kg in enumerate(kilograms)
    ]


def test_a_drop_is_told_only_beyond_the_error() -> None:
    small = drop(capacities(18, 20, 22, 21, 19))
    assert isinstance(small, Drop)
    assert small.verdict == "inside_error"
    assert small.difference_percent == pytest.approx(100 * log(19 / 22))
    large = drop(capacities(18, 20, 22, 21, 16))
    assert isinstance(large, Drop)
    assert large.verdict == "drop"
    assert large.low_percent < large.difference_percent < large.high_percent < -20
    assert large.since_ms == 2 * WEEK_MS


def test_an_uncertain_best_is_no_reference() -> None:
    points = capacities(20, 20, 20, 20, 19)
    points[1] = Believed(wall_ms=WEEK_MS, value=40, low=15, high=107)
    found = drop(points)
    assert isinstance(found, Drop)
    assert found.since_ms != WEEK_MS


def test_a_wide_band_hides_a_drop_and_a_short_past_tells_none() -> None:
    unsure = drop(capacities(18, 20, 22, 21, 16, band=1.4))
    assert isinstance(unsure, Drop)
    assert unsure.verdict == "inside_error"
    assert unsure.detectable_percent > 40
    assert drop(capacities(18, 20, 22, 16)) == NotEnough(have=4, need=5)


@given(st.lists(st.floats(1, 100), min_size=5, max_size=12), st.floats(0.1, 10))
def test_a_drop_does_not_depend_on_the_unit(kilograms: list[float], factor: float) -> None:
    plain, scaled = drop(capacities(*kilograms)), drop(capacities(*(kg * factor for kg in kilograms)))
    assert isinstance(plain, Drop)
    assert isinstance(scaled, Drop)
    assert scaled.difference_percent == pytest.approx(plain.difference_percent, abs=1e-6)


@given(st.lists(st.floats(0, 0.2), min_size=5, max_size=12))
def test_who_only_rises_has_no_drop(gains: list[float]) -> None:
    total, kilograms = 0.0, []
    for gain in gains:
        total += gain
        kilograms.append(10 * exp(total))
    found = drop(capacities(*kilograms))
    assert isinstance(found, Drop)
    assert found.verdict == "inside_error"
    assert found.difference_percent >= -1e-9
