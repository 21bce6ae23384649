from dashboard.components.timer import Step, timer_data
from dashboard.format import Formatter

STEP = Step(words="Hold", where="Left side", seconds=20)


def test_the_browser_is_given_steps_and_every_word_in_the_language(
    show: Formatter, show_lb: Formatter
) -> None:
    data = timer_data("walk", [STEP], show)
    assert data["steps"] == [{"words": "Hold", "where": "Left side", "seconds": 20}]
    chinese = timer_data("walk", [STEP], show_lb)["words"]
    assert (
        set(chinese) == set(data["words"]) == {"start", "pause", "next", "again", "done", "sound", "progress"}
    )
    assert not [word for word in chinese.values() if word.isascii()]


def test_another_language_is_another_timer(show: Formatter, show_lb: Formatter) -> None:
    assert timer_data("walk", [STEP], show)["id"] != timer_data("walk", [STEP], show_lb)["id"]
