import math

from machine_agent.clock import Clock, Now

S = 1_000_000_000


class Hands:
    def __init__(self) -> None:
        self.mono_ns, self.wall_ns = 5 * S, 1_000 * S

    def pass_s(self, seconds: float) -> None:
        self.mono_ns += int(seconds * S)
        self.wall_ns += int(seconds * S)


def clock(hands: Hands, rate: float = 1.0, wall_start_ms: int | None = None) -> Clock:
    return Clock(rate, wall_start_ms, lambda: hands.mono_ns, lambda: hands.wall_ns)


def test_body_time_runs_at_its_rate_and_real_time_does_not() -> None:
    hands = Hands()
    fast = clock(hands, rate=20.0, wall_start_ms=7_000)
    hands.pass_s(2)
    assert fast.now() == Now(body_ms=40_000, mono_ms=7_000, wall_ms=47_000)
    assert not fast.is_stepped


def test_without_a_start_studio_time_is_the_wall() -> None:
    hands = Hands()
    real = clock(hands)
    hands.pass_s(2)
    assert real.now() == Now(body_ms=2_000, mono_ms=7_000, wall_ms=1_002_000)
    hands.wall_ns -= 3_600 * S
    assert real.now().body_ms == 2_000


def test_an_infinite_rate_moves_only_by_hand() -> None:
    hands = Hands()
    stepped = clock(hands, rate=math.inf, wall_start_ms=0)
    hands.pass_s(100)
    assert stepped.now().body_ms == 0
    stepped.advance(200)
    assert stepped.now() == Now(body_ms=200, mono_ms=105_000, wall_ms=200)
    assert stepped.is_stepped


def test_a_moment_of_body_time_has_its_studio_time() -> None:
    assert clock(Hands(), wall_start_ms=1_000).at(500, 3) == Now(body_ms=500, mono_ms=3, wall_ms=1_500)


def test_a_night_moves_simulated_studio_time_alone() -> None:
    clock = Clock(rate=2.0, wall_start_ms=1_000, monotonic_ns=lambda: 0)
    before = clock.now()
    clock.leap(86_400_000)
    after = clock.now()
    assert after.wall_ms - before.wall_ms == 86_400_000
    assert (after.body_ms, after.mono_ms) == (before.body_ms, before.mono_ms)
    real = Clock(monotonic_ns=lambda: 0, wall_ns=lambda: 5_000_000)
    real.leap(86_400_000)
    assert real.now().wall_ms == 5
