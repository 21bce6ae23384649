from collections.abc import Callable
from typing import Any

import pytest

from ml.evaluation import capacity
from ml.evaluation.one_rm_table import OneRmTable, read

Lines = Callable[..., list[str]]


def judged(lines: list[str]) -> dict[str, Any]:
    table = read(lines)
    assert isinstance(table, OneRmTable)
    return capacity.figures([row for part in capacity.pieces(table.sets) for row in capacity.run(part)], 1)


def test_nobody_is_estimated_with_their_own_sets(one_rm_lines: Lines) -> None:
    table = read(one_rm_lines(4, 1))
    assert isinstance(table, OneRmTable)
    parts = capacity.pieces(table.sets)
    assert len(parts) == 4
    for part in parts:
        assert {one.person for one in part.own}.isdisjoint(one.person for one in part.others)
        assert len(part.own) + len(part.others) == 12


def test_on_people_with_slopes_of_their_own_the_belief_beats_both_formulas(one_rm_lines: Lines) -> None:
    found = judged(one_rm_lines(40, 2))
    for load in ("all", "80", "70"):
        errors = {name: one["mape"] for name, one in found["one_set"][load]["methods"].items()}
        assert errors["openspine"] < min(errors["epley"], errors["brzycki"])
    both = {name: one["mape"] for name, one in found["two_sets"]["all"]["methods"].items()}
    assert both["openspine"] < min(both["epley"], both["brzycki"], both["regression"])
    assert set(found["goals"]) == {"90", "80", "70"}


@pytest.mark.parametrize("shares", [(0.85,), (0.95, 0.75), (0.9, 0.85, 0.8, 0.75, 0.7, 0.65)])
def test_other_loads_and_other_numbers_of_sets_are_judged_too(
    one_rm_lines: Lines, shares: tuple[float, ...]
) -> None:
    found = judged(one_rm_lines(12, 3, shares))
    assert found["one_set"]["all"]["sets"] == 12 * len(shares)
    pairs = 12 * len(shares) * (len(shares) - 1) // 2
    assert found["two_sets"].get("all", {"sets": 0})["sets"] == pairs
    assert found["one_set"]["all"]["methods"]["openspine"]["mape"] < 20.0


def test_sets_of_two_exercises_are_no_pair() -> None:
    lines = ["person,exercise,one_rm_kg,weight_kg,reps"]
    for name in "abc":
        lines += [f"{name},squat,100,80,8", f"{name},bench,60,42,14"]
    assert judged(lines)["two_sets"] == {}
