import math
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machine_agent import smoothness


def hump(seconds: float, rate_hz: float = 50.0) -> list[float]:
    """The speed of a minimum-jerk movement: 30 (t^2 - 2 t^3 + t^4)."""
    count = round(seconds * rate_hz)
    shares = [index / count for index in range(count + 1)]
    return [30 * (t**2 - 2 * t**3 + t**4) for t in shares]


@given(
    values=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=200),
    extra=st.integers(0, 3),
)
@settings(deadline=None)
def test_the_transform_agrees_with_numpy(values: list[float], extra: int) -> None:
    size = 1 << (math.ceil(math.log2(len(values))) + extra)
    expected = np.fft.fft(values, size)
    np.testing.assert_allclose(smoothness.fourier(values, size), expected, rtol=1e-9, atol=1e-7)


@given(
    values=st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=200),
    extra=st.integers(0, 4),
)
@settings(deadline=None)
def test_the_half_spectrum_agrees_with_numpy(values: list[float], extra: int) -> None:
    size = 1 << (math.ceil(math.log2(len(values))) + extra)
    expected = np.fft.rfft(values, size)[:-1]
    np.testing.assert_allclose(smoothness.half_spectrum(values, size), expected, rtol=1e-9, atol=1e-7)


def numpy_sparc(speed: list[float], rate_hz: float = 50.0) -> float:
    """The published definition, written with numpy."""
    size = int(2 ** (np.ceil(np.log2(len(speed))) + 4))
    frequency = np.arange(0, rate_hz, rate_hz / size)
    spectrum = np.abs(np.fft.fft(speed, size))
    spectrum = spectrum / spectrum.max()
    inside = frequency <= 20
    frequency, spectrum = frequency[inside], spectrum[inside]
    last = np.nonzero(spectrum >= 0.05)[0][-1]
    frequency, spectrum = frequency[: last + 1], spectrum[: last + 1]
    steps = np.diff(frequency) / (frequency[-1] - frequency[0])
    return float(-np.sum(np.sqrt(steps**2 + np.diff(spectrum) ** 2)))


@pytest.mark.parametrize("seconds", [0.5, 1.0, 2.0, 4.0])
def test_sparc_agrees_with_numpy_on_rough_movements(seconds: float) -> None:
    chance = Random(3)
    for roughness in (0.0, 0.1, 0.5):
        speed = [value + roughness * abs(chance.gauss(0, 1)) for value in hump(seconds)]
        assert smoothness.sparc(speed) == pytest.approx(numpy_sparc(speed), rel=1e-9)


def test_a_minimum_jerk_movement_is_as_smooth_as_published() -> None:
    assert -1.6 < smoothness.sparc(hump(1.0)) < -1.4


def test_two_humps_are_less_smooth_than_one() -> None:
    assert smoothness.sparc(hump(1.0) * 2) < smoothness.sparc(hump(2.0)) - 0.3


def test_too_little_or_no_movement_has_no_smoothness() -> None:
    assert smoothness.sparc([1.0] * 5) == 0.0
    assert smoothness.sparc([0.0] * 50) == 0.0


def test_speed_is_derived_without_delay_and_without_the_tremor_of_the_sensor() -> None:
    angles = [20 * math.sin(2 * math.pi * 0.5 * index / 50) for index in range(100)]
    noisy = [deg + 0.05 * (-1) ** index for index, deg in enumerate(angles)]
    expected = [20 * math.pi * math.cos(math.pi * index / 50) for index in range(100)]
    speed = smoothness.smooth_speed(noisy)
    assert speed[20:80] == pytest.approx(expected[20:80], abs=2.0)
    assert smoothness.smooth_speed([1.0] * 3) == [0.0] * 3


def test_the_even_grid_interpolates() -> None:
    assert smoothness.even_grid([0, 10, 40], [0.0, 1.0, 4.0], 100.0) == pytest.approx([0, 1, 2, 3, 4])
    assert smoothness.even_grid([7], [3.0]) == [3.0]


def test_pauses_are_taken_out() -> None:
    assert smoothness.without_pauses([5.0, 1.9, -1.9, -2.0, 0.0]) == [5.0, -2.0]
