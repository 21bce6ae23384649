from dataclasses import replace
from typing import Any

import pytest

from dashboard.api.progress import Progress, Series, read_progress
from dashboard.charts.progress import amplitude_chart, capacity_chart, pain_chart, time_span, wall_time
from dashboard.client import Client
from dashboard.format import KG_PER_LB, Formatter


@pytest.fixture
def progress(client: Client) -> Progress:
    answer = read_progress(client, "p-1")
    assert isinstance(answer, Progress)
    return answer


@pytest.fixture
def series(progress: Progress) -> Series:
    return progress.series[0]


def rows(chart: Any) -> list[dict[str, Any]]:
    return [row for data in chart.to_dict()["datasets"].values() for row in data]


def domain(chart: Any) -> Any:
    spec = chart.to_dict()
    encoding = spec["layer"][0]["encoding"] if "layer" in spec else spec["encoding"]
    return encoding["x"]["scale"]["domain"]


def test_the_three_charts_share_one_time_axis(progress: Progress, series: Series, show: Formatter) -> None:
    span = time_span(series, progress.pain)
    assert span is not None
    charts = (
        capacity_chart(series, span, show),
        amplitude_chart(series, span, show),
        pain_chart(progress.pain, span, show),
    )
    first, *others = [domain(chart) for chart in charts]
    assert others == [first, first]


def test_the_axis_holds_every_moment_and_nothing_has_no_axis(progress: Progress, series: Series) -> None:
    span = time_span(series, progress.pain)
    assert span is not None
    assert span[0] < series.points[0].at < series.points[-1].at < span[1]
    assert time_span(replace(series, points=()), ()) is None


def test_weights_are_drawn_in_the_unit_of_the_viewer(
    progress: Progress, series: Series, show: Formatter, show_lb: Formatter
) -> None:
    span = time_span(series, progress.pain)
    assert span is not None
    in_kg, in_lb = (rows(capacity_chart(series, span, viewer)) for viewer in (show, show_lb))
    for key in ("low", "high", "value"):
        of_kg = [row[key] for row in in_kg if key in row]
        of_lb = [row[key] for row in in_lb if key in row]
        assert of_kg
        assert of_lb == pytest.approx([value / KG_PER_LB for value in of_kg])


def test_a_session_without_capacity_leaves_a_gap_in_the_band_only(series: Series, show: Formatter) -> None:
    bare = replace(series.points[3], capacity_kg=None, capacity_low_kg=None, capacity_high_kg=None)
    points = (*series.points[:3], bare, *series.points[4:])
    span = time_span(series, ())
    assert span is not None
    drawn = rows(capacity_chart(replace(series, points=points), span, show))
    assert len([row for row in drawn if "low" in row]) == len(points) - 1
    assert len([row for row in drawn if row.get("what") == "Load"]) == len(points)
    assert len([row for row in drawn if row.get("what") == "Capacity"]) == len(points) - 1


def test_the_range_is_drawn_in_clinical_degrees(series: Series, show: Formatter) -> None:
    span = time_span(series, ())
    assert span is not None
    last = rows(amplitude_chart(series, span, show))[-1]
    assert (last["start"], last["end"], last["window"]) == (72.0, 12.0, "72 to 12°")


def test_pain_is_drawn_on_its_whole_scale_and_by_question(progress: Progress, show: Formatter) -> None:
    span = time_span(progress.series[0], progress.pain)
    assert span is not None
    points = pain_chart(progress.pain, span, show).to_dict()["layer"][1]["encoding"]
    assert points["y"]["scale"]["domain"] == [0, 10]
    assert points["color"]["legend"]["values"] == ["Pain before", "Pain set"]


def test_a_moment_on_the_axis_is_studio_time_without_a_zone(series: Series, show: Formatter) -> None:
    assert wall_time(series.points[-1].at, show).endswith("T02:30:00")
