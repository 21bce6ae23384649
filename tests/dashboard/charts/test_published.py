from dataclasses import replace
from typing import Any

import pytest

from contract.machines import catalogue
from dashboard.api.progress import Point, Progress, read_progress
from dashboard.charts.published import PUBLISHED, WEEKS, gain_chart, gains
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.language import traditional_chinese


@pytest.fixture
def points(client: Client) -> tuple[Point, ...]:
    answer = read_progress(client, "p-1")
    assert isinstance(answer, Progress)
    return answer.series[0].points


def test_every_source_is_of_a_machine_and_says_who_was_measured() -> None:
    assert PUBLISHED.keys() <= catalogue().keys()
    for source in PUBLISHED.values():
        assert source.words in traditional_chinese()
        assert "people" in source.words
        assert all(0 < one.week <= WEEKS and one.low_pct < one.high_pct for one in source.ranges)


def test_the_gain_counts_from_the_visit_at_which_the_estimate_has_settled(points: tuple[Point, ...]) -> None:
    found = gains(points)
    assert (found[0]["week"], found[0]["gain"]) == (0, 0)
    assert len(found) == len(points) - 3  # the chart says: since the 4th visit
    base = points[3].capacity_kg
    last = points[-1].capacity_kg
    assert base is not None
    assert last is not None
    assert found[-1]["gain"] == pytest.approx(100 * (last / base - 1))
    assert found[-1]["low"] < found[-1]["gain"] < found[-1]["high"]


def test_after_twelve_weeks_nothing_is_compared(points: tuple[Point, ...]) -> None:
    late = replace(points[-1], at=points[-1].at.replace(year=2027))
    assert len(gains((*points, late))) == len(gains(points))


def test_too_few_visits_have_no_picture(points: tuple[Point, ...], show: Formatter) -> None:
    source = PUBLISHED["lumbar_extension"]
    assert gains(()) == []
    assert gain_chart(points[:4], source, show) is None
    assert gain_chart([replace(point, capacity_low_kg=None) for point in points], source, show) is None


def test_the_published_range_is_drawn_as_printed(points: tuple[Point, ...], show: Formatter) -> None:
    chart: Any = gain_chart(points, PUBLISHED["lumbar_extension"], show)
    published = [row for data in chart.to_dict()["datasets"].values() for row in data if "gain" not in row]
    assert published == [{"week": 12, "low": 26.6, "high": 41.4, "words": "+27 to +41 %"}]
