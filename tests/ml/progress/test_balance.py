"""Differences are findings only outside their error, and flags only twice on the same side."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.progress.balance import (
    Difference,
    Earlier,
    Incomparable,
    Key,
    PastRatio,
    Ratio,
    Strength,
    difference,
    limb_symmetry_percent,
    log_ratio_percent,
    ratio,
)
from ml.progress.trend import NotEnough

DAY_MS = 86_400_000
BIODEX = Key(device="biodex", mode="isokinetic_60")


def weekly(*differences: float) -> list[Earlier]:
    """Make one test a week, the newest one a week ago."""
    weeks = range(len(differences), 0, -1)
    return [
        Earlier(wall_ms=-7 * week * DAY_MS, difference_percent=d)
        for week, d in zip(weeks, differences, strict=True)
    ]


def past(*values: float, key: Key | None = None) -> list[PastRatio]:
    return [PastRatio(value=value, key=key or Key()) for value in values]


def strength(capacity_kg: float, sd: float = 0.05, sessions: int = 10, key: Key | None = None) -> Strength:
    return Strength(
        capacity_kg=capacity_kg,
        low_kg=capacity_kg * exp(-1.2816 * sd),
        high_kg=capacity_kg * exp(1.2816 * sd),
        sessions=sessions,
        key=key or Key(),
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
        again = difference(strength(10), strength(14), weekly(*earlier), 0)
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


def test_too_few_sessions_are_a_value() -> None:
    assert difference(strength(10, sessions=2), strength(12)) == NotEnough(have=2, need=3)
    assert ratio(strength(5), strength(10), past(0.5, 0.5)) == NotEnough(have=2, need=3)


def test_a_ratio_is_set_against_the_own_past() -> None:
    usual = ratio(strength(5), strength(10), past(0.48, 0.5, 0.53))
    assert isinstance(usual, Ratio)
    assert usual.verdict == "inside_own_range"
    assert usual.low < usual.value == 0.5 < usual.high
    changed = ratio(strength(8), strength(10), past(0.48, 0.5, 0.53))
    assert isinstance(changed, Ratio)
    assert changed.verdict == "outside_own_range"


def test_a_retest_of_another_day_confirms_and_one_of_the_same_day_does_not() -> None:
    first = [Earlier(wall_ms=0, difference_percent=33.0)]
    for now_ms, verdict in ((3 * DAY_MS, "confirmed"), (42 * DAY_MS, "confirmed"), (3_600_000, "watch")):
        found = difference(strength(10), strength(14), first, now_ms)
        assert isinstance(found, Difference)
        assert found.verdict == verdict


def test_a_retest_inside_the_error_clears_the_first() -> None:
    found = difference(strength(10), strength(11), weekly(33.0), 0)
    assert isinstance(found, Difference)
    assert found.verdict == "inside_error"


def test_figures_of_two_devices_or_modes_are_no_ratio_but_a_reason() -> None:
    own, biodex = strength(5), strength(10, key=BIODEX)
    assert ratio(own, biodex, past(0.5, 0.5, 0.5)) == Incomparable(reason="device")
    assert difference(own, biodex) == Incomparable(reason="device")
    other_mode = strength(10, key=Key(mode="isometric"))
    assert ratio(own, other_mode, past(0.5, 0.5, 0.5)) == Incomparable(reason="mode")


def test_the_own_past_of_a_ratio_is_that_of_its_key() -> None:
    foreign = past(0.5, 0.5, 0.5, key=BIODEX)
    assert ratio(strength(5), strength(10), foreign) == NotEnough(have=0, need=3)
    told = ratio(strength(5, key=BIODEX), strength(10, key=BIODEX), foreign)
    assert isinstance(told, Ratio)


def test_the_rotation_of_story_three_is_grey() -> None:
    """A limb symmetry index of 88 % is inside the error of the test (design page 8, story 3)."""
    found = difference(strength(8.8), strength(10))
    assert isinstance(found, Difference)
    assert found.lsi_percent == pytest.approx(88)
    assert (found.verdict, found.weak_side) == ("inside_error", None)


loads = st.floats(0.5, 200.0)
spreads = st.floats(0.01, 0.3)


@given(loads, loads, spreads, spreads)
def test_swapping_the_sides_flips_the_sign_and_nothing_else(
    left_kg: float, right_kg: float, left_sd: float, right_sd: float
) -> None:
    left, right = strength(left_kg, left_sd), strength(right_kg, right_sd)
    one, other = difference(left, right), difference(right, left)
    assert isinstance(one, Difference)
    assert isinstance(other, Difference)
    assert one.difference_percent == pytest.approx(-other.difference_percent)
    assert (one.low_percent, one.high_percent) == pytest.approx((-other.high_percent, -other.low_percent))
    assert one.verdict == other.verdict
    assert one.lsi_percent == pytest.approx(other.lsi_percent)
    if one.weak_side is not None:
        assert {one.weak_side, other.weak_side} == {"left", "right"}


@given(loads, loads, st.floats(0.1, 10.0))
def test_the_unit_of_the_load_does_not_matter(left_kg: float, right_kg: float, factor: float) -> None:
    plain = difference(strength(left_kg), strength(right_kg))
    scaled = difference(strength(left_kg * factor), strength(right_kg * factor))
    assert isinstance(plain, Difference)
    assert isinstance(scaled, Difference)
    assert scaled.difference_percent == pytest.approx(plain.difference_percent, abs=1e-9)
    assert scaled.low_percent == pytest.approx(plain.low_percent, abs=1e-9)


@given(loads, loads, loads)
def test_the_difference_adds_up_over_a_third_strength(
    first_kg: float, then_kg: float, last_kg: float
) -> None:
    whole = log_ratio_percent(first_kg, last_kg)
    assert log_ratio_percent(first_kg, then_kg) + log_ratio_percent(then_kg, last_kg) == pytest.approx(whole)
    assert whole == pytest.approx(100 * log(last_kg / first_kg))
