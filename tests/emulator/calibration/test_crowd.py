import numpy as np

from contract.machines import catalogue
from emulator.calibration.crowd import comfortable, crowd, healthy
from emulator.people.person import people


def test_healthy_people_come_in_both_sexes_and_all_asked_bands() -> None:
    who = healthy(60, 2)
    assert {one.severity for one in who} == {"none"}
    assert {(one.sex, min(one.age_years // 20, 3)) for one in who} == {
        (sex, band) for sex in ("female", "male") for band in (1, 2, 3)
    }
    assert max(one.age_years for one in healthy(60, 2, ((20, 39),))) <= 39


def test_kinds_are_taken_in_turn_and_doses_lie_inside_the_own_range() -> None:
    kinds = list(catalogue().values())
    body = crowd(people(20, 1), kinds)
    assert body.lever_m.tolist() == [kind.lever_m for kind in kinds] * 2
    doses = comfortable(body, reps=9)
    assert (doses.start_deg > body.tolerated_low_deg).all()
    assert (doses.end_deg < body.tolerated_deg).all()
    assert np.unique(doses.reps).tolist() == [9]
