"""h12, the other half: mad effort models, policies and beliefs behind the decision itself.

Whatever is put behind `ml.adjust`, every row that comes out is right by the oracle, the guard accepts it (or
refuses what rises on a day of red pain, which it alone knows), and every belief stays one.
"""

from collections.abc import Callable
from random import Random
from typing import Final

import pytest
from mad_course import Course
from mad_models import EFFORTS, MadEffort, greedy, spoiling

from ml import adjust as deciding
from ml import sound
from ml.effort.model import RuleEffort
from ml.limiter import Limited
from ml.policies import POLICIES


def trained(effort: str, policy: str, reps: int) -> Course:
    """Let people train until so many reps are done; everybody is somebody new, the madness goes on."""
    chance = Random(f"{effort} {policy}")
    mad = MadEffort(name=effort, chance=chance) if effort != "none" else RuleEffort()
    wishes = {"mad": spoiling(chance), "greedy": greedy(chance), "none": POLICIES["steady"]}
    done, rows = 0, 0
    while True:
        course = Course(
            chance=chance,
            effort=mad,
            policies={"mad": wishes[policy], "steady": POLICIES["steady"]},
            capacity_kg=chance.uniform(10.0, 120.0),
        )
        course.run()
        done, rows = done + course.reps, rows + course.rows
        if course.faults or done >= reps:
            course.reps, course.rows = done, rows
            return course


PAIRS: Final = [
    *((name, "none") for name in EFFORTS),
    ("none", "mad"),
    ("none", "greedy"),
    ("random", "greedy"),
]


@pytest.mark.parametrize(("effort", "policy"), PAIRS)
def test_h12_no_madness_behind_the_decision_gets_past_the_guard(
    effort: str, policy: str, counted: Callable[[int], int]
) -> None:
    reps = counted(100_000 // len(PAIRS) + 1)
    course = trained(effort, policy, reps)
    assert course.faults == []
    assert course.reps >= reps
    assert course.rows > reps / 100


def test_h12_control_without_the_limiter_a_greedy_policy_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "limit", lambda dose, _: Limited(dose=dose))
    assert trained("none", "greedy", 2_000).faults != []


def test_h12_control_without_the_sounding_a_mad_belief_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "_is_reserve", lambda _: True)
    with pytest.raises((ArithmeticError, TypeError, ValueError, AssertionError)):
        assert trained("random", "none", 2_000).faults == []
