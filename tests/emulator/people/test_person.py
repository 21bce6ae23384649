import numpy as np
import pytest

from contract.machines import catalogue
from emulator.people.person import people, person


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    assert people(12, 4) == people(12, 4)
    assert people(12, 4) != people(12, 5)
    assert people(12, 4)[7] == person(7, 4)


def test_eighteen_people_cover_every_stratum() -> None:
    strata = {(one.sex, min(one.age_years // 20, 3), one.severity) for one in people(18, 1)}
    assert len(strata) == 18


def test_strength_varies_as_published_between_people() -> None:
    """Source: log SD .33 given age, sex and mass; back pain adds its own spread (science 3.1)."""
    logs = [one.strength_log for one in people(600, 2)]
    assert 0.27 <= np.std(logs) <= 0.42
    assert -0.45 <= np.mean(logs) <= -0.2


def test_a_tenth_are_stoic_and_a_twentieth_report_falsely() -> None:
    reporters = [one.reporter for one in people(2_000, 3)]
    assert 0.07 <= reporters.count("stoic") / 2_000 <= 0.13
    assert 0.03 <= (reporters.count("always_easy") + reporters.count("always_hard")) / 2_000 <= 0.08


def test_the_sides_differ_by_the_person_s_own_difference() -> None:
    kind = catalogue()["trunk_rotation"]
    one = people(3, 1)[2]
    ratio = one.torque_nm(kind, "right") / one.torque_nm(kind, "left")
    assert np.isclose(np.log(ratio), one.side_log)


def test_the_painless_range_lies_inside_the_machine() -> None:
    for kind in catalogue().values():
        for one in people(36, 6):
            low, high = one.painless_cdeg(kind)
            assert kind.limit_cdeg[0] <= low < high <= kind.limit_cdeg[1]


def test_a_third_of_people_responds_less_and_a_third_more() -> None:
    who = people(1_800, 3)
    gains = {
        kind: [one.gain_log for one in who if one.responder == kind] for kind in ("low", "usual", "high")
    }
    assert [len(found) / len(who) for found in gains.values()] == pytest.approx([1 / 3] * 3, abs=0.05)
    assert max(gains["low"]) < min(gains["usual"])
    assert max(gains["usual"]) < min(gains["high"])


def test_gaps_of_two_to_four_weeks_come_to_a_tenth() -> None:
    away = [one.away_days for one in people(2_000, 3) if one.away_day is not None]
    assert len(away) / 2_000 == pytest.approx(0.10, abs=0.02)
    assert min(away) >= 14
    assert max(away) <= 28
