from collections.abc import Callable

import pytest

from dashboard.api.adjustments import Adjustment
from dashboard.format import Formatter, plain
from dashboard.views.own.changes import by_day, change_words, direction

Adjusted = Callable[..., Adjustment]


@pytest.mark.parametrize(
    ("code", "way"), [("load_up", "more"), ("reps_up", "more"), ("hold_pain", "same"), ("too_hard", "less")]
)
def test_a_change_goes_one_way(code: str, way: str, adjustment: Adjusted) -> None:
    assert direction(adjustment(code)) == way


def test_the_first_dose_of_a_station_is_no_change(adjustment: Adjusted) -> None:
    assert direction(adjustment("hold_pain", **{"from": None})) == "same"


def test_a_change_is_told_as_the_machine_told_it(adjustment: Adjusted, show: Formatter) -> None:
    sign, said = change_words(adjustment("load_up"), show).split("  \n")
    assert "**Trunk rotation, left** · A little more" in sign
    assert said == plain("Two good sets: a little more weight.")


def test_a_day_keeps_the_last_change_of_each_station_and_side(adjustment: Adjusted, show: Formatter) -> None:
    newest = [
        adjustment("load_up", 0, "row"),
        adjustment("too_hard", 0, "row"),
        adjustment("load_up", 0, "leg_press"),
        adjustment("reps_up", 9, "row"),
    ]
    found = by_day(newest, show)
    assert [[(one.kind, one.raised) for one in rows] for rows in found.values()] == [
        [("row", "load"), ("leg_press", "load")],
        [("row", "time")],
    ]
