from dataclasses import replace

import numpy as np
import pytest

from contract.machines import catalogue
from contract.messages import Setting
from emulator.people.bodies import Seated, bodies
from emulator.people.members import Member
from emulator.rep_level import recorded_reps
from emulator.rep_level.sets import Sets, perform
from emulator.rep_level.visit import doses


@pytest.fixture
def row(a_setting: Setting) -> Setting:
    return replace(a_setting, load_g=5_000, start_cdeg=1_500, end_cdeg=3_500)


def _sets(row: Setting, members: tuple[Member, ...]) -> Sets:
    kind = catalogue()["lumbar_extension"]
    seated = Seated(person=members[0].person, condition=members[0].condition, kind=kind, side="both")
    return perform(bodies([seated]), doses(row), np.random.default_rng(1))


def test_every_rep_carries_its_setting_and_its_own_figures(
    row: Setting, two_members: tuple[Member, ...]
) -> None:
    sets = _sets(row, two_members)
    reps = list(recorded_reps.reps(row, sets, ("warm_up",), None))
    assert [rep.rep for rep in reps] == list(range(1, int(sets.reps[0]) + 1))
    assert {(rep.set, rep.setting, rep.load_g, rep.curve) for rep in reps} == {(row.set, row.id, 5_000, None)}
    assert all("warm_up" in rep.quality for rep in reps)
    assert [rep.concentric_s for rep in reps] == pytest.approx(sets.concentric_s[0, : len(reps)], abs=1e-3)


def test_reps_near_the_asked_tempo_are_paced(row: Setting, two_members: tuple[Member, ...]) -> None:
    sets = _sets(row, two_members)
    slow = replace(sets, concentric_s=sets.concentric_s * 0 + 2.1, eccentric_s=sets.eccentric_s * 0 + 3.2)
    hasty = replace(slow, concentric_s=slow.concentric_s * 0.5)
    assert {rep.quality for rep in recorded_reps.reps(row, slow, (), None)} == {("paced",)}
    assert {rep.quality for rep in recorded_reps.reps(row, hasty, (), None)} == {()}


def test_a_curve_goes_out_and_back_at_about_the_load(row: Setting, two_members: tuple[Member, ...]) -> None:
    rep = next(recorded_reps.reps(row, _sets(row, two_members), (), np.random.default_rng(2)))
    assert rep.curve is not None
    assert max(rep.curve.deg) == pytest.approx(rep.end_deg, abs=1)
    assert rep.curve.deg[0] == pytest.approx(rep.start_deg, abs=0.1)
    assert rep.curve.deg[-1] == pytest.approx(rep.start_deg, abs=0.1)
    assert np.mean(rep.curve.nm) == pytest.approx(rep.mean_torque_nm, abs=0.5)
