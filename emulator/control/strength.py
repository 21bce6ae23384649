"""Strength tests of a trial: tries against a locked arm, as the facts that a product would learn from."""

import numpy as np

from contract.machines import CDEG
from contract.messages import Rep, SetEnd
from emulator.control.sets import SETTING
from emulator.people.bodies import Bodies
from emulator.rep_level.pushes import took_s, tries
from ml.request import Answers, Dose, SetFacts


def pushed(body: Bodies, dose: Dose, limit_nm: int, chance: np.random.Generator, today: Answers) -> SetFacts:
    """Let a body push as often as the row says; the torque held for 3 s is the figure of a try.

    `limit_nm`: the signed torque (Nm) at which the arm gives way.
    """
    angle_deg = dose.start_cdeg / CDEG
    reps = tuple(
        Rep(
            set=dose.set,
            rep=one.attempt,
            side=dose.side,
            setting=SETTING,
            load_g=0,
            start_deg=angle_deg,
            end_deg=angle_deg,
            peak_torque_nm=one.peak_torque_nm,
            mean_torque_nm=one.mean_3s_nm,
            quality=("test",),
            concentric_s=0.0,
            hold_s=0.0,
            eccentric_s=0.0,
            work_j=0.0,
            peak_speed_deg_s=0.0,
            mean_speed_deg_s=0.0,
            smoothness=0.0,
        )
        for one in tries(body, dose, limit_nm, chance)
    )
    end = SetEnd(
        set=dose.set, side=dose.side, setting=SETTING, reps=0, partial_reps=0, ended_by="target",
        duration_s=took_s(dose),
    )  # fmt: skip
    return SetFacts(applied=dose, reps=reps, end=end, answers=today)
