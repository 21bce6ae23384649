import numpy as np
import pytest

from emulator.physiology import fatigue
from emulator.physiology.fatigue import Compartments
from emulator.physiology.parameters import number

ONE = np.ones(1)


def _stepped(reps: int, demand: float) -> float:
    """Fatigued share before rep `reps` of a 5 s rep, stepped at 50 Hz."""
    muscle = Compartments(fatigue_per_s=0.0105)
    for _ in range(reps):
        for _ in range(250):
            muscle.step(demand, 0.02)
        for _ in range(round(number("fatigue.turn_pause_s") / 0.02)):
            muscle.step(0.0, 0.02)
    return muscle.fatigued


def _rhythm(demand: float, hardest: float) -> fatigue.Rhythm:
    return fatigue.rhythm(ONE * 0, ONE * 0.0105, ONE * 5, ONE * demand, ONE * hardest, ONE)


@pytest.mark.parametrize("demand", [0.2, 0.4, 0.6])
def test_the_series_agrees_with_stepping_at_50_hz(demand: float) -> None:
    """Stated tolerance: 4 % of the fatigue after ten reps."""
    series = _rhythm(demand, demand).before(np.array([[10.0]]))[0, 0]
    assert series == pytest.approx(_stepped(10, demand), rel=0.04)


def test_shares_stay_between_nothing_and_everything() -> None:
    muscle = Compartments(fatigue_per_s=0.05)
    for _ in range(20_000):
        muscle.step(1.0, 0.02)
        assert 0 <= muscle.fatigued <= 1
        assert 0 <= muscle.active <= 1 + 1e-9


def test_the_predicted_failure_is_where_the_series_passes_the_limit() -> None:
    rhythm = _rhythm(0.5, 0.8)
    possible = rhythm.possible(np.zeros((1, 1)))[0, 0]
    assert rhythm.before(np.array([[possible]]))[0, 0] == pytest.approx(rhythm.failing[0])
    assert rhythm.possible(rhythm.before(np.array([[3.0]])))[0, 0] == pytest.approx(possible - 3)


def test_a_load_above_the_maximum_allows_no_rep_and_a_light_one_has_no_end() -> None:
    assert _rhythm(0.9, 1.1).possible(np.zeros((1, 1)))[0, 0] == 0
    assert _rhythm(0.02, 0.03).possible(np.zeros((1, 1)))[0, 0] == number("fatigue.most_reps")


def test_rest_between_sets_recovers_faster_than_pauses_inside_them() -> None:
    pausing, resting = (
        Compartments(fatigue_per_s=0.01, fatigued=0.5),
        Compartments(fatigue_per_s=0.01, fatigued=0.5),
    )
    for _ in range(3_000):
        pausing.step(0.0, 0.02)
        resting.step(0.0, 0.02, between_sets=True)
    assert resting.fatigued < pausing.fatigued
    assert resting.fatigued == pytest.approx(0.5 * fatigue.rested_share(60), rel=0.01)


def test_a_pause_at_the_start_of_every_rep_counts() -> None:
    recovery, pause_s = number("fatigue.recovery_per_s"), number("fatigue.turn_pause_s")
    expected = np.exp(-recovery * (5 + number("fatigue.pause_multiplier") * pause_s))
    assert _rhythm(0.5, 0.8).ratio[0] == pytest.approx(expected, rel=1e-12)
