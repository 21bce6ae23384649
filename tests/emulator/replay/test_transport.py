import math

import pytest

from emulator.replay.transport import RATES, Transport, begun, lag_s, pressed, reached_ms, stepped, wait_s


def test_the_recording_runs_as_many_times_faster_as_the_rate_says() -> None:
    running = begun(Transport(rate=10.0), 5_000, 100.0)
    assert reached_ms(running, 102.0) == 25_000
    assert wait_s(running, 25_000, 102.0) == 0
    assert wait_s(running, 45_000, 102.0) == pytest.approx(2.0)
    assert lag_s(running, 20_000, 102.0) == pytest.approx(0.5)
    assert lag_s(running, 30_000, 102.0) == 0


def test_at_the_highest_rate_everything_is_due_and_nothing_late() -> None:
    running = begun(Transport(rate=math.inf), 0, 100.0)
    assert wait_s(running, 10**12, 100.0) == 0
    assert lag_s(running, 0, 200.0) == 0


def test_a_pause_holds_the_place_and_the_recording_goes_on_from_there() -> None:
    running = begun(Transport(rate=2.0), 0, 0.0)
    paused = pressed(running, "pause", 60_000, 10.0)
    assert wait_s(paused, 20_001, 500.0) is None
    assert wait_s(paused, 0, 500.0) is None  # also what is overdue waits
    again = pressed(paused, "pause", 60_000, 500.0)
    assert reached_ms(again, 500.0) == 20_000
    assert wait_s(again, 22_000, 500.0) == pytest.approx(1.0)


def test_a_pause_at_the_highest_rate_stands_at_the_row_that_waits() -> None:
    paused = pressed(Transport(rate=math.inf), "pause", 7_000, 1.0)
    slower = pressed(paused, "slower", 7_000, 2.0)
    assert (slower.rate, slower.is_paused) == (1_000.0, True)
    assert reached_ms(pressed(slower, "pause", 7_000, 3.0), 3.0) == 7_000


def test_a_step_lets_one_row_out_and_pauses() -> None:
    running = begun(Transport(rate=1.0), 0, 0.0)
    stepping = pressed(running, "step", 9_000, 1.0)
    assert wait_s(stepping, 9_000, 1.0) == 0
    after = stepped(stepping, 9_000, 1.0)
    assert wait_s(after, 9_500, 1.0) is None
    assert reached_ms(after, 50.0) == 9_000
    twice = pressed(pressed(after, "step", 9_500, 2.0), "step", 9_500, 2.0)
    assert stepped(twice, 9_500, 2.0).steps == 1
    assert stepped(running, 9_000, 1.0) == running


def test_going_on_forgets_steps_that_were_not_used() -> None:
    stepping = pressed(Transport(is_paused=True), "step", 1_000, 0.0)
    assert pressed(stepping, "pause", 1_000, 0.0).steps == 0


def test_another_rate_changes_what_comes_and_not_what_was() -> None:
    running = begun(Transport(rate=1.0), 0, 0.0)
    faster = pressed(running, "faster", 60_000, 10.0)
    assert (faster.rate, reached_ms(faster, 10.0), reached_ms(faster, 11.0)) == (2.0, 10_000, 12_000)


def test_the_rates_end_at_both_ends_and_take_any_start() -> None:
    rate, seen = 0.07, []
    for _ in range(len(RATES) + 2):
        rate = pressed(Transport(rate=rate), "faster", 0, 0.0).rate
        seen.append(rate)
    assert seen == [*RATES, math.inf, math.inf]
    assert pressed(Transport(rate=3.0), "slower", 0, 0.0).rate == 2.0
    assert pressed(Transport(rate=RATES[0]), "slower", 0, 0.0).rate == RATES[0]


def test_quit_ends_it() -> None:
    assert pressed(Transport(), "quit", 0, 0.0).is_over
    assert not pressed(Transport(), "pause", 0, 0.0).is_over
