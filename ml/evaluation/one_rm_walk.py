"""The scalar Kalman baseline: log 1RM by Epley as a random walk, one machine by itself."""

from collections.abc import Sequence
from math import exp, log, log1p

from ml.forecast.past import PastSet

EPLEY_SLOPE = 0.033  # per rep; the table's own estimate of the 1RM uses it
REPS_LEAST, REPS_MOST = 1.0, 20.0  # forecasts of the formulas are cut here
WALK_SD, NOISE_SD, FIRST_SD = 0.03, 0.05, 0.1  # log 1RM: per set, of one set, before the second


def kalman(own: Sequence[PastSet], load_kg: float) -> float:
    """Forecast from a scalar random walk of log 1RM by Epley, one machine by itself."""
    level, variance = 0.0, -1.0
    for one in own:
        seen = log(one.load_kg) + log1p(EPLEY_SLOPE * one.reps)
        if variance < 0.0:
            level, variance = seen, FIRST_SD**2
            continue
        variance += WALK_SD**2
        gain = variance / (variance + NOISE_SD**2)
        level, variance = level + gain * (seen - level), (1.0 - gain) * variance
    return min(max((exp(level - log(load_kg)) - 1.0) / EPLEY_SLOPE, REPS_LEAST), REPS_MOST)
