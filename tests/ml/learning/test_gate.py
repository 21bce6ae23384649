"""The gate: soft facts far from what is believed are set aside, and every move is noted."""

from math import sqrt

import pytest

from ml.belief.priors import prior
from ml.belief.state import CAPACITY, SIZE, Belief, start_session
from ml.learning.gate import GATE_SIGMAS, Learned, observe, observe_bound, unit
from ml.request import Person

PERSON = Person(age_years=41, sex="male", mass_kg=78.0, baseline_nrs=2)
NOISE = 0.04


def learned() -> Learned:
    belief: Belief = start_session(prior(PERSON, "lumbar_extension", "both"), 0, 41)
    return Learned(belief=belief)


def sigmas(count: float) -> float:
    variance: float = learned().belief.state.covariance[CAPACITY][CAPACITY]
    return count * sqrt(variance + NOISE)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_reading_beyond_the_gate_is_set_aside_and_named(side: float) -> None:
    inside = observe(learned(), unit(CAPACITY), side * sigmas(GATE_SIGMAS - 0.01), NOISE, "reading")
    beyond = observe(learned(), unit(CAPACITY), side * sigmas(GATE_SIGMAS + 0.01), NOISE, "reading")
    assert (inside.set_aside, [move.code for move in inside.moves]) == ((), ["reading"])
    assert (beyond.set_aside, beyond.moves, beyond.belief) == (("reading",), (), learned().belief)


def test_a_bound_is_set_aside_only_where_it_contradicts() -> None:
    far_above = observe_bound(learned(), unit(CAPACITY), sigmas(9.0), NOISE, "bound")
    far_below = observe_bound(learned(), unit(CAPACITY), -sigmas(GATE_SIGMAS + 0.01), NOISE, "bound")
    assert far_above.set_aside == ()
    assert far_above.belief.state.mean[CAPACITY] == pytest.approx(learned().belief.state.mean[CAPACITY])
    assert far_below.set_aside == ("bound",)
    assert far_below.belief == learned().belief


def test_every_move_holds_the_mean_after_it() -> None:
    first = observe(learned(), unit(CAPACITY), 0.1, NOISE, "first")
    second = observe_bound(first, unit(CAPACITY), -0.1, NOISE, "second")
    assert [move.code for move in second.moves] == ["first", "second"]
    assert second.moves[0].mean == first.belief.state.mean
    assert second.moves[1].mean == second.belief.state.mean


def test_a_unit_row_reads_one_state() -> None:
    assert unit(CAPACITY, 2.0) == (2.0, *(0.0,) * (SIZE - 1))
