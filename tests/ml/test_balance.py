"""Differences are findings only outside their error, and flags only twice on the same side."""

from math import exp

import pytest

from ml.balance import (
    Difference,
    Ratio,
    Strength,
    detectable_percent,
    difference,
    limb_symmetry_percent,
    log_ratio_percent,
    ratio,
)
from ml.progress import NotEnough


def strength(capacity_kg: float, sd: float = 0.05, sessions: int = 10) -> Strength:
    return Strength(
        capacity_kg=capacity_kg,
        low_kg=capacity_kg * exp(-1.2816 * sd),
        high_kg=capacity_kg * exp(1.2816 * sd),
        sessions=sessions,
    )


def test_a_usual_difference_is_inside_its_error() -> None:
    found = difference(strength(10), strength(11.5))
    assert isinstance(found, Difference)
    assert found.verdict == "inside_error"
    assert found.weak_side is None
    assert found.difference_percent == pytest.approx(13.98, abs=0.01)
    assert found.low_percent < found.difference_percent < found.high_percent


def test_a_large_difference_is_watched_and_confirmed_only_on_the_same_side() -> None:
    once = difference(strength(10), strength(14))
    assert isinstance(once, Difference)
    assert once.verdict == "watch"
    assert once.weak_side == "left"
    for earlier, verdict in (
        ((33.0,), "confirmed"),
        ((-33.0,), "watch"),
        ((8.0,), "watch"),
        ((33.0, 8.0), "watch"),
    ):
        again = difference(strength(10), strength(14), earlier)
        assert isinstance(again, Difference)
        assert again.verdict == verdict
    mirrored = difference(strength(14), strength(10))
    assert isinstance(mirrored, Difference)
    assert mirrored.weak_side == "right"
    assert mirrored.difference_percent == pytest.approx(-once.difference_percent)


def test_an_uncertain_estimate_raises_what_is_detectable() -> None:
    sure, unsure = difference(strength(10), strength(14)), difference(strength(10, 0.2), strength(14, 0.2))
    assert isinstance(sure, Difference)
    assert isinstance(unsure, Difference)
    assert unsure.detectable_percent > sure.detectable_percent > 20  # a repeated test alone: 20.8 %
    assert unsure.verdict == "inside_error"


def test_indices() -> None:
    assert limb_symmetry_percent(8, 10) == limb_symmetry_percent(10, 8) == 80
    assert log_ratio_percent(10, 10) == 0
    assert log_ratio_percent(10, 12) == pytest.approx(-log_ratio_percent(12, 10))
    assert detectable_percent(0) == pytest.approx(20.8, abs=0.05)


def test_too_few_sessions_are_a_value() -> None:
    assert difference(strength(10, sessions=2), strength(12)) == NotEnough(have=2, need=3)
    assert ratio(strength(5), strength(10), (0.5, 0.5)) == NotEnough(have=2, need=3)


def test_a_ratio_is_set_against_the_own_past() -> None:
    usual = ratio(strength(5), strength(10), (0.48, 0.5, 0.53))
    assert isinstance(usual, Ratio)
    assert usual.verdict == "inside_own_range"
    assert usual.low < usual.value == 0.5 < usual.high
    changed = ratio(strength(8), strength(10), (0.48, 0.5, 0.53))
    assert isinstance(changed, Ratio)
    assert changed.verdict == "outside_own_range"
