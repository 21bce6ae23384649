import itertools
from dataclasses import replace

import pytest

from contract.machines import catalogue
from emulator.people.bodies import Seated
from emulator.people.condition import fresh
from emulator.people.lifter import Lifter, Task
from emulator.people.person import Person, people

KIND = catalogue()["lumbar_extension"]
TASK = Task(load_kg=8.0, start_deg=10.0, end_deg=32.0, reps=6, tempo_s=(2.0, 0.0, 3.0))
DT_S = 0.02


def _healthy() -> Person:
    one = people(2, 3)[1]
    return replace(one, severity="none", reporter="honest", range_share=1.0, strength_log=0.0)


def _lifter(person: Person | None = None, seed: int = 1, deg: float = 10.0) -> Lifter:
    seated = Seated(
        person=person or _healthy(), condition=fresh(person or _healthy()), kind=KIND, side="both"
    )
    return Lifter(seated, seed, deg)


def _angles(lifter: Lifter, load_nm: float, most_s: float = 200.0) -> list[float]:
    angles = []
    for _ in range(round(most_s / DT_S)):
        angles.append(lifter.step(DT_S, load_nm).deg)
        if lifter.is_still:
            break
    return angles


def test_a_set_is_lifted_to_its_end_angle_and_back_rep_by_rep() -> None:
    lifter = _lifter()
    lifter.lift(TASK)
    angles = _angles(lifter, KIND.torque_nm(TASK.load_kg))
    assert lifter.reps == 6
    assert max(angles) == pytest.approx(32, abs=3)
    assert angles[-1] == pytest.approx(10, abs=0.1)
    assert not lifter.gave_up


def test_the_arm_never_jumps() -> None:
    lifter = _lifter()
    lifter.lift(TASK)
    angles = _angles(lifter, KIND.torque_nm(TASK.load_kg))
    speeds = [abs(after - before) / DT_S for before, after in itertools.pairwise(angles)]
    assert max(speeds) < KIND.max_speed_cdeg_s / 100


def test_who_is_late_hurries_and_who_is_early_waits() -> None:
    took = {}
    for late_s in (-1.0, 0.0, 1.0):
        lifter = _lifter()
        lifter.late_s = late_s
        lifter.lift(TASK)
        took[late_s] = len(_angles(lifter, KIND.torque_nm(TASK.load_kg)))
        assert lifter.reps == 6
    assert took[1.0] < took[0.0] < took[-1.0]


def test_who_looks_stays_with_the_corridor() -> None:
    cycle_s = sum(TASK.tempo_s)
    lifter = _lifter()
    lifter.lift(TASK)
    late = []
    for step in range(round(cycle_s * 6 / DT_S)):
        elapsed_s = step * DT_S
        lifter.late_s = (elapsed_s + cycle_s / 2) % cycle_s - cycle_s / 2
        reps = lifter.reps
        lifter.step(DT_S, KIND.torque_nm(TASK.load_kg))
        if lifter.reps > reps:
            late.append(abs(lifter.late_s))
    assert len(late) >= 5
    assert max(late[1:]) < 0.5


def test_work_tires_and_rest_recovers() -> None:
    lifter = _lifter()
    lifter.lift(TASK)
    _angles(lifter, KIND.torque_nm(TASK.load_kg))
    tired = lifter.fatigued
    lifter.rest(120)
    assert tired > 0.03
    assert lifter.fatigued < 0.3 * tired


def test_without_a_load_nobody_tires() -> None:
    lifter = _lifter()
    lifter.lift(replace(TASK, load_kg=0.0))
    _angles(lifter, 0.0)
    assert lifter.reps == 6
    assert lifter.fatigued < 0.02


def test_a_load_that_nobody_can_lift_is_given_up_after_a_while() -> None:
    lifter = _lifter()
    lifter.lift(replace(TASK, load_kg=95.0))
    angles = _angles(lifter, KIND.torque_nm(95.0))
    assert lifter.gave_up
    assert lifter.reps == 0
    assert lifter.reserve == 0
    assert max(angles) < 30


def test_near_failure_the_reserve_runs_out_and_the_lift_gets_slower() -> None:
    lifter = _lifter()
    heavy = replace(TASK, load_kg=32.0, reps=25)
    lifter.lift(heavy)
    angles = _angles(lifter, KIND.torque_nm(heavy.load_kg))
    assert lifter.gave_up
    assert 1 <= lifter.reps < 25
    top = [
        index for index in range(1, len(angles) - 1) if angles[index - 1] < angles[index] >= angles[index + 1]
    ]
    assert top


def test_going_to_an_angle_is_slow_and_ends_there() -> None:
    lifter = _lifter()
    lifter.approach(30.0)
    angles = _angles(lifter, 0.0)
    assert angles[-1] == pytest.approx(30)
    assert len(angles) * DT_S == pytest.approx(20 / 12, abs=0.1)


def test_stopping_stops() -> None:
    lifter = _lifter()
    lifter.lift(TASK)
    for _ in range(120):
        lifter.step(DT_S, 10.0)
    lifter.stop()
    where = lifter.deg
    assert lifter.step(DT_S, 10.0).deg == where


def test_the_same_seed_moves_the_same_way() -> None:
    moved = []
    for seed in (1, 1, 2):
        lifter = _lifter(seed=seed)
        lifter.lift(TASK)
        moved.append(_angles(lifter, 20.0))
    assert moved[0] == moved[1] != moved[2]


def test_pain_beyond_what_is_bearable_wants_the_button_except_of_stoics() -> None:
    wants = []
    for reporter in ("honest", "stoic"):
        person = replace(_healthy(), severity="severe", pain_nrs=9.5, reporter=reporter)
        lifter = _lifter(person)
        lifter.lift(TASK)
        _angles(lifter, KIND.torque_nm(TASK.load_kg))
        wants.append(lifter.wants_to_press_pain)
    assert wants == [True, False]
