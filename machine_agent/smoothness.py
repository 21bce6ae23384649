"""Smoothness of a movement as spectral arc length (SPARC), in the standard library alone.

Definition: Balasubramanian, Melendez-Calderon, Roby-Brami, Burdet 2015 (J NeuroEng Rehabil 12:112), eq. 1-2;
parameters: cut-off 20 Hz, amplitude threshold .05, padding level 4 (design: adjustment model, "Smoothness").
"""

import cmath
import math
from collections.abc import Sequence
from functools import cache

RATE_HZ = 50.0  # samples are put on this even grid first
CUTOFF_HZ = 20.0
AMPLITUDE_LEAST = 0.05  # of the largest amplitude
PADDING_LEVEL = 4  # the spectrum has 2^4 times as many points as samples
LOW_PASS_HZ = 6.0  # human voluntary movement lies below (5-6 Hz in the design)
PAUSE_DEG_S = 2.0  # slower is a pause, which is taken out
LEAST_SAMPLES = 8


def sparc(speed: Sequence[float], rate_hz: float = RATE_HZ) -> float:
    """Return the spectral arc length of a speed profile (no unit, negative; nearer 0 is smoother)."""
    if len(speed) < LEAST_SAMPLES or not any(speed):
        return 0.0
    size = 1 << (math.ceil(math.log2(len(speed))) + PADDING_LEVEL)
    bins = int(CUTOFF_HZ / rate_hz * size) + 1
    amplitudes = [abs(value) for value in half_spectrum(speed, size)[:bins]]
    largest = max(amplitudes)
    shares = [value / largest for value in amplitudes]
    last = max(index for index, share in enumerate(shares) if share >= AMPLITUDE_LEAST)
    if last == 0:
        return 0.0
    step = 1 / last
    return -sum(math.hypot(step, shares[i + 1] - shares[i]) for i in range(last))


def half_spectrum(values: Sequence[float], size: int) -> list[complex]:
    """Return the bins below the Nyquist frequency of real `values`, padded to `size` (a power of two).

    Two neighbours make one complex number, so that half the transform does (Cooley, Lewis and Welch 1970).
    """
    half = size // 2
    pairs = [complex(*values[at : at + 2]) for at in range(0, len(values), 2)]
    packed = fourier(pairs, half)
    mirrored = [packed[0], *packed[:0:-1]]
    return [
        ((one + other.conjugate()) - 1j * turn * (one - other.conjugate())) / 2
        for one, other, turn in zip(packed, mirrored, _turns(size), strict=True)
    ]


def fourier(values: Sequence[complex], size: int) -> list[complex]:
    """Transform `values`, padded with zeros to `size` (a power of two), in natural order.

    Bins k, k + padding, k + 2 padding, ... are a transform of the values alone, turned by k: all of them run
    beside one another through the stages of Stockham's sort (Cochran et al. 1967), as whole lists.
    """
    count = 1 << (len(values) - 1).bit_length()
    padding, half = size // count, size // 2
    padded = [*values, *[0j] * (count - len(values))]
    turned = zip(padded, _phases(size, padding), strict=True)
    bins = [value * turn for value, phases in turned for turn in phases]
    stride = padding
    while stride < size:
        first, second = bins[:half], bins[half:]
        sums = [one + other for one, other in zip(first, second, strict=True)]
        turns = _stage_turns(size, stride)
        gaps = [(one - other) * turn for one, other, turn in zip(first, second, turns, strict=True)]
        bins = []
        for at in range(0, half, stride):
            bins += sums[at : at + stride]
            bins += gaps[at : at + stride]
        stride *= 2
    return bins


# A handful of sizes occurs: 2^4 times the samples of a rep.
@cache
def _turns(size: int) -> tuple[complex, ...]:
    """Return the roots of unity of the first half circle."""
    return tuple(cmath.exp(-2j * cmath.pi * k / size) for k in range(size // 2))


@cache
def _phases(size: int, padding: int) -> tuple[tuple[complex, ...], ...]:
    """Return by how much each value is turned for the first bins, one for every padding."""
    places = range(size // padding)
    return tuple(
        tuple(cmath.exp(-2j * cmath.pi * place * k / size) for k in range(padding)) for place in places
    )


@cache
def _stage_turns(size: int, stride: int) -> tuple[complex, ...]:
    """Return the turns of one stage, each for a whole stride."""
    turns = _turns(size)
    return tuple(turns[place - place % stride] for place in range(size // 2))


def even_grid(times_ms: Sequence[int], values: Sequence[float], rate_hz: float = RATE_HZ) -> list[float]:
    """Put unevenly timed values on an even grid by linear interpolation."""
    step_ms = 1_000 / rate_hz
    count = int((times_ms[-1] - times_ms[0]) / step_ms) + 1
    grid: list[float] = []
    index = 0
    for point in range(count):
        moment = times_ms[0] + point * step_ms
        while index < len(times_ms) - 2 and times_ms[index + 1] < moment:
            index += 1
        grid.append(_between(times_ms, values, index, moment))
    return grid


def smooth_speed(angles_deg: Sequence[float], rate_hz: float = RATE_HZ) -> list[float]:
    """Low-pass evenly spaced angles forwards and backwards and derive the speed (deg/s)."""
    if len(angles_deg) < LEAST_SAMPLES:
        return [0.0] * len(angles_deg)
    forwards = _low_pass(angles_deg, rate_hz)
    smooth = _low_pass(forwards[::-1], rate_hz)[::-1]
    inner = [(after - before) * rate_hz / 2 for before, after in zip(smooth, smooth[2:], strict=False)]
    return [inner[0], *inner, inner[-1]]


def without_pauses(speed: Sequence[float]) -> list[float]:
    """Take out what is slower than a turn."""
    return [value for value in speed if abs(value) >= PAUSE_DEG_S]


def _low_pass(values: Sequence[float], rate_hz: float) -> list[float]:
    """Second-order Butterworth, starting at rest on the first value (bilinear transform)."""
    warped = math.tan(math.pi * LOW_PASS_HZ / rate_hz)
    scale = 1 / (1 + math.sqrt(2) * warped + warped * warped)
    gain = warped * warped * scale
    feedback_1 = 2 * (warped * warped - 1) * scale
    feedback_2 = (1 - math.sqrt(2) * warped + warped * warped) * scale
    before_in = before_in_2 = before_out = before_out_2 = values[0]
    smooth: list[float] = []
    for value in values:
        now = gain * (value + 2 * before_in + before_in_2)
        now -= feedback_1 * before_out + feedback_2 * before_out_2
        before_in_2, before_in = before_in, value
        before_out_2, before_out = before_out, now
        smooth.append(now)
    return smooth


def _between(times_ms: Sequence[int], values: Sequence[float], index: int, moment_ms: float) -> float:
    if len(times_ms) == 1:
        return values[0]
    span_ms = times_ms[index + 1] - times_ms[index]
    share = (moment_ms - times_ms[index]) / span_ms if span_ms else 0.0
    return values[index] + min(max(share, 0.0), 1.0) * (values[index + 1] - values[index])
