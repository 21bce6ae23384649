"""Bones and blood pressure block kinds of machines and ranges, not people."""

from typing import Any

import pytest

from contract.machines import catalogue
from ml.belief.priors import prior
from ml.clinical.exclusions import for_person, is_blocked, pressure, window_cdeg
from ml.evidence import gather
from ml.limiter import bounds
from ml.rules.effort_target import effort_target
from ml.rules.range_target import range_target_cdeg


@pytest.mark.parametrize(
    ("kind", "window"),
    [("trunk_rotation", (-1_500, 1_500)), ("lateral_flexion", (-1_000, 1_000)),
     ("lumbar_extension", (3_600, 7_200))],
)  # fmt: skip
def test_brittle_bones_narrow_the_travel(build: Any, kind: str, window: tuple[int, int]) -> None:
    frail, machine = build.person(osteoporosis=True), catalogue()[kind]
    assert window_cdeg(frail, machine) == window
    assert window_cdeg(build.person(), machine) == machine.limit_cdeg
    narrowed = for_person(machine, frail)
    assert narrowed.curve == machine.curve
    for low, high in (narrowed.default_cdeg, narrowed.first_visit_cdeg):
        assert window[0] <= low < high <= window[1]


def test_extension_is_never_bent_beyond_36_degrees_as_clinicians_read_it() -> None:
    machine = catalogue()["lumbar_extension"]
    assert machine.clinical_deg(3_600 / 100) == 36


def test_the_target_of_training_lies_inside_the_window_whatever_is_signed(build: Any) -> None:
    asked = build.request(person=build.person(osteoporosis=True))
    evidence = gather(asked, prior(asked.person, asked.kind, asked.side))
    assert range_target_cdeg(evidence) == (3_600, 6_000)
    assert bounds(asked, evidence.kind).lowest_cdeg == 3_600


def test_only_flexion_is_blocked_and_only_for_brittle_bones(build: Any) -> None:
    kinds = catalogue().values()
    assert [kind.name for kind in kinds if is_blocked(build.person(osteoporosis=True), kind)] == [
        "lumbar_flexion"
    ]
    assert not any(is_blocked(build.person(age_years=80), kind) for kind in kinds)


@pytest.mark.parametrize(
    ("systolic", "diastolic", "verdict"),
    [(0, 0, "unknown"), (150, 85, "fine"), (159, 99, "fine"), (160, 80, "high"), (120, 100, "high"),
     (180, 80, "stop"), (120, 110, "stop"), (179, 109, "high")],
)  # fmt: skip
def test_blood_pressure(build: Any, systolic: int, diastolic: int, verdict: str) -> None:
    person = build.person(systolic_mmhg=systolic, diastolic_mmhg=diastolic)
    assert pressure(person) == verdict


def test_high_pressure_keeps_the_effort_at_four(build: Any) -> None:
    strong = build.envelope(phase="strengthen")
    pressed = build.person(systolic_mmhg=165, diastolic_mmhg=80)
    assert effort_target(build.request(person=pressed, envelope=strong)) == 4.0
    assert effort_target(build.request(envelope=strong)) == 6.5
