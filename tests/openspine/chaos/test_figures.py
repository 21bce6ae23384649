import math

from openspine.chaos.figures import share_s, spread_s


def test_the_share_is_a_time_that_was_measured() -> None:
    times_s = [float(number) for number in range(100, 0, -1)]
    assert (share_s(times_s, 0.5), share_s(times_s, 0.99), share_s(times_s, 1.0)) == (50.0, 99.0, 100.0)
    assert share_s([3.0], 0.99) == 3.0
    assert math.isinf(share_s([], 0.5))


def test_what_never_ended_is_said() -> None:
    assert spread_s([1.0, 2.0, math.inf]) == {"n": 3, "p50": 2.0, "p99": None, "most": None}
    assert spread_s([]) == {"n": 0, "p50": None, "p99": None, "most": None}
