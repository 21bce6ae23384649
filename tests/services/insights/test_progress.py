from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from services.insights import progress

Make = Callable[..., Any]
DAY_MS = 86_400_000


def test_nothing_done_draws_nothing() -> None:
    picture = progress.picture([], [], [])
    assert (picture.series, picture.pain) == ((), ())
    assert picture.adherence == progress.Adherence(planned=0, attended=0)


def test_sides_are_separate_series_in_the_order_of_time(summary: Make) -> None:
    rows = [summary(day, side) for day in range(3) for side in ("left", "right")]
    series = progress.picture(rows, [], []).series
    assert [(one.side, len(one.points)) for one in series] == [("left", 3), ("right", 3)]
    assert [point.session for point in series[0].points] == ["session-0", "session-1", "session-2"]
    assert series[0].points[0].amplitude_deg == 30.0


@pytest.mark.parametrize(("growth", "verdict"), [(1.03, "rising"), (1.0, "steady"), (0.97, "falling")])
def test_trend_is_told_when_it_is_clearer_than_its_band(summary: Make, growth: float, verdict: str) -> None:
    rows = [summary(7 * week, capacity_kg=30.0 * growth**week) for week in range(8)]
    found = progress.capacity_trend(rows)
    assert found.verdict == verdict
    assert found.pct_per_week is not None
    assert found.pct_per_week == pytest.approx(100 * (growth - 1), abs=0.1)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.pct_per_week < found.high


def test_few_sessions_tell_no_trend(summary: Make) -> None:
    found = progress.capacity_trend([summary(day) for day in range(3)])
    assert found == progress.Trend(verdict="not_enough_data")


def test_session_without_capacity_keeps_its_point_and_no_trend(summary: Make) -> None:
    rows = [summary(day, capacity_kg=None) for day in range(6)]
    series = progress.picture(rows, [], []).series[0]
    assert series.points[0].capacity_kg is None
    assert series.trend.verdict == "not_enough_data"


def test_pain_answers_are_in_the_order_of_time(summary: Make, visit: Make) -> None:
    visits = [visit(0, pain_before=3, pain_after=4, morning_nrs=2), visit(3, pain_before=0)]
    found = progress.picture([summary(0, pain_set=5, wall_ms=1)], visits, []).pain
    assert [(pain.question, pain.nrs) for pain in found] == [
        ("pain_before", 3),
        ("pain_after", 4),
        ("pain_set", 5),
        ("pain_next_morning", 2),
        ("pain_before", 0),
    ]


@pytest.mark.parametrize(
    ("days", "phases", "planned"),
    [
        ([], [], 0),
        ([0], ["build"], 1),
        ([0, 3, 7], ["build"], 3),
        ([0, 28], ["build"], 9),
        ([0, 28], ["maintain"], 5),
        ([0, 28], ["maintain", "build"], 9),
        ([0, 1, 2, 3], ["build"], 4),
    ],
)
def test_planned_visits_follow_the_rhythm_of_the_phase(
    days: list[int], phases: list[str], planned: int
) -> None:
    found = progress.adherence([day * DAY_MS for day in days], phases)
    assert found == progress.Adherence(planned=planned, attended=len(days))


def test_phase_comes_from_the_signed_limits(visit: Make) -> None:
    signed: list[Any] = [SimpleNamespace(phase="maintain")]
    assert progress.picture([], [visit(0), visit(28)], signed).adherence.planned == 5
