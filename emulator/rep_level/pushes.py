"""A strength test at rep level: what every try of a locked push shows, as the true agent reports it."""

import numpy as np

from contract.machines import CDEG
from contract.messages import Setting, TestResult
from emulator.people.bodies import Bodies
from emulator.physiology import torque_curve
from ml.request import Dose

TRY_S, TRY_REST_S = 5.0, 60.0  # a try and the rest between tries (decision 0006)
TRY_SD = 0.03  # ratio; between tries of one day; design
HOLD_SHARE = 0.95  # of the peak that is held for 3 s; design


def tries(body: Bodies, row: Setting | Dose, limit_nm: int, chance: np.random.Generator) -> list[TestResult]:
    """Push as often as the row says against the arm that is locked at its angle."""
    angle_deg = row.start_cdeg / CDEG
    low, high = float(body.low_deg[0]), float(body.high_deg[0])
    share = torque_curve.relative_at(tuple(body.curve[0]), low, high, angle_deg)
    able_nm = float(body.torque_nm[0]) * float(share) * (1.0 - float(body.fatigued[0]))
    found = []
    for attempt in range(1, row.reps + 1):
        peak_nm = able_nm * float(1.0 + TRY_SD * chance.standard_normal())
        is_over = peak_nm > limit_nm  # the limit opens the lock: a peak, and no three seconds
        found.append(
            TestResult(
                mode="isometric",
                side=row.side,
                angle_cdeg=row.start_cdeg,
                peak_torque_nm=round(min(peak_nm, limit_nm), 2),
                mean_3s_nm=0.0 if is_over else round(HOLD_SHARE * peak_nm, 2),
                range_deg=0.0,
                attempt=attempt,
            )
        )
    return found


def took_s(row: Setting | Dose) -> float:
    """Return how long the tries and the rests between them last."""
    return row.reps * TRY_S + (row.reps - 1) * TRY_REST_S
