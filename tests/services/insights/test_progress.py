from collections.abc import Callable
from math import log
from types import SimpleNamespace
from typing import Any

import pytest

from services.insights import capacity, endurance, progress
from services.insights.units import at

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
    found = capacity.capacity_trend(rows)
    assert found.verdict == verdict
    assert found.pct_per_week is not None
    assert found.pct_per_week == pytest.approx(100 * (growth - 1), abs=0.1)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.pct_per_week < found.high


def test_endurance_is_told_by_session_and_its_trend_beyond_its_band(summary: Make) -> None:
    rows = [summary(7 * week) for week in range(8)]

    def told(growth: float) -> progress.Series:
        lasting = {
            (row.session_id, "left"): endurance.of(-log(20.0 * growth**place), 0.02**2)
            for place, row in enumerate(rows)
            if place != 0
        }
        return progress.picture(rows, [], [], lasting).series[0]

    rising = told(1.05)
    assert rising.points[0].endurance is None
    assert rising.points[1].endurance == endurance.of(-log(21.0), 0.02**2)
    assert (rising.endurance_trend.verdict, rising.trend.verdict) == ("rising", "steady")
    assert told(1.0).endurance_trend.verdict == "steady"
    assert progress.picture(rows, [], []).series[0].endurance_trend.verdict == "not_enough_data"


def test_few_sessions_tell_no_trend(summary: Make) -> None:
    found = capacity.capacity_trend([summary(day) for day in range(3)])
    assert found == capacity.Trend(verdict="not_enough_data")


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


def test_a_fall_of_capacity_is_grey_inside_the_error_and_a_drop_beyond_it(summary: Make) -> None:
    small = capacity.capacity_drop(
        [summary(7 * week, capacity_kg=kg) for week, kg in enumerate((30,) * 5 + (27,))]
    )
    assert (small.verdict, small.difference_pct, small.mdc_pct) == ("inside_error", -10.5, 20.8)
    large = capacity.capacity_drop(
        [summary(7 * week, capacity_kg=kg) for week, kg in enumerate((30,) * 5 + (20,))]
    )
    assert (large.verdict, large.since) == ("drop", at(0))
    assert capacity.capacity_drop([summary(0)]) == capacity.Drop(verdict="not_enough_data")


def test_six_equal_visits_are_a_plateau_and_fewer_tell_nothing(summary: Make) -> None:
    flat = [summary(round(3.5 * number)) for number in range(6)]
    assert progress.picture(flat, [], []).series[0].plateau == "plateau"
    assert progress.picture(flat[:5], [], []).series[0].plateau == "not_enough_data"
    moving = [*flat[:5], summary(17, load_g=13_500)]
    assert progress.picture(moving, [], []).series[0].plateau == "moving"


def test_totals_add_up_all_sessions(summary: Make) -> None:
    found = progress.picture([summary(0), summary(3, work_j=100.0)], [], []).series[0].totals
    assert found == progress.Totals(sessions=2, reps=20, work_j=350.0, under_tension_s=100.0)


@pytest.mark.parametrize(
    ("pains", "verdict", "signed"),
    [
        ([4, 4, 4, 3, 3, 3], "inside_error", -1.0),  # Mr Lee: grey (clinical page, story 3)
        ([6, 5, 5, 3, 3, 2], "improved", -2.0),
        ([2, 3, 2, 5, 4, 4], "worse", 2.0),
        ([4, 4, 3, 3, 3], "not_enough_data", None),
    ],
)
def test_pain_is_told_only_beyond_an_important_change(
    visit: Make, pains: list[int], verdict: str, signed: float | None
) -> None:
    visits = [visit(3 * number, pain_before=pain) for number, pain in enumerate(pains)]
    found = progress.picture([], [*visits, visit(60)], []).pain_change
    assert (found.verdict, found.change, found.visits) == (verdict, signed, len(pains))
