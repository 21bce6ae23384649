"""What a dose asks of a body: demand over the range, and the set as a geometric series of fatigue."""

from dataclasses import dataclass, replace

import numpy as np

from contract.machines import GRAVITY_M_S2
from emulator.people.bodies import Bodies
from emulator.physiology import fatigue, reach, strength, tempo, torque_curve
from emulator.physiology.fatigue import Rhythm
from emulator.physiology.parameters import Array, number

ANGLES = 5  # points of the range at which demand is looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Doses:
    """One set a row: load, range, reps or seconds of work (0 = by reps), tempo, stop rules (0 = off)."""

    load_kg: Array
    start_deg: Array
    end_deg: Array
    reps: Array
    work_s: Array
    concentric_s: Array
    hold_s: Array
    eccentric_s: Array
    min_speed_pct: Array
    min_range_pct: Array
    max_tempo_pct: Array


def one_dose(
    load_kg: float, start_deg: float, end_deg: float, reps: int, tempo_s: tuple[float, float, float]
) -> Doses:
    """Make the dose of one set by reps, without stop rules (one row)."""
    one = np.ones(1)
    return Doses(
        load_kg=one * load_kg,
        start_deg=one * start_deg,
        end_deg=one * end_deg,
        reps=one * reps,
        work_s=one * 0,
        concentric_s=one * tempo_s[0],
        hold_s=one * tempo_s[1],
        eccentric_s=one * tempo_s[2],
        min_speed_pct=one * 0,
        min_range_pct=one * 0,
        max_tempo_pct=one * 0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What a set asks: range really used (deg), tempo (s), demand at five angles, fatigue of its reps."""

    load_nm: Array
    end_deg: Array
    lift_s: Array
    lower_s: Array
    demand: Array  # rows x ANGLES, share of the fresh maximal torque while lifting
    rhythm: Rhythm


def effort(bodies: Bodies, doses: Doses) -> Effort:
    """Work out what doses ask of bodies."""
    end_deg = np.maximum(reach.reached(doses.end_deg, bodies.tolerated_deg), doses.start_deg + 2.0)
    span_deg = end_deg - doses.start_deg
    pace = np.exp(bodies.pace_log)
    lift_s = pace * tempo.concentric_s(doses.concentric_s, span_deg, bodies.speed_limit_deg_s)
    lower_s = pace * tempo.concentric_s(doses.eccentric_s, span_deg, bodies.speed_limit_deg_s)
    load_nm = doses.load_kg * GRAVITY_M_S2 * bodies.lever_m
    share, passive = _share(bodies, doses.start_deg, end_deg, load_nm)
    lifting = share / strength.concentric_share(span_deg / lift_s)[:, None] + passive
    lowering = share.mean(axis=1) / number("force_velocity.eccentric_factor")
    work_s = lift_s + doses.hold_s + lower_s
    total = lifting.mean(axis=1) * lift_s + share[:, -1] * doses.hold_s + lowering * lower_s
    return Effort(
        load_nm=load_nm,
        end_deg=end_deg,
        lift_s=lift_s,
        lower_s=lower_s,
        demand=lifting,
        rhythm=fatigue.rhythm(
            bodies.fatigued, bodies.fatigue_per_s, work_s, total / work_s, lifting.max(axis=1), lift_s / 2
        ),
    )


def one_rep_load_kg(bodies: Bodies, doses: Doses) -> Array:
    """Find the heaviest load (kg) for one fresh rep of this range and tempo, by bisection."""
    low, high = np.zeros(len(bodies)), np.full(len(bodies), 400.0)
    for _ in range(30):
        middle = (low + high) / 2
        asked = effort(bodies.tired(np.zeros(len(bodies))), replace(doses, load_kg=middle))
        can = asked.rhythm.possible(np.zeros((len(bodies), 1)))[:, 0] > 0
        low, high = np.where(can, middle, low), np.where(can, high, middle)
    return low


def _share(bodies: Bodies, start_deg: Array, end_deg: Array, load_nm: Array) -> tuple[Array, Array]:
    """Load over the angle's maximal torque, and the passive part near the range's end: rows x ANGLES."""
    steps = np.linspace(0, 1, ANGLES)
    deg = start_deg[:, None] + (end_deg - start_deg)[:, None] * steps
    curve = torque_curve.relative(bodies.curve, bodies.low_deg, bodies.high_deg, deg)
    own = np.maximum(bodies.tolerated_deg - bodies.tolerated_low_deg, 5.0)
    passive = reach.stiffness_share((deg - bodies.tolerated_low_deg[:, None]) / own[:, None])
    return load_nm[:, None] / (bodies.torque_nm[:, None] * curve), np.minimum(passive, 0.3)
