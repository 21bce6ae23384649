from dataclasses import replace

import numpy as np
import pytest

from contract.machines import catalogue
from emulator.people.bodies import Seated, bodies
from emulator.people.condition import readiness_log
from emulator.people.members import Member
from emulator.physiology.parameters import number

EXTENSION, LEGS = catalogue()["lumbar_extension"], catalogue()["leg_press"]


def _seated(member: Member) -> Seated:
    return Seated(person=member.person, condition=member.condition, kind=EXTENSION, side="both")


def test_a_row_is_the_person_s_strength_of_today(two_members: tuple[Member, ...]) -> None:
    one = two_members[0]
    row = bodies([_seated(one)])
    today = readiness_log(one.person, one.condition.day, EXTENSION.name)
    assert row.torque_nm[0] == pytest.approx(one.person.torque_nm(EXTENSION, "both") * np.exp(today))
    assert row.curve.shape == (1, 7)
    assert (row.low_deg[0], row.high_deg[0], row.speed_limit_deg_s[0]) == (0, 72, 45)


def test_a_spasm_hurts_on_the_trunk_only(two_members: tuple[Member, ...]) -> None:
    cramped = replace(two_members[0].person, spasm_day=0, spasm_days=2)
    row = Seated(person=cramped, condition=two_members[0].condition, kind=EXTENSION, side="both")
    trunk, legs = bodies([row, replace(row, kind=LEGS)]).nrs
    assert trunk - legs == pytest.approx(number("pain.spasm_nrs"))


def test_what_is_left_of_the_set_before_is_kept(two_members: tuple[Member, ...]) -> None:
    rows = bodies([replace(_seated(one), fatigued=0.1 * index) for index, one in enumerate(two_members)])
    assert rows.fatigued.tolist() == [0, 0.1]
    assert rows.tired(np.array([0.3, 0.4])).fatigued.tolist() == [0.3, 0.4]
    assert rows.fatigued.tolist() == [0, 0.1]
