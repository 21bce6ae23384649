"""How hard a dose is: effective load, repetitions to failure, effort (one scale for weight and amplitude)."""

from functools import lru_cache
from math import exp, log, sqrt
from typing import NamedTuple

from contract.machines import CDEG, G, MachineKind, catalogue
from ml.belief.kalman import Vector, normal_cdf, project
from ml.belief.state import CAPACITY, MACHINE, SECOND_SET_LOSS, SHARED, SIZE, SLOPE, Belief
from ml.replacing import replace
from ml.request import Dose

REFERENCE_TEMPO_MS = (2_000, 0, 3_000)  # 2-0-3, the tempo of the build phase (page 8)
MEAN_SHARE = (
    0.2  # of strength on a range is its mean, the rest its weakest angle, where reps fail (see below)
)
SPEED_DEG_S = 320.0  # .84 and .67 of the isometric force at 60 and 120 deg/s: e^(-v/320) (science 3.1)
CURVE_POINTS = 16  # angles at which a torque curve is averaged
EFFORT_MOST = 10.0  # CR10
LEAST_REPS = 0.5  # expected reps never fall below half a rep
REP_NOISE = 1.0  # reps to failure between equal sets beyond the day's readiness (science 3.4: 1.5 with it)
DRIVE_SHARE_LEAST = 0.02  # of capacity: below it a load is nothing to tire of


class Reserve(NamedTuple):
    """Expected reps to failure, their SD from the belief, and how they move with the state."""

    reps: float
    sd: float
    row: Vector


@lru_cache(maxsize=4096)
def range_factor(kind: str, start_cdeg: int, end_cdeg: int) -> float:
    """Return how much harder a load is on this range than on the machine's default range.

    A shorter range near the strong angle makes the same weight easier (design page 5, w_eff). A set tires by
    the mean of the curve over the range and fails at its weakest angle, which tells more of the reps.
    """
    machine = catalogue()[kind]
    return _strength(machine, *machine.default_cdeg) / _strength(machine, start_cdeg, end_cdeg)


def mean_torque(machine: MachineKind, start_cdeg: int, end_cdeg: int) -> float:
    """Average the torque curve between two angles (1 = strongest angle)."""
    span = end_cdeg - start_cdeg
    angles = (start_cdeg + span * (index + 0.5) / CURVE_POINTS for index in range(CURVE_POINTS))
    return sum(machine.relative_torque(angle / CDEG) for angle in angles) / CURVE_POINTS


def weakest_torque(machine: MachineKind, start_cdeg: int, end_cdeg: int) -> float:
    """Return the relative torque at the weakest angle of a range (1 = strongest angle of the machine)."""
    span = end_cdeg - start_cdeg
    angles = (start_cdeg + span * index / CURVE_POINTS for index in range(CURVE_POINTS + 1))
    return min(machine.relative_torque(angle / CDEG) for angle in angles)


def speed_factor(kind: str, span_cdeg: int, concentric_ms: int) -> float:
    """Return how much harder a faster lift makes a load (1: the default range in the reference tempo)."""
    low, high = catalogue()[kind].default_cdeg
    usual_deg_s = (high - low) / CDEG / (REFERENCE_TEMPO_MS[0] / 1000.0)
    return exp((span_cdeg / CDEG / (max(concentric_ms, 1) / 1000.0) - usual_deg_s) / SPEED_DEG_S)


def rep_share(tempo_ms: tuple[int, int, int]) -> float:
    """Return how much a rep tires, by its time under load (1 at 2-0-3)."""
    return max(sum(tempo_ms), 1) / sum(REFERENCE_TEMPO_MS)


def effective_kg(kind: str, dose: Dose) -> float:
    """Return the load of a dose on the scale of capacity (kg)."""
    span_cdeg = dose.end_cdeg - dose.start_cdeg
    factor = range_factor(kind, dose.start_cdeg, dose.end_cdeg)
    return dose.load_g / G * factor * speed_factor(kind, span_cdeg, dose.tempo_ms[0])


def expected_reps(belief: Belief, dose: Dose) -> tuple[float, Vector]:
    """Return the reps to failure n(w, A) = (exp(c + a + b - .015 set) / w_eff - 1) / k (design page 5).

    k is of a rep at 2-0-3: a longer one tires more. The second value is how they move with the state.
    """
    able_kg = exp(ready_log(belief, dose))
    slope = exp(belief.state.mean[SLOPE]) * rep_share(dose.tempo_ms)
    ratio = able_kg / max(effective_kg(belief.kind, dose), DRIVE_SHARE_LEAST * able_kg)
    reps = max((ratio - 1.0) / slope, LEAST_REPS)
    row = [0.0] * SIZE
    row[CAPACITY] = row[SHARED] = row[MACHINE] = ratio / slope
    row[SLOPE] = -reps
    return reps, tuple(row)


def ready_log(belief: Belief, dose: Dose) -> float:
    """Return the log capacity (kg) of this set: today's readiness counts, and the sets before it."""
    mean = belief.state.mean
    tired_log = belief.tired_log if dose.set > belief.tired_set else 0.0
    return mean[CAPACITY] + mean[SHARED] + mean[MACHINE] - SECOND_SET_LOSS * max(dose.set - 1, 0) - tired_log


def reserve(belief: Belief, dose: Dose) -> Reserve:
    """Return the expected reps to failure with their uncertainty."""
    reps, row = expected_reps(belief, dose)
    _, variance = project(belief.state, row)
    return Reserve(reps, sqrt(max(variance, 0.0)), row)


def effort_cr10(reps_done: float, reps_possible: float) -> float:
    """Return the effort (CR10): it grows in proportion to the share of the possible reps (Noakes 2004)."""
    return min(EFFORT_MOST * reps_done / max(reps_possible, reps_done, LEAST_REPS), EFFORT_MOST)


def fitting_load_g(belief: Belief, dose: Dose, effort: float) -> int:
    """Return the load (g) at which the dose's reps are believed to have that effort (CR10)."""
    possible = reps_in_time(dose) * EFFORT_MOST / effort
    slope = exp(belief.state.mean[SLOPE]) * rep_share(dose.tempo_ms)
    able_kg = exp(ready_log(belief, dose)) / (1.0 + slope * possible)
    return round(able_kg / effective_kg(belief.kind, replace(dose, load_g=G)) * G)


def reps_in_time(dose: Dose) -> int:
    """Return how many reps a dose asks for: its reps, or those that fit into its work time."""
    if dose.work_ms == 0:
        return dose.reps
    return min(max(round(dose.work_ms / max(sum(dose.tempo_ms), 1)), 1), dose.reps)


def _strength(machine: MachineKind, start_cdeg: int, end_cdeg: int) -> float:
    mean, weakest = mean_torque(machine, start_cdeg, end_cdeg), weakest_torque(machine, start_cdeg, end_cdeg)
    return MEAN_SHARE * mean + (1.0 - MEAN_SHARE) * weakest


def chance_below(expected: float, sd: float, reps: float) -> float:
    """Return P(reps to failure < reps): a positive, skewed number, so its logarithm is normal."""
    if reps <= 0.0:
        return 0.0
    relative = sqrt(sd**2 + REP_NOISE**2) / max(expected, REP_NOISE)
    return normal_cdf(log(reps / max(expected, 0.1)) / relative)
