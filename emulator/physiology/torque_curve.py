"""Torque over angle: the catalogue's curve of a kind, weakened at the extended end by back pain."""

import numpy as np

from contract.machines import CDEG, MachineKind
from emulator.physiology.parameters import Array, number

POINTS = 7  # points of the catalogue's curves
EXTENDED = ("lumbar_extension", "neck_extension")  # kinds whose end of travel is the extended end


def points(kind: MachineKind, *, back_pain: bool) -> tuple[float, ...]:
    """Give the curve's seven relative torques from the lowest to the highest angle of the machine."""
    if not back_pain or kind.name not in EXTENDED:
        return kind.curve
    weakest = number("strength.extended_end_factor")
    last = len(kind.curve) - 1
    return tuple(value * (1 - (1 - weakest) * index / last) for index, value in enumerate(kind.curve))


def bounds_deg(kind: MachineKind) -> tuple[float, float]:
    """Give the angles (deg) of the first and the last point."""
    return kind.limit_cdeg[0] / CDEG, kind.limit_cdeg[1] / CDEG


def relative(curve: Array, low_deg: Array, high_deg: Array, deg: Array) -> Array:
    """Interpolate curves (rows, 7) at angles (rows, k) -> relative torque (rows, k)."""
    place = np.clip((deg - low_deg[:, None]) / (high_deg - low_deg)[:, None], 0, 1) * (POINTS - 1)
    index = np.minimum(place.astype(np.int64), POINTS - 2)
    left = np.take_along_axis(curve, index, axis=1)
    right = np.take_along_axis(curve, index + 1, axis=1)
    return np.asarray(left + (place - index) * (right - left))


def relative_at(curve: tuple[float, ...], low_deg: float, high_deg: float, deg: float) -> float:
    """`relative` of one angle, without arrays: for the sample loop."""
    place = min(max((deg - low_deg) / (high_deg - low_deg), 0.0), 1.0) * (POINTS - 1)
    index = min(int(place), POINTS - 2)
    return curve[index] + (place - index) * (curve[index + 1] - curve[index])
