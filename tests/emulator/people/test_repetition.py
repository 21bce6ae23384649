"""A rep as somebody means to do it and as it comes out: slower and shorter near failure, hurried a little."""

import numpy as np
import pytest

from contract.machines import catalogue
from emulator.calibration.crowd import crowd, healthy
from emulator.people.effort import Effort, effort, one_dose
from emulator.people.repetition import CATCH_UP, Repetition, planned

BODY = crowd(healthy(1, 4), [catalogue()["lumbar_extension"]])
ASKED: Effort = effort(BODY, one_dose(10.0, 10.0, 40.0, 8, (2.0, 1.0, 3.0)))


def _reps(reserve: float, count: int = 200) -> list[Repetition]:
    chance = np.random.default_rng(2)
    return [planned(BODY, ASKED, reserve, 10.0, 1.0, chance) for _ in range(count)]


def _mean(name: str, reps: list[Repetition]) -> float:
    return float(np.mean([getattr(one, name) for one in reps]))


def test_near_failure_reps_get_slower_shorter_hastier_back_and_less_steady() -> None:
    fresh, last = _reps(12.0), _reps(0.0)
    assert _mean("lift_s", last) > 1.1 * _mean("lift_s", fresh)
    assert _mean("lower_s", last) < _mean("lower_s", fresh)
    assert _mean("end_deg", last) < _mean("end_deg", fresh) - 1.0
    assert last[0].tremor_deg > fresh[0].tremor_deg


def test_what_is_meant_stays_the_same() -> None:
    meant = {(one.meant_lift_s, one.meant_end_deg) for one in (*_reps(12.0, 5), *_reps(0.0, 5))}
    assert meant == {(float(ASKED.lift_s[0]), float(ASKED.end_deg[0]))}


def test_hurrying_and_waiting_have_a_bound() -> None:
    one = _reps(8.0, 1)[0]
    whole_s = one.lift_s + one.hold_s + one.lower_s
    for wanted_s, share in ((whole_s, 1.0), (whole_s * 1.1, 1.1), (1.0, 1 - CATCH_UP), (60.0, 1 + CATCH_UP)):
        changed = one.hurried(wanted_s)
        assert changed.lift_s + changed.hold_s + changed.lower_s == pytest.approx(whole_s * share)
        assert changed.end_deg == one.end_deg


def test_the_tremor_is_nothing_at_both_ends() -> None:
    one = _reps(0.0, 1)[0]
    assert one.tremor(0.0) == one.tremor(1.0) == 0.0
    assert max(abs(one.tremor(share)) for share in np.linspace(0, 1, 50)) > 0.05
