from dataclasses import replace
from typing import Any

from emulator.control.arm import arms
from emulator.control.course import course
from emulator.control.lockstep import run, visit_days
from emulator.control.outcome import outcome
from emulator.control.trial import cohort
from ml.effort.model import RuleEffort

WEEKS = 2


def lived(people: Any, names: tuple[str, ...]) -> list[Any]:
    courses = [
        course(one, "trunk_rotation", "left", "rehab", arms()[name]) for one in people for name in names
    ]
    run(courses, WEEKS, RuleEffort())
    return [outcome(one) for one in courses]


def test_a_course_is_the_same_alone_and_among_others() -> None:
    people = cohort("rehab", 4, 3)
    together = lived(people, ("oracle", "steady", "steady-speed"))
    alone = [lived([one], (name,))[0] for one in people for name in ("oracle", "steady", "steady-speed")]
    assert together == alone


def test_another_person_lives_another_life() -> None:
    first = cohort("rehab", 1, 3)[0]
    assert lived([first], ("steady",)) != lived([replace(first, seed=first.seed + 1)], ("steady",))


def test_two_visits_a_week() -> None:
    assert visit_days(2) == (0, 3, 7, 10)
