from dataclasses import replace

import numpy as np
import pytest

from contract.machines import catalogue
from emulator.people.bodies import Bodies, Seated, bodies
from emulator.people.condition import Trained, fresh
from emulator.people.effort import Doses, effort, one_rep_load_kg
from emulator.people.person import people

KIND = catalogue()["lumbar_extension"]
PEOPLE = people(12, 3)


def _bodies(**changes: object) -> Bodies:
    condition = {one.number: replace(fresh(one), **changes) for one in PEOPLE}  # type: ignore[arg-type]
    return bodies(
        [Seated(person=one, condition=condition[one.number], kind=KIND, side="both") for one in PEOPLE]
    )


def _doses(load_kg: float, end_deg: float = 34.0) -> Doses:
    one = np.ones(len(PEOPLE))
    return Doses(
        load_kg=one * load_kg, start_deg=one * 14, end_deg=one * end_deg, reps=one * 10, work_s=one * 0,
        concentric_s=one * 2, hold_s=one * 0, eccentric_s=one * 3, min_speed_pct=one * 0,
        min_range_pct=one * 0, max_tempo_pct=one * 0,
    )  # fmt: skip


def test_a_wider_range_towards_the_weak_end_is_harder() -> None:
    wide = one_rep_load_kg(_bodies(), _doses(1.0, end_deg=30.0))
    narrow = one_rep_load_kg(_bodies(), _doses(1.0, end_deg=24.0))
    assert (wide < narrow).all()


def test_the_one_rep_load_is_just_possible() -> None:
    body = _bodies()
    one = one_rep_load_kg(body, _doses(1.0))
    fresh_muscle = np.zeros((len(body), 1))
    assert (effort(body, replace(_doses(1.0), load_kg=one * 0.99)).rhythm.possible(fresh_muscle) > 0).all()
    assert (effort(body, replace(_doses(1.0), load_kg=one * 1.01)).rhythm.possible(fresh_muscle) == 0).all()


def test_training_raises_it_by_what_was_gained() -> None:
    before = one_rep_load_kg(_bodies(), _doses(1.0))
    trained = {KIND.name: Trained(sessions=10, gain_log=0.2)}
    after = one_rep_load_kg(_bodies(trained=trained), _doses(1.0))
    # passive stiffness at the end of the range takes no part in the gain
    assert np.log(after / before) == pytest.approx(0.09 + 0.06 + 0.2, abs=0.1)


def test_who_is_tired_has_fewer_reps_left() -> None:
    body = _bodies()
    rested = effort(body, _doses(8.0)).rhythm
    tired = effort(body.tired(np.full(len(body), 0.2)), _doses(8.0)).rhythm
    assert (tired.possible(tired.start[:, None]) <= rested.possible(rested.start[:, None])).all()


def test_rows_can_be_picked_repeatedly() -> None:
    body = _bodies().take(np.array([3, 3, 0]))
    assert len(body) == 3
    assert body.torque_nm[0] == body.torque_nm[1] != body.torque_nm[2]
