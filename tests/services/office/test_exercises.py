from typing import Any

import pytest

from services.office.conditions import catalogue as conditions
from services.office.exercises import PHASES, Who, catalogue, closed, names


def who(**changes: Any) -> Who:
    usual: dict[str, Any] = {"phase": "strengthen", "age_years": 40, "height_m": 1.7, "finds_neutral": True}
    return Who(**(usual | changes))


@pytest.mark.parametrize("name", list(catalogue()))
def test_each_has_words_steps_and_a_timer_in_both_languages(name: str) -> None:
    one = catalogue()[name]
    assert one.text_en
    assert one.text_zh != one.text_en
    assert len(one.steps_en) == len(one.steps_zh) > 0
    assert one.minutes or one.reps
    assert one.opens in PHASES
    assert set(one.where) <= {"station", "home"}
    assert one.closed_by <= set(conditions())


@pytest.mark.parametrize(
    ("name", "changes", "reason"),
    [
        ("decompression", {}, "place"),
        ("seated_rotation", {"age_years": 65}, "age"),
        ("seated_rotation", {"phase": "build"}, "phase"),
        ("seated_rotation", {"conditions": ["osteoporosis"]}, "condition"),
        ("ball_bridge", {"finds_neutral": False}, "neutral_spine"),
        ("ball_bridge", {}, None),
        ("walk", {"phase": "calm", "age_years": 90}, None),
    ],
)
def test_what_is_closed_at_home_says_why(name: str, changes: dict[str, Any], reason: str | None) -> None:
    assert closed(catalogue()[name], who(**changes), "home") == reason


def test_the_decompression_device_is_for_nobody_whom_the_conditions_keep_from_it() -> None:
    device = catalogue()["decompression"]
    assert closed(device, who(height_m=1.54), "station") == "height"
    assert closed(device, who(), "station") is None
    kept = {name for name, one in conditions().items() if not one.decompression}
    assert kept <= device.closed_by


def test_a_name_that_is_not_known_is_spelled_out() -> None:
    assert names("hip_hinge")[0] == "Bend from the hips"
    assert names("back_walk") == ("back walk", "back walk")
