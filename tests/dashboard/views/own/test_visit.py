# ruff: noqa: RUF001 - Chinese text has Chinese punctuation

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from fake_service import papers
from streamlit.testing.v1 import AppTest

from dashboard.api.adjustments import Adjustment
from dashboard.api.own import NextVisit, Stop
from dashboard.format import Formatter, plain
from dashboard.views.own.visit import due_lines, newest, stop_name, when_words, why_words

Adjusted = Callable[..., Adjustment]
OpenPage = Callable[..., AppTest]
LATE = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # Monday already, in Hong Kong
WALK = Stop(station="walk", guided=True, minutes=5, text_en="Walk", text_zh="步行")
PRESS = Stop(station="leg_press", guided=False, minutes=6, text_en=None, text_zh=None)


def test_day_and_time_are_those_of_the_studio(show: Formatter, show_lb: Formatter) -> None:
    visit = NextVisit(starts_at=LATE, minutes=40, site="Central", stations=())
    assert when_words(visit, show) == "Monday, 23 Nov 2026, 01:30"
    assert when_words(visit, show_lb) == "2026年11月23日（星期一）01:30"


def test_what_is_due_leads_to_its_page(show: Formatter) -> None:
    assert due_lines(False, 0, 0, show) == {}
    assert list(due_lines(True, 2, 3, show)) == ["mypain", "questions", "exercises"]
    assert due_lines(False, 0, 3, show) == {"exercises": "Exercises for today: 3"}


def test_a_station_has_its_name_in_the_language(show: Formatter, show_lb: Formatter) -> None:
    assert (stop_name(WALK, show), stop_name(PRESS, show)) == ("Walk", "Leg press")
    assert (stop_name(WALK, show_lb), stop_name(PRESS, show_lb)) == ("步行", "腿推")


def test_the_newest_change_of_a_station_is_told(adjustment: Adjusted, show: Formatter) -> None:
    rows = [adjustment("load_up", 1, "leg_press"), adjustment("too_hard", 2, "leg_press")]
    last = newest(rows)
    assert why_words(PRESS, last, show) == plain("Two good sets: a little more weight.")
    assert why_words(PRESS, {}, show) == "New for you: it starts light."
    assert why_words(WALK, last, show) == "Staff show you how."


def test_what_changed_is_not_made_up(adjustment: Adjusted, show: Formatter) -> None:
    assert why_words(PRESS, None, show) == ""  # the adjustments could not be read
    never = adjustment("load_up", 1, "leg_press", state="refused")
    held = adjustment("too_hard", 2, "leg_press", state="applied")
    assert newest([never, held]) == {"leg_press": held}


def test_an_exercise_that_a_condition_closed_is_not_due(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("knee_to_chest", "lying_rotation"):
        monkeypatch.setitem(papers.CLOSED, name, "condition")
    app = open_page("next", role="patient")
    labels = [link.proto.label for link in app.get("page_link")]
    assert "Answer a few questions about your back" in labels
    assert not [label for label in labels if label.startswith("Exercises for today")]
