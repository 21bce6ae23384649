"""A person's own charts: one point a visit, no figure of staff, words at the axis."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.api.progress import Drop, Pain, Point, Series, Trend
from dashboard.charts.own import own_pain_chart, own_strength_chart, strength_line
from dashboard.format import Formatter

START = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)


def point(days: float, capacity_kg: float | None) -> Point:
    band = (None, None) if capacity_kg is None else (0.9 * capacity_kg, 1.1 * capacity_kg)
    return Point(
        at=START + timedelta(days=days), load_kg=8.0, clinical_start_deg=0, clinical_end_deg=40,
        amplitude_deg=40, reps=10, work_j=1, capacity_kg=capacity_kg, capacity_low_kg=band[0],
        capacity_high_kg=band[1], endurance=None,
    )  # fmt: skip


def series(*points: Point) -> Series:
    trend = Trend(verdict="rising", pct_per_week=1, low=0, high=2, total_pct=3)
    drop = Drop(verdict="inside_error", difference_pct=0, mdc_pct=20)
    return Series(
        kind="row",
        side="both",
        points=points,
        trend=trend,
        plateau="moving",
        drop=drop,
        endurance_trend=trend,
    )


def test_stations_count_alike_against_their_own_start() -> None:
    weak, strong = series(point(0, 10), point(7, 20)), series(point(0.01, 100), point(7.01, 50))
    found = strength_line([weak, strong])
    assert [round(value, 9) for _, value, _, _ in found] == [1.0, 1.0]  # twice and half: as before


def test_two_stations_of_one_visit_are_one_point_with_its_band() -> None:
    found = strength_line([series(point(0, 10), point(7, 12)), series(point(0.02, 10), point(7.02, 12))])
    assert [(round(value, 6), round(low, 6), round(high, 6)) for _, value, low, high in found] == [
        (1.0, 0.9, 1.1),
        (1.2, 1.08, 1.32),
    ]


def test_a_station_without_a_known_start_is_left_out() -> None:
    assert strength_line([series(point(0, None), point(7, 20))]) == []
    assert len(strength_line([series(point(0, 10), point(7, None), point(14, 11))])) == 3


@pytest.fixture
def zh() -> Formatter:
    return Formatter(unit="kg", zone=ZoneInfo("Asia/Hong_Kong"), language="zh-HK")


def test_the_curve_of_strength_shows_the_start_and_no_figure(zh: Formatter) -> None:
    spec = own_strength_chart([series(point(0, 10), point(7, 12))], zh).to_dict()
    said = json.dumps(spec, ensure_ascii=False)
    assert "開始時" in said
    tooltips = [layer["encoding"].get("tooltip") for layer in spec["layer"]]
    assert [[one["field"] for one in found] for found in tooltips if found] == [["day"]]


def test_pain_is_drawn_on_the_whole_scale_and_told_apart_by_shape(show: Formatter) -> None:
    pain = [
        Pain(at=START, nrs=4, question="pain_before"),
        Pain(at=START + timedelta(days=1), nrs=2, question="pain_next_morning"),
    ]
    spec = own_pain_chart(pain, show).to_dict()
    line, dots = spec["layer"]
    assert dots["encoding"]["y"]["scale"]["domain"] == [0, 10]
    rows = {name: [row["when"] for row in data] for name, data in spec["datasets"].items()}
    assert rows[dots["data"]["name"]] == ["before training", "the morning after"]
    assert rows[line["data"]["name"]] == ["before training"]  # mornings are not joined to days of training
    assert dots["encoding"]["shape"]["field"] == dots["encoding"]["color"]["field"] == "when"
