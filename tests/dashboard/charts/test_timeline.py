from datetime import UTC, datetime, timedelta

from dashboard.charts.timeline import SIGNS, Beside, break_layers, days_axis, mark_layers, span_of, wall_time
from dashboard.format import Formatter

LATE = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)


def test_a_moment_on_the_axis_is_studio_time_without_a_zone(show: Formatter) -> None:
    assert wall_time(LATE, show) == "2026-11-22T02:30:00"


def test_a_single_visit_still_has_days_around_it() -> None:
    assert span_of([]) is None
    span = span_of([LATE])
    assert span is not None
    assert span[1] - span[0] == timedelta(days=14)


def test_nothing_beside_draws_nothing(show: Formatter) -> None:
    days = days_axis((LATE, LATE), show, labelled=True)
    assert break_layers(Beside(), days, show) == mark_layers(Beside(), days, show, named=True) == []


def test_kinds_of_marks_differ_by_sign() -> None:
    assert len(set(SIGNS.values())) == len(SIGNS) == 2
