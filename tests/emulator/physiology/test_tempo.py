import numpy as np
import pytest

from emulator.physiology import tempo


def test_the_place_runs_from_nothing_to_all_without_a_jump() -> None:
    places = [tempo.place(share / 1_000) for share in range(1_001)]
    assert places[0] == 0
    assert places[-1] == pytest.approx(1)
    steps = np.diff(places)
    assert (steps >= 0).all()
    assert steps.max() * 1_000 == pytest.approx(tempo.peak_over_mean(), rel=0.01)


def test_pace_is_held_until_three_reps_of_reserve() -> None:
    share = tempo.speed_share(np.array([10.0, 3.0, 0.0]), np.array([0.4]), np.array([1.6]))
    assert share[0] > 0.99
    assert share[1] > 0.93
    assert share[2] == pytest.approx(0.6)


def test_people_stay_below_the_machine_s_speed_limit() -> None:
    span, limit = np.array([20.0, 60.0, 100.0]), np.array([45.0])
    lift_s = tempo.concentric_s(np.array([2.0]), span, limit)
    assert lift_s[0] == 2
    assert (span / lift_s * tempo.peak_over_mean() <= 0.9 * 45 + 1e-9).all()


def test_smoothness_gets_worse_towards_failure() -> None:
    nothing = np.zeros(1)
    assert tempo.smoothness(tempo.strain(np.array([0.0])), nothing) < tempo.smoothness(
        tempo.strain(np.array([8.0])), nothing
    )
