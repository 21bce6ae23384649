from itertools import pairwise

import pytest

from machine_agent.agent.ramp import Ramp


def run(ramp: Ramp, target_g: int, seconds: float) -> list[int]:
    return [ramp.step(target_g, 20) for _ in range(round(seconds * 50))]


def test_two_kilograms_a_second_up_and_five_down() -> None:
    ramp = Ramp()
    assert run(ramp, 20_000, 1.0)[-1] == 2_000
    assert run(ramp, 20_000, 9.0)[-1] == 20_000
    assert run(ramp, 0, 1.0)[-1] == 15_000
    assert run(ramp, 14_000, 1.0)[-1] == 14_000


@pytest.mark.parametrize("load_g", [1_000, 20_000, 200_000])
def test_a_stop_is_straight_and_takes_the_same_time_from_any_load(load_g: int) -> None:
    ramp = Ramp()
    run(ramp, load_g, load_g / 2_000 + 0.1)
    ramp.stop()
    loads = run(ramp, load_g, 0.7)
    assert loads[-1] > 0
    steps = {before - after for before, after in pairwise(loads)}
    assert max(steps) - min(steps) <= 1
    assert run(ramp, 0, 0.12)[-1] == 0
    assert run(ramp, 2_000, 1.0)[-1] == 2_000


def test_a_second_stop_does_not_slow_the_first() -> None:
    ramp = Ramp()
    run(ramp, 10_000, 5.1)
    ramp.stop()
    run(ramp, 0, 0.4)
    ramp.stop()
    assert run(ramp, 0, 0.42)[-1] == 0


def test_while_a_stop_is_under_way_nothing_rises() -> None:
    ramp = Ramp()
    run(ramp, 10_000, 5.1)
    ramp.stop()
    loads = run(ramp, 10_000, 0.78)
    assert loads == sorted(loads, reverse=True)
