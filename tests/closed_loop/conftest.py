"""The closed loop of the control trial for the suite: emulated people, the real model and its limits."""

from collections.abc import Callable

import pytest

from contract.messages import Profile
from emulator.control.arm import Arm, arms
from emulator.control.course import Course, course
from emulator.control.lockstep import run
from emulator.people.person import people
from ml.effort.model import EffortModel

WEEKS = 12


def train_all(
    count: int, effort: EffortModel, arm: Arm | str = "steady", profile: Profile = "rehab"
) -> list[Course]:
    """Let people of all strata train lumbar extension for twelve weeks, twice a week."""
    who = arms()[arm] if isinstance(arm, str) else arm
    courses = [course(person, "lumbar_extension", "both", profile, who) for person in people(count, 11)]
    run(courses, WEEKS, effort)
    return courses


@pytest.fixture(scope="session")
def loop() -> Callable[..., list[Course]]:
    return train_all
