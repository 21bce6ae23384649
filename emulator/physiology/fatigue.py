"""Three compartments of muscle: active, fatigued, resting, with a rest multiplier (3CC-r).

Sample level: `Compartments.step`. Rep level: while the active share follows the demand exactly, the fatigued
share obeys dMF/dt = F x demand - R x MF, which is linear; so a set is a geometric series (`Rhythm`).
Source: Frey-Law 2012, Looft 2018 (rest multiplier); science 3.2.
"""

import math
from dataclasses import dataclass

import numpy as np

from emulator.physiology.parameters import Array, number

FOLLOW_PER_S = 10.0  # 1/s; how fast the active share follows the demand (Frey-Law 2012: LD = LR = 10)


@dataclass(slots=True, kw_only=True)
class Compartments:
    """Shares of one muscle group: active and fatigued; the rest is resting (mutable: stepped at 50 Hz)."""

    fatigue_per_s: float
    active: float = 0.0
    fatigued: float = 0.0

    def step(self, demand: float, dt_s: float, *, between_sets: bool = False) -> None:
        """Advance by `dt_s` seconds under a demand (share of the maximal torque, 0 = rest)."""
        recovery = number("fatigue.recovery_per_s")
        resting = 1.0 - self.active - self.fatigued
        drive = FOLLOW_PER_S * (demand - self.active)
        drive = min(drive, FOLLOW_PER_S * resting) if drive > 0 else drive
        back = recovery if demand > 0 else recovery * _rest_multiplier(between_sets=between_sets)
        tired = self.fatigue_per_s * self.active
        self.active = max(self.active + (drive - tired) * dt_s, 0.0)
        self.fatigued = min(max(self.fatigued + (tired - back * self.fatigued) * dt_s, 0.0), 1.0)

    def rest(self, rest_s: float) -> None:
        """Recover between sets."""
        self.active = 0.0
        self.fatigued *= rested_share(rest_s)


def _rest_multiplier(*, between_sets: bool) -> float:
    return number("fatigue.rest_multiplier" if between_sets else "fatigue.pause_multiplier")


def rested_share(rest_s: float) -> float:
    """Share of the fatigue that is left after a rest between sets (seconds)."""
    return math.exp(-number("fatigue.recovery_per_s") * number("fatigue.rest_multiplier") * rest_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A set as a geometric series over rows: fatigue before rep i is limit + (start - limit) x ratio^i.

    `failing` is the fatigue at a rep's start with which its hardest angle can no longer be passed.
    """

    start: Array
    limit: Array
    ratio: Array
    failing: Array

    def before(self, rep: Array) -> Array:
        """Fatigued share at the start of rep `rep` (0 = first), rows x reps."""
        return self.limit[:, None] + (self.start - self.limit)[:, None] * self.ratio[:, None] ** rep

    def possible(self, fatigued: Array) -> Array:
        """Reps still possible (a real number, at most `most_reps`) from the fatigued shares, rows x reps."""
        limit, failing = self.limit[:, None], self.failing[:, None]
        share = (limit - failing) / np.maximum(limit - fatigued, 1e-9)
        endless = limit <= failing + 1e-6
        reps = np.log(np.clip(share, 1e-9, 1.0)) / np.log(self.ratio)[:, None]
        return np.where(endless, number("fatigue.most_reps"), np.clip(reps, 0, number("fatigue.most_reps")))


def rhythm(
    start: Array, fatigue_per_s: Array, work_s: Array, demand: Array, hardest: Array, lift_s: Array
) -> Rhythm:
    """Build the series of a set from F, the loaded seconds of a rep, its mean and its hardest demand.

    `lift_s` is the time until the hardest angle; the fatigue gathered up to there counts too.
    """
    recovery, pause_s = number("fatigue.recovery_per_s"), number("fatigue.turn_pause_s")
    paused = math.exp(-recovery * number("fatigue.pause_multiplier") * pause_s)
    kept = np.exp(-recovery * work_s)
    gained = fatigue_per_s * demand / recovery * (1 - kept)
    ratio = kept * paused
    return Rhythm(
        start=start,
        limit=gained * paused / (1 - ratio),
        ratio=ratio,
        failing=1 - hardest - fatigue_per_s * demand * lift_s,
    )
