"""An isometric strength test as a weak reading of capacity, with its own bias."""

from functools import lru_cache
from math import log

from contract.machines import CDEG, catalogue
from ml.belief.capacity import weakest_torque
from ml.belief.priors import DYNAMIC_SHARE
from ml.belief.state import CAPACITY
from ml.learning.gate import Learned, observe, unit

ISOMETRIC_SHARE = 1.0 / 3.0  # of the gain in loads: isometric torque rises 2-4 times less (science 2.6)
TEST_SD = 0.075  # log; the same machine test on another day (science 2.1)
DEVICE_SD = 0.12  # log; angle curve and posture of the person against the catalogue's (design choice)
TEST_VARIANCE = TEST_SD**2 + DEVICE_SD**2


def capacity_of_test_kg(kind_name: str, angle_cdeg: int, torque_nm: float) -> float:
    """Return the capacity (kg for one full rep) that a torque held at an angle stands for."""
    kind = catalogue()[kind_name]
    strongest_nm = torque_nm / kind.relative_torque(angle_cdeg / CDEG)
    return kind.load_kg(strongest_nm * _weakest_torque(kind_name) * DYNAMIC_SHARE)


@lru_cache(maxsize=64)
def _weakest_torque(kind_name: str) -> float:
    kind = catalogue()[kind_name]
    return weakest_torque(kind, *kind.default_cdeg)


def observe_isometric(learned: Learned, capacity_kg: float, variance: float = TEST_VARIANCE) -> Learned:
    """Take in a strength test as a reading of log capacity less the gain that no isometric test sees."""
    unseen = (1.0 - ISOMETRIC_SHARE) * learned.belief.gained_log
    innovation = log(capacity_kg) + unseen - learned.belief.state.mean[CAPACITY]
    return observe(learned, unit(CAPACITY), innovation, variance, "isometric")
