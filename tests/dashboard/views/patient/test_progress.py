from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.api.progress import Progress, read_progress
from dashboard.charts.progress import endurance_rows
from dashboard.client import Client
from dashboard.format import DASH, MINUS, NOTHING, Formatter
from dashboard.views.patient.progress import (
    drop_words,
    endurance_figure,
    figures,
    pain_words,
    trend_words,
)


@pytest.fixture
def progress(client: Client) -> Progress:
    answer = read_progress(client, "p-1")
    assert isinstance(answer, Progress)
    return answer


def test_the_figures_say_how_they_came_there(progress: Progress, show: Formatter) -> None:
    shown = figures(progress.series[0], progress, show)
    names = ["Capacity", "Endurance", "Load", "Amplitude", "Visits kept"]
    assert [label for label, _, _ in shown] == names
    assert shown[1] == ("Endurance", "28 reps", f"at half of the capacity; 80 % range 21{DASH}35")
    assert shown[2] == ("Load", "17.0 kg", "+12.0 kg since 29 Aug 2026")
    assert shown[3] == ("Amplitude", "60°", "+22° since 29 Aug 2026")
    assert shown[4][1] == "22 / 24"


def test_an_endurance_that_nobody_knows_is_a_dash(progress: Progress, show: Formatter) -> None:
    assert endurance_figure(None, show) == (NOTHING, "range not known yet")
    points = tuple(replace(point, endurance=None) for point in progress.series[0].points)
    assert endurance_rows(replace(progress.series[0], points=points), show) == []
    first = endurance_rows(progress.series[0], show)[0]
    assert (first["reps"], first["low"], first["high"]) == (22.0, 13.0, 37.0)


def test_a_capacity_without_a_band_says_so(progress: Progress, show: Formatter) -> None:
    last = replace(progress.series[0].points[-1], capacity_low_kg=None)
    series = replace(progress.series[0], points=(last,))
    assert figures(series, progress, show)[0][2] == "range not known yet"


def test_a_trend_is_told_with_its_range_or_not_at_all(progress: Progress, show: Formatter) -> None:
    trend = progress.series[0].trend
    assert trend_words(trend, show) == "+2.4 % a week (+1.1 to +3.6), +34 % in all"
    assert trend_words(replace(trend, total_pct=None), show) == "+2.4 % a week (+1.1 to +3.6)"
    assert trend_words(replace(trend, pct_per_week=None), show) == "too early to say"


def test_the_station_is_in_the_url(open_page: Callable[..., AppTest]) -> None:
    app = open_page("patient", patient="p-1", tab="progress", station="trunk_rotation-right")
    assert app.selectbox(key="station-p-1").value == "trunk_rotation-right"


def test_a_change_of_pain_inside_the_error_is_grey(
    open_page: Callable[..., AppTest], texts: Callable[[AppTest], str], progress: Progress, show: Formatter
) -> None:
    assert pain_words(progress.pain_change, show) == f"{MINUS}1.0 points; an important change takes 2"
    app = open_page("patient", patient="p-1", tab="progress")
    assert ":gray-badge[Inside the error]" in texts(app)


def test_few_visits_tell_no_change_of_pain(progress: Progress, show: Formatter) -> None:
    few = replace(progress.pain_change, change=None, needed=None, visits=4, verdict="not_enough_data")
    assert pain_words(few, show) == "too early to say: 4 of 6 visits"


def test_a_drop_is_told_with_what_may_be_chance(progress: Progress, show: Formatter) -> None:
    drop = progress.series[0].drop
    assert drop_words(drop, show) == f"{MINUS}1 % against the best so far; less than 21 % may be chance"
    assert drop_words(replace(drop, difference_pct=None), show) == ""


def test_a_station_without_a_published_range_shows_none(
    open_page: Callable[..., AppTest], texts: Callable[[AppTest], str]
) -> None:
    known = texts(open_page("patient", patient="p-1", tab="progress"))
    assert "Grey bars: Graves 1990" in known
    assert "1 Nov 2026\\: Build, signed by Dr Wong Ka Yan" in known
    unknown = texts(open_page("patient", patient="p-1", tab="progress", station="trunk_rotation-left"))
    assert "No published range is known for this machine" in unknown
