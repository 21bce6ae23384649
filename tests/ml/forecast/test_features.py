from math import isnan, log

import pytest

from ml.forecast.features import Case, describe
from ml.forecast.past import PastSet, cold


def done(day: float, load_kg: float, reps: float, machine: str = "m") -> PastSet:
    return PastSet(machine=machine, kind="row", day=day, load_kg=load_kg, reps=reps)


OWN = [done(0.0, 50.0, 10.0), done(7.0, 52.0, 8.0), done(14.0, 52.0, 9.0)]


def found(own: list[PastSet], load_kg: float = 54.0, others: tuple[PastSet, ...] = ()) -> dict[str, float]:
    belief = cold("row", own[0].load_kg)
    return describe(Case(load_kg=load_kg, day=21.0, belief=belief, own=own, others=others))


def test_a_single_past_set_gives_the_same_names_as_many() -> None:
    one, many = found(OWN[:1]), found(OWN)
    assert list(one) == list(many)
    assert isnan(one["reps_2"])
    assert not isnan(many["reps_2"])


def test_loads_and_reps_are_told_newest_first() -> None:
    row = found(OWN)
    assert [row[f"reps_{lag}"] for lag in (1, 2, 3)] == [9.0, 8.0, 10.0]
    assert row["load_1"] == pytest.approx(log(54 / 52))
    assert row["load_first"] == pytest.approx(log(54 / 50))
    assert (row["gap"], row["since_first"], row["sets"], row["held"]) == (7.0, 21.0, 3.0, 0.0)


def test_a_raise_tells_what_was_seen_before_it() -> None:
    row = found(OWN)
    assert row["raises"] == pytest.approx(2 / 3)
    assert row["reps_before_raise"] == 10.0
    assert row["reps_after_raise"] == 8.0
    assert row["change_by_raise"] == -2.0
    assert row["reps_after_hold"] == 9.0


def test_an_unchanged_load_finds_its_own_reps() -> None:
    row = found(OWN, load_kg=52.0)
    assert (row["same_load_sets"], row["same_load_mean"], row["same_load_last"]) == (2.0, 8.5, 9.0)
    assert row["held"] == 2.0
    assert row["expected_0.1_last"] == pytest.approx(9.0)


def test_a_heavier_load_is_expected_to_allow_fewer_reps() -> None:
    light, heavy = found(OWN, load_kg=50.0), found(OWN, load_kg=56.0)
    for name in light:
        if name.startswith(("expected", "believed_reps")):
            assert light[name] > heavy[name]


def test_a_trend_is_told_beyond_the_usual_growth() -> None:
    level = [done(7.0 * week, 50.0 * 1.006018**week, 10.0) for week in range(5)]
    row = found(level, load_kg=50.0)
    assert row["trend_0.06"] == pytest.approx(0.0, abs=1e-5)
    faster = [done(7.0 * week, 50.0 * 1.02**week, 10.0) for week in range(5)]
    assert 0.0 < found(faster, load_kg=50.0)["trend_0.06"] < log(1.02) - 0.006


def test_other_machines_tell_the_persons_habit() -> None:
    others = (done(0.0, 80.0, 12.0, "o"), done(14.0, 80.0, 14.0, "o"))
    row = found(OWN, others=others)
    assert (row["other_sets"], row["other_mean"], row["other_recent"]) == (2.0, 13.0, 14.0)
    assert row["person_mean"] == pytest.approx((10 + 8 + 9 + 12 + 14) / 5)
    assert row["visits"] == 3.0
