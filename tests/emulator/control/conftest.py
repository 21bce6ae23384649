"""Small trials, once for the whole folder: the oracle, the product's policy, and two that must look bad."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from contract.machines import LOAD_STEP_G
from contract.messages import Profile
from emulator.control.arm import Arm, arms
from emulator.control.course import Course, course
from emulator.control.lockstep import run
from emulator.control.trial import cohort
from ml.effort.model import RuleEffort
from ml.evidence import Evidence
from ml.policies.table import under_table, with_load
from ml.policies.wish import Wish

PEOPLE, WEEKS = 8, 8


def reckless(evidence: Evidence) -> Wish:
    """Wish a fifth more at every set, whatever is said or seen: the limiter alone holds it."""
    wish, _ = under_table(evidence)
    if wish.base.mode == "isometric":
        return wish
    base = replace(wish, dose=wish.base, split_g={}, situations=())
    load_g = (wish.base.load_g * 6 // 5 + LOAD_STEP_G) // LOAD_STEP_G * LOAD_STEP_G
    return replace(with_load(base, load_g, "reckless"), raised="load")


def idle(evidence: Evidence) -> Wish:
    """Wish one machine step, always."""
    wish, _ = under_table(evidence)
    return with_load(wish, min(LOAD_STEP_G, wish.dose.load_g), "idle")


OWN = {"reckless": Arm(name="reckless", own=reckless), "idle": Arm(name="idle", own=idle)}


@cache
def trained(arm: str, profile: Profile, weeks: int = WEEKS) -> tuple[Course, ...]:
    who = OWN.get(arm) or arms()[arm]
    courses = [course(one, "lumbar_extension", "both", profile, who) for one in cohort(profile, PEOPLE, 5)]
    run(courses, weeks, RuleEffort())
    return tuple(courses)


@pytest.fixture(scope="session")
def courses() -> Any:
    return trained
