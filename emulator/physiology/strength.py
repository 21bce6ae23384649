"""Maximal torque: age, sex, mass, back pain; and what speed and direction leave of it."""

import math

import numpy as np

from emulator.physiology.parameters import Array, number, numbers, pair


def typical_torque_nm(kind: str, age_years: float, sex: str, mass_kg: float) -> float:
    """Give the maximal isometric torque (Nm, strongest angle) of an average healthy person."""
    which = 0 if sex == "female" else 1
    young = pair(f"strength.{kind}")[which]
    age = float(np.interp(age_years, numbers("strength.age_years"), numbers("strength.age_factor")))
    build = (mass_kg / pair("strength.reference_mass_kg")[which]) ** number("strength.mass_exponent")
    return float(young * age * build)


def concentric_share(speed_deg_s: Array | float) -> Array:
    """Share of the isometric torque left while shortening at this speed (deg/s)."""
    return np.exp(-np.asarray(speed_deg_s, dtype=np.float64) / number("force_velocity.decay_deg_s"))


def concentric_share_at(speed_deg_s: float) -> float:
    """`concentric_share` of one speed, without arrays: for the sample loop."""
    return math.exp(-speed_deg_s / number("force_velocity.decay_deg_s"))
