from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dashboard.api.progress import Progress, Readiness, Series, read_progress
from dashboard.charts.progress import (
    day_rows,
    pain_layers,
    progress_chart,
    range_layers,
    ready_pct,
    ready_words,
    time_span,
    weight_layers,
)
from dashboard.charts.timeline import HOVER, Beside, Break, Mark
from dashboard.client import Client
from dashboard.format import KG_PER_LB, NOTHING, Formatter

NONE = Beside()


@pytest.fixture
def progress(client: Client) -> Progress:
    answer = read_progress(client, "p-1")
    assert isinstance(answer, Progress)
    return answer


@pytest.fixture
def series(progress: Progress) -> Series:
    return progress.series[0]


def rows(charts: Any) -> list[dict[str, Any]]:
    return [row for chart in charts for data in chart.to_dict()["datasets"].values() for row in data]


def drawn(series: Series, progress: Progress, beside: Beside, show: Formatter) -> Any:
    span = time_span(series, progress)
    assert span is not None
    return progress_chart(series, progress, beside, span, show).to_dict()


def test_all_panels_share_the_days_and_the_hover(progress: Progress, series: Series, show: Formatter) -> None:
    spec = drawn(series, progress, NONE, show)
    assert [panel["title"]["text"] for panel in spec["vconcat"]] == [
        "Weight in kg", "Range in degrees", "Work in J", "Endurance, reps at half of the capacity",
        "Pain, 0 to 10", "Readiness in %",
    ]  # fmt: skip
    days = [
        layer["encoding"]["x"]["scale"]["domain"] for panel in spec["vconcat"] for layer in panel["layer"]
    ]
    assert all(one == days[0] for one in days)
    hovers = [panel["layer"][-1] for panel in spec["vconcat"]]
    assert [one["name"] for one in hovers] == spec["params"][0]["views"]
    assert {one["encoding"]["opacity"]["condition"]["param"] for one in hovers} == {HOVER}
    assert len({one["data"]["name"] for one in hovers}) == 1  # the same days in every panel
    assert [panel["layer"][0]["encoding"]["x"]["axis"]["labels"] for panel in spec["vconcat"]] == [
        *[False] * 5,
        True,
    ]


def test_what_nobody_told_or_found_out_has_no_panel(
    progress: Progress, series: Series, show: Formatter
) -> None:
    spec = drawn(series, replace(progress, pain=(), readiness=()), NONE, show)
    assert len(spec["vconcat"]) == 4
    unknown = tuple(replace(point, endurance=None) for point in series.points)
    spec = drawn(replace(series, points=unknown), replace(progress, pain=(), readiness=()), NONE, show)
    assert len(spec["vconcat"]) == 3


def test_marks_and_breaks_go_through_every_panel_and_are_named_on_top(
    progress: Progress, series: Series, show: Formatter
) -> None:
    at = series.points[5].at
    beside = Beside(
        marks=(Mark(at=at, kind="test", words="a test"), Mark(at=at, kind="phase", words="Build")),
        breaks=(Break(begins=at, ends=at + timedelta(days=20), words="20 days away"),),
    )
    spec = drawn(series, progress, beside, show)
    for panel in spec["vconcat"]:
        kinds = [layer["mark"]["type"] for layer in panel["layer"]]
        assert kinds[0] == "rect"
        assert "strokeDash" in str(panel["layer"])
    kinds_of = [[layer["mark"]["type"] for layer in panel["layer"]] for panel in spec["vconcat"]]
    assert ["text" in kinds for kinds in kinds_of] == [True, *[False] * 5]
    told = {row["words"] for data in spec["datasets"].values() for row in data if "sign" in row}
    assert told == {"a test", "Build"}


def test_the_axis_holds_every_moment_and_nothing_has_no_axis(progress: Progress, series: Series) -> None:
    span = time_span(series, progress)
    assert span is not None
    assert span[0] < series.points[0].at < series.points[-1].at < span[1]
    assert time_span(replace(series, points=()), replace(progress, pain=(), readiness=())) is None


def test_weights_are_drawn_in_the_unit_of_the_viewer(
    series: Series, show: Formatter, show_lb: Formatter
) -> None:
    in_kg, in_lb = (rows(weight_layers(series, viewer)) for viewer in (show, show_lb))
    for key in ("low", "high", "value"):
        of_kg = [row[key] for row in in_kg if key in row]
        assert of_kg
        assert [row[key] for row in in_lb if key in row] == pytest.approx(
            [value / KG_PER_LB for value in of_kg]
        )


def test_a_session_without_capacity_leaves_a_gap_in_the_band_only(series: Series, show: Formatter) -> None:
    bare = replace(series.points[3], capacity_kg=None, capacity_low_kg=None, capacity_high_kg=None)
    points = (*series.points[:3], bare, *series.points[4:])
    found = rows(weight_layers(replace(series, points=points), show))
    assert len([row for row in found if "low" in row]) == len(points) - 1
    assert len([row for row in found if row.get("what") == "Load"]) == len(points)
    assert len([row for row in found if row.get("what") == "Capacity"]) == len(points) - 1


def test_the_range_is_drawn_in_clinical_degrees(series: Series, show: Formatter) -> None:
    last = rows(range_layers(series, show))[-1]
    assert (last["start"], last["end"], last["window"]) == (72.0, 12.0, "72 to 12°")


def test_pain_is_drawn_on_its_whole_scale_and_by_question(progress: Progress, show: Formatter) -> None:
    points = pain_layers(progress.pain, show)[1].to_dict()["encoding"]
    assert points["y"]["scale"]["domain"] == [0, 10]
    assert points["color"]["legend"]["values"] == ["Pain before", "Pain in the set"]


def test_both_scales_of_readiness_end_at_a_hundred(progress: Progress, show: Formatter) -> None:
    answer = progress.readiness[0]
    told = [(1, 5), (5, 5), (0, 10), (10, 10), (3, 5)]
    assert [ready_pct(replace(answer, value=value, most=most)) for value, most in told] == [
        0, 100, 0, 100, 50,
    ]  # fmt: skip
    assert ready_words(Readiness(at=answer.at, value=4, most=5), show) == "4 of 5"


def test_the_hover_tells_all_of_a_day(progress: Progress, series: Series, show: Formatter) -> None:
    last = day_rows(series, progress, show)[-1]
    assert (last["day"], last["load"], last["window"], last["work"]) == (
        "18 Nov 2026", "17.0 kg", "72 to 12°", "1490 J",
    )  # fmt: skip
    assert last["pain"] in {"1", "2", "3", "4"}
    assert day_rows(series, replace(progress, pain=()), show)[-1]["pain"] == NOTHING
