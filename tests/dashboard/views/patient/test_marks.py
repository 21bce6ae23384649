from dataclasses import replace
from datetime import timedelta

import pytest
from fake_service.people import NOW

from dashboard.api.papers import Assessments, list_tests
from dashboard.api.programmes import Phases, read_phase
from dashboard.charts.timeline import Beside
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.patient.marks import breaks, mark_lines, phase_marks
from dashboard.views.patient.marks import test_marks as marks_of_tests


@pytest.fixture
def tests(client: Client) -> Assessments:
    answer = list_tests(client, "p-1")
    assert isinstance(answer, Assessments)
    return answer


def test_a_day_of_tests_is_marked_once_with_its_best(tests: Assessments, show: Formatter) -> None:
    found = marks_of_tests(tests.tries, "lumbar_extension", show)
    assert [mark.words for mark in found] == ["14 Nov 2026: strength test, best 118 Nm"]
    assert marks_of_tests(tests.tries, "row", show) == []


def test_a_push_beyond_the_limit_of_the_test_is_no_result_of_nothing(
    tests: Assessments, show: Formatter
) -> None:
    beyond = [replace(one, mean_3s_nm=0.0, peak_nm=120.4) for one in tests.tries if one.test == "strength"]
    (mark,) = marks_of_tests(beyond, "lumbar_extension", show)
    assert mark.words == "14 Nov 2026: strength test, more than its limit of 120 Nm"


def test_a_test_of_mobility_says_its_range(tests: Assessments, show: Formatter) -> None:
    one = replace(tests.tries[0], test="mobility", range_deg=48.4)
    assert marks_of_tests([one], one.kind, show)[0].words == "14 Nov 2026: mobility test, range 48°"


def test_a_change_of_phase_says_who_signed_it(client: Client, show: Formatter) -> None:
    phases = read_phase(client, "p-1")
    assert isinstance(phases, Phases)
    assert [mark.words for mark in phase_marks(phases, show)] == [
        "1 Nov 2026: Build, signed by Dr Wong Ka Yan"
    ]


@pytest.mark.parametrize(("days_away", "told"), [(14, []), (15, ["21 Nov 2026: 15 days away"])])
def test_more_than_fourteen_days_are_a_break(days_away: int, told: list[str], show: Formatter) -> None:
    days = [NOW - timedelta(days=days_away), NOW]
    assert [one.words for one in breaks(days, show)] == told


def test_marks_are_told_in_the_order_of_time(tests: Assessments, client: Client, show: Formatter) -> None:
    phases = read_phase(client, "p-1")
    assert isinstance(phases, Phases)
    marks = (*marks_of_tests(tests.tries, "lumbar_extension", show), *phase_marks(phases, show))
    away = tuple(breaks([NOW - timedelta(days=40), NOW - timedelta(days=9)], show))
    lines = mark_lines(Beside(marks=marks, breaks=away), show)
    assert [line.split(" ")[0] for line in lines] == ["▷", "Grey", "△"]
