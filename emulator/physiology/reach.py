"""Range of movement: what a person can and will use, its gain, and the stiffness near its end."""

import numpy as np

from contract.machines import CDEG, MachineKind
from emulator.physiology.parameters import Array, number


def default_span_deg(kind: MachineKind) -> float:
    """Degrees of the kind's default range."""
    return (kind.default_cdeg[1] - kind.default_cdeg[0]) / CDEG


def reached(prescribed_end_deg: Array, tolerated_end_deg: Array) -> Array:
    """End angle that a rep really reaches: the prescribed one, bent softly under the tolerated one."""
    soft = number("range.softness_deg")
    beyond = (prescribed_end_deg - tolerated_end_deg) / soft
    return prescribed_end_deg - soft * np.logaddexp(0.0, beyond)


def stiffness_share(share_of_range: Array) -> Array:
    """Passive torque, in shares of the maximal torque, at a share of the person's own range (1 = its end)."""
    beyond = np.maximum(0.0, share_of_range - number("range.stiffness_from"))
    return number("range.stiffness_share") * beyond
