import pytest

from ml.progress.outcomes import Improved, InsideError, Worse
from ml.progress.trend import NotEnough
from services.office.instruments import WEEK_MS, due, forms, judged, score
from services.office.refusal import Refusal


@pytest.mark.parametrize(("instrument", "most"), [("nrs", 10.0), ("odi", 100.0), ("roland_morris", 24.0)])
def test_a_score_goes_from_nothing_to_the_whole_scale(instrument: str, most: float) -> None:
    form = forms()[instrument]
    ids = [item.id for item in form.items]
    assert len(set(ids)) == len(ids)
    assert score(form, dict.fromkeys(ids, 0)) == 0.0
    assert score(form, dict.fromkeys(ids, form.most)) == most


def test_too_few_answers_make_no_score() -> None:
    form = forms()["odi"]
    some = dict.fromkeys([item.id for item in form.items][:7], 1)
    assert isinstance(score(form, some), Refusal)
    assert score(form, some | {form.items[7].id: 1}) == 20.0


@pytest.mark.parametrize(("weeks", "week"), [(0.0, 0), (4.9, 0), (5.0, 6), (10.9, 6), (11.0, 12), (52.0, 12)])
def test_each_falls_due_a_week_early(weeks: float, week: int) -> None:
    now_ms = 10 * WEEK_MS + round(weeks * WEEK_MS)
    assert {one.week for one in due(10 * WEEK_MS, (), now_ms)} == {week}
    assert due(10 * WEEK_MS, [("odi", week), ("roland_morris", week)], now_ms) == ()


def test_a_change_is_told_only_where_it_is_more_than_error() -> None:
    assert isinstance(judged("odi", [40.0, 20.0]), Improved)
    assert isinstance(judged("odi", [40.0, 35.0]), InsideError)
    assert isinstance(judged("roland_morris", [6.0, 12.0]), Worse)
    assert isinstance(judged("odi", [40.0]), NotEnough)
