from collections.abc import Callable
from typing import Any

import pytest

from services.insights import balance
from services.insights.units import at

Make = Callable[..., Any]
DAY_MS = 86_400_000


def both_sides(summary: Make, days: int, left_kg: float, right_kg: float) -> list[Any]:
    return [
        summary(day, side, capacity)
        for day in range(days)
        for side, capacity in (("left", left_kg), ("right", right_kg))
    ]


def test_nothing_trained_has_no_pairs() -> None:
    assert balance.picture([]) == balance.Balance(pairs=(), ratios=())


def test_two_visits_are_not_enough_and_tell_no_difference(summary: Make) -> None:
    pair = balance.picture(both_sides(summary, 2, 20.0, 30.0)).pairs[0]
    assert (pair.verdict, pair.difference_pct, pair.weak_side) == ("not_enough_data", None, None)
    assert (pair.left_kg, pair.right_kg, pair.sessions) == (20.0, 30.0, 2)


def test_small_difference_is_inside_its_error(summary: Make) -> None:
    pair = balance.picture(both_sides(summary, 4, 28.0, 30.0)).pairs[0]
    assert pair.verdict == "inside_error"
    assert pair.weak_side is None
    assert pair.difference_pct == 6.9
    assert pair.low_pct is not None
    assert pair.high_pct is not None
    assert pair.low_pct < 6.9 < pair.high_pct
    assert pair.lsi_pct == 93.3


def test_large_difference_twice_on_the_same_side_is_confirmed(summary: Make) -> None:
    pair = balance.picture(both_sides(summary, 4, 20.0, 30.0)).pairs[0]
    assert (pair.verdict, pair.weak_side) == ("confirmed", "left")
    assert [past.at for past in pair.own_past] == [at(day * DAY_MS) for day in range(3)]


def test_large_difference_for_the_first_time_is_watched(summary: Make) -> None:
    rows = both_sides(summary, 3, 30.0, 30.0)
    rows += [summary(3, "left", 30.0), summary(3, "right", 20.0)]
    pair = balance.picture(rows).pairs[0]
    assert (pair.verdict, pair.weak_side) == ("watch", "right")
    assert pair.difference_pct is not None
    assert pair.difference_pct < 0


def test_one_trained_side_is_shown_without_a_difference(summary: Make) -> None:
    pair = balance.picture([summary(0, "left", 20.0)]).pairs[0]
    assert (pair.verdict, pair.left_kg, pair.right_kg) == ("not_enough_data", 20.0, None)


def test_sessions_without_capacity_are_left_out(summary: Make) -> None:
    assert balance.picture([summary(0, "left", None)]).pairs == ()


def test_ratio_compares_torques_with_the_own_past(summary: Make) -> None:
    rows = []
    for day in range(5):
        rows.append(summary(day, "both", 40.0, kind="lumbar_flexion"))
        rows.append(summary(day, "both", 40.0, kind="lumbar_extension"))
    ratio = balance.picture(rows).ratios[0]
    assert (ratio.numerator, ratio.denominator) == ("lumbar_flexion", "lumbar_extension")
    assert ratio.value == pytest.approx(0.5)  # levers 0.20 m and 0.40 m
    assert ratio.verdict == "inside_own_range"
    assert len(ratio.own_past) == 4


def test_ratio_without_a_past_is_not_enough(summary: Make) -> None:
    only = [summary(0, "both", 40.0, kind="lumbar_flexion")]
    assert balance.picture(only).ratios[0].verdict == "not_enough_data"
    assert balance.picture([summary(0, "both", 40.0, kind="leg_press")]).ratios == ()


def test_sets_of_a_week_and_of_four_weeks_are_counted_by_kind_and_side(summary: Make) -> None:
    rows = [summary(day, "left", sets=2) for day in (0, 3, 24)] + [summary(30, "right", sets=1)]
    found = balance.trained(rows, 30 * DAY_MS)
    assert [(one.side, one.sets_7_days, one.sets_28_days) for one in found] == [
        ("left", 2, 4),  # day 0 is thirty days ago
        ("right", 1, 1),
    ]
