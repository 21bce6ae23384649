import pytest

from dashboard.api.papers import Questionnaires, Scored, list_questionnaires
from dashboard.charts.scores import band, score_chart, score_row
from dashboard.client import Client
from dashboard.format import Formatter


@pytest.fixture
def scores(client: Client) -> list[Scored]:
    found = list_questionnaires(client, "p-1")
    assert isinstance(found, Questionnaires)
    return [one for one in found.items if one.instrument == "odi"]


def test_the_band_is_the_change_that_does_not_count_around_the_first_answer(scores: list[Scored]) -> None:
    assert band(scores, 10.0, 100.0) == (34.0, 54.0)
    assert band(scores[::-1], 10.0, 100.0) == (34.0, 54.0)
    assert band(scores, 60.0, 100.0) == (0.0, 100.0)


def test_the_chart_has_a_band_only_where_a_change_is_known(scores: list[Scored], show: Formatter) -> None:
    with_band = score_chart(scores, 10.0, 100.0, show).to_dict()
    assert [layer["mark"]["type"] for layer in with_band["layer"]] == ["rect", "line"]
    without = score_chart(scores[:1], None, 100.0, show).to_dict()
    assert [layer["mark"]["type"] for layer in without["layer"]] == ["line"]


def test_an_answer_stands_at_the_studios_wall_time(scores: list[Scored], show: Formatter) -> None:
    row = score_row(scores[0], show)
    assert row == {"at": "2026-08-29T14:30:00", "day": "29 Aug 2026", "score": 44.0}
