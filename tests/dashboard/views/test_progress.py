from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.answers_history import Progress
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.progress import figures, trend_words


@pytest.fixture
def progress(client: Client) -> Progress:
    answer = client.progress("p-1")
    assert isinstance(answer, Progress)
    return answer


def test_the_four_figures_say_how_they_came_there(progress: Progress, show: Formatter) -> None:
    shown = figures(progress.series[0], progress, show)
    assert [label for label, _, _ in shown] == ["Capacity", "Load", "Amplitude", "Visits kept"]
    assert shown[1] == ("Load", "17.0 kg", "+12.0 kg since 29 Aug 2026")
    assert shown[2] == ("Amplitude", "60°", "+22° since 29 Aug 2026")
    assert shown[3][1] == "22 / 24"


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
