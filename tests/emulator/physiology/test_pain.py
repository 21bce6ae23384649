import numpy as np
import pytest

from emulator.physiology import pain


def test_pain_declines_a_quarter_in_24_weeks_untrained_and_more_with_training() -> None:
    """Source: the machine trial, -26 % and -38 % (science 2.4, 3.7)."""
    days = 24 * 7
    assert np.exp(-pain.decline_per_day(trains=False) * days) == pytest.approx(0.74)
    assert np.exp(-pain.decline_per_day(trains=True) * days) == pytest.approx(0.62)


def test_failure_and_big_steps_make_flares_likelier() -> None:
    one = np.ones(1)
    calm = pain.flare_chance(one * 0, one * 0, one * 3, one * 0, one)
    failed = pain.flare_chance(one, one * 0, one * 3, one * 0, one)
    leapt = pain.flare_chance(one * 0, one * 0.3, one * 3, one * 0, one)
    assert calm == pytest.approx(1 / (1 + np.exp(4.6)))
    assert failed > 2 * calm
    assert leapt > 5 * calm


def test_reports_are_whole_numbers_from_zero_to_ten_and_follow_the_reporter() -> None:
    noise = np.linspace(-4, 4, 41)
    said = pain.reported(np.full(41, 6.0), noise, "honest")
    assert set(said) <= set(range(11))
    assert len(set(said)) >= 3
    assert pain.reported(np.full(41, 6.0), noise, "stoic").max() <= 2
    assert pain.reported(np.full(41, 6.0), noise, "always_easy").max() <= 1
    assert pain.reported(np.full(41, 0.0), noise, "always_hard").min() >= 5


def test_training_hurts_more_with_load_and_beyond_the_own_range() -> None:
    one = np.ones(1)
    rest = pain.during(one * 3, one * 0, one * 0, one)
    loaded = pain.during(one * 3, one * 0.6, one * 0, one)
    beyond = pain.during(one * 3, one * 0.6, one * 10, one)
    assert rest < loaded < beyond
    assert loaded == pytest.approx(4)
