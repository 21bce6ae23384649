"""Speed, tempo and smoothness of a rep: pace is held until about three reps of reserve, then it drops."""

import math

import numpy as np

from emulator.physiology.parameters import Array, number, pair

SEEN_DEG_S = 2.0  # deg/s; safety page, detector: slower is a turn


def speed_share(reserve: Array, loss: Array, drop_reps: Array) -> Array:
    """Share of the paced concentric speed that is left with this reserve (reps), by a person's own drop."""
    return 1.0 - loss * np.exp(-reserve / drop_reps)


def strain(reserve: Array) -> Array:
    """How near failure is: 0 fresh, 1 with no rep left."""
    return np.exp(-reserve / number("tempo.drop_reps"))


def smoothness(strain_share: Array, noise: Array) -> Array:
    """SPARC of the concentric phase; `noise` is standard normal."""
    fresh, loss = number("tempo.smoothness_fresh"), number("tempo.smoothness_loss")
    return fresh - loss * strain_share + number("tempo.smoothness_sd") * (1 + strain_share) * noise


def peak_over_mean() -> float:
    """Peak speed over mean speed of a half-rep with cosine ramps."""
    return 1 / (1 - number("tempo.ramp_share"))


def concentric_s(asked_s: Array, span_deg: Array, speed_limit_deg_s: Array) -> Array:
    """Seconds of the way out: the asked tempo, slower where the machine's speed limit would be touched."""
    slowest = span_deg * peak_over_mean() / (number("tempo.peak_margin") * speed_limit_deg_s)
    return np.maximum(asked_s, slowest)


def place(time_share: float) -> float:
    """Share of the way covered at a share of the time (0..1): cosine ramps and a steady middle."""
    ramp, time = number("tempo.ramp_share"), min(max(time_share, 0.0), 1.0)
    if time < ramp:
        return _ramp(time, ramp)
    if time > 1 - ramp:
        return 1.0 - _ramp(1 - time, ramp)
    return (ramp / 2 + time - ramp) / (1 - ramp)


def _ramp(time: float, ramp: float) -> float:
    return (time / 2 - ramp / (2 * math.pi) * math.sin(math.pi * time / ramp)) / (1 - ramp)


def tremor_deg(strain_share: float) -> float:
    """Amplitude (deg) of the unsteadiness of a half-rep."""
    fresh, failing = pair("tempo.tremor_deg")
    return fresh + (failing - fresh) * strain_share


def slow_share(mean_speed_deg_s: Array) -> Array:
    """Share of a half-rep's time below the speed (2 deg/s) at which a measurement sees movement."""
    ramp = number("tempo.ramp_share")
    peak = mean_speed_deg_s * peak_over_mean()
    return ramp / math.pi * np.arccos(np.clip(1 - 2 * SEEN_DEG_S / np.maximum(peak, SEEN_DEG_S), -1, 1))


def edges(span_deg: Array) -> Array:
    """Share of a half-rep's time that a measurement counts as hold: near the end the arm hardly moves.

    The hold is measured within 1 deg or 3 % of the furthest angle; a cosine ramp covers its last part with
    the cube of time: deficit = span x pi^2 x^3 / (12 ramp^2 (1 - ramp)).
    """
    ramp = number("tempo.ramp_share")
    near = np.maximum(1.0 / span_deg, 0.03)
    return np.cbrt(near * (1 - ramp) * 12 * ramp**2 / math.pi**2)
