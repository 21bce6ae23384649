# ruff: noqa: RUF001 - Chinese text has Chinese punctuation

from collections.abc import Callable

import pytest

from dashboard.api.papers import HomeExercise
from dashboard.format import Formatter
from dashboard.views.own.timing import CHANGE_S, LET_GO_S, READY_S, dose_words, steps

Home = Callable[..., HomeExercise]


def test_each_side_is_held_as_often_as_prescribed_with_a_change_between(home: Home, show: Formatter) -> None:
    found = steps(home("knee_to_chest", reps=2, hold_s=20, sets=1), show)
    assert [(step.words, step.where, step.seconds) for step in found] == [
        ("Get ready", "", READY_S),
        ("Hold still", "Left side, 1 of 2", 20),
        ("Let go", "Left side", LET_GO_S),
        ("Hold still", "Left side, 2 of 2", 20),
        ("Change sides", "", CHANGE_S),
        ("Hold still", "Right side, 1 of 2", 20),
        ("Let go", "Right side", LET_GO_S),
        ("Hold still", "Right side, 2 of 2", 20),
    ]


def test_rounds_have_a_rest_between(home: Home, show: Formatter) -> None:
    found = steps(home("pelvic_tilt", reps=1, sets=3), show)
    assert [step.words for step in found].count("Rest") == 2
    assert [step.seconds for step in found if step.words == "Rest"] == [30, 30]
    assert found[-1].where == "1 of 1, round 3 of 3"


def test_what_is_not_held_waits_for_the_person(home: Home, show: Formatter) -> None:
    _, move, rest, again = steps(home("sit_to_stand", reps=6, sets=2), show)
    assert (move.words, move.seconds) == ("6 times, at your own pace", 0)
    assert (rest.words, again.seconds) == ("Rest", 0)


def test_what_goes_by_minutes_is_one_step(home: Home, show: Formatter) -> None:
    assert [step.seconds for step in steps(home("walk"), show)] == [300]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("knee_to_chest", "3 times, hold for 20 seconds, each side"),
        ("pelvic_tilt", "10 times, hold for 5 seconds, 2 rounds"),
        ("sit_to_stand", "6 times, 2 rounds"),
        ("walk", "5 minutes"),
    ],
)
def test_a_dose_is_one_short_sentence(name: str, words: str, home: Home, show: Formatter) -> None:
    assert dose_words(home(name), show) == words


def test_a_dose_in_chinese_joins_with_a_chinese_comma(home: Home, show_lb: Formatter) -> None:
    assert dose_words(home("knee_to_chest"), show_lb) == "做 3 次，每次維持 20 秒，左右兩邊"
