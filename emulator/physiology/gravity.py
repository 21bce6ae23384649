"""Gravity torque of the trunk, head or leg on the machine's axis; what the weigh-in must find."""

import math

from contract.machines import GRAVITY_M_S2, MachineKind
from emulator.physiology.parameters import number

_MOVED = {"trunk": "trunk", "neck": "neck", "hip": "leg"}  # region -> what hangs on the axis
_LYING_OR_SEATED = (
    "trunk_rotation",
    "leg_press",
    "row",
    "hip_abduction",
)  # no lever in gravity


def torque_nm(kind: MachineKind, mass_kg: float, travel_deg: float) -> float:
    """Torque (Nm) that the weight asks of the trained muscles at this travel; negative where it helps."""
    part = _MOVED.get(kind.region)
    if part is None or kind.name in _LYING_OR_SEATED:
        return 0.0
    weight_n = mass_kg * number(f"gravity.{part}_mass_share") * GRAVITY_M_S2
    lever_m = number(f"gravity.{part}_lever_m")
    clinical = kind.clinical_deg(travel_deg)
    # Extension lifts what flexion lowers; the clinical angle counts from upright (0) to bent.
    direction = -1.0 if kind.name in ("lumbar_flexion", "neck_lateral", "lateral_flexion") else 1.0
    return direction * weight_n * lever_m * math.sin(math.radians(clinical))
