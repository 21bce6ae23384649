"""My progress: what is said of strength is what is known of it, and a break is judged inside its band."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.api.progress import Progress, Series
from dashboard.format import Formatter
from dashboard.views.own.progress import (
    break_words,
    curve_words,
    endurance_words,
    expect_words,
    milestones,
    weeks_since,
)

Build = Callable[..., Series]


@pytest.mark.parametrize(
    ("week", "part"), [(1, "get to know"), (2, "get to know"), (3, "more easily"), (12, "usually grows"),
                       (13, "keeping"), (500, "keeping")],
)  # fmt: skip
def test_each_week_says_what_to_expect(week: int, part: str, show: Formatter) -> None:
    assert part in expect_words(week, show)


@pytest.mark.parametrize(("days", "week"), [(-0.01, 1), (6.9, 1), (7, 2), (80, 12)])
def test_weeks_count_from_the_first_visit_until_today(days: float, week: int, series: Build) -> None:
    points = series((0, 20), (6, 20)).points  # a break after the last visit is counted
    assert weeks_since(points, points[0].at + timedelta(days=days)) == week


@pytest.mark.parametrize(
    ("verdicts", "part"),
    [
        (("rising", "steady"), "getting stronger"),
        (("rising", "falling"), "at others it was a little less"),
        (("falling", "steady"), "a little less"),
        (("not_enough_data", "not_enough_data"), "too early"),
        (("not_enough_data", "steady"), "holds steady"),
    ],
)
def test_strength_is_said_as_it_was_judged(
    verdicts: tuple[str, str], part: str, series: Build, show: Formatter
) -> None:
    assert part in curve_words([series((0, 20), (7, 20), verdict=verdict) for verdict in verdicts], show)


@pytest.mark.parametrize(
    ("verdicts", "part"),
    [
        (("rising", "steady"), "for longer than before"),
        (("falling", "steady"), "a little sooner"),
        (("rising", "falling"), "at others you tire sooner"),
        (("not_enough_data", "steady"), "holds steady"),
        (("not_enough_data", "not_enough_data"), "too early"),
    ],
)
def test_endurance_is_said_apart_from_strength(
    verdicts: tuple[str, str], part: str, series: Build, show: Formatter
) -> None:
    built = [series((0, 20), (7, 20), verdict="falling") for _ in verdicts]
    told = [
        replace(each, endurance_trend=replace(each.endurance_trend, verdict=verdict))
        for each, verdict in zip(built, verdicts, strict=True)
    ]
    assert part in endurance_words(told, show)


def test_a_break_says_whether_strength_was_kept(series: Build, show: Formatter) -> None:
    assert break_words([series((0, 20), (14.9, 20))], show) == ""
    kept = break_words([series((0, 20), (21, 18.5))], show)  # its band reaches 20.35
    assert kept.startswith("You had a break of about 3 weeks.")
    assert "still there" in kept
    assert "a little less" in break_words([series((0, 20), (21, 17))], show)  # its band ends at 18.7


def test_only_the_last_break_counts(series: Build, show: Formatter) -> None:
    said = break_words([series((0, 20), (21, 10), (24, 20), (60, 20))], show)
    assert "about 5 weeks" in said
    assert "still there" in said


def test_what_was_reached_is_named_once_and_by_station(
    series: Build, progress: Progress, show: Formatter
) -> None:
    both = [series((0, 20), (7, 20), load_kg=9.0, amplitude_deg=99.0), series((0, 20), (7, 20), load_kg=9.0)]
    assert milestones(progress, both, show) == [
        "12 visits done",
        "You move further: Leg press",
        "You lift more than at the start: Leg press",
    ]
    better = replace(progress, pain_change=replace(progress.pain_change, verdict="improved"))
    assert milestones(better, both, show)[-1] == "Less pain before training than at the start"
