"""What is true of a body and a dose, and what no policy may know: reps still possible, effort, capacity."""

import numpy as np

from contract.machines import CDEG, G, MachineKind
from emulator.people.bodies import Bodies
from emulator.people.effort import Doses, effort
from emulator.physiology.parameters import Array
from ml.belief.capacity import effort_cr10
from ml.request import Dose

MOST_REPS = 400.0  # reps; where the physiology calls a load endless a light set still has an effort above 0
HEAVIEST_KG, EXACT_KG, LOADS = 400.0, 0.01, 24  # where the heaviest load is looked for, and how closely
HALF_REP = 0.5  # reps; a set ends at the last whole rep: on average half of one is left over


def possible_reps(body: Bodies, doses: Doses) -> Array:
    """Return the reps that each body could do of its dose now, tired as it is (not cut at 40)."""
    rhythm = effort(body, doses).rhythm
    room = np.maximum(rhythm.limit - rhythm.start, 1e-9)
    share = np.clip((rhythm.limit - rhythm.failing) / room, 1e-9, 1.0)
    reps = np.log(share) / np.log(rhythm.ratio)
    endless = rhythm.limit <= rhythm.failing + 1e-6
    return np.where(endless, MOST_REPS, np.clip(reps, 0.0, MOST_REPS)) + HALF_REP


def effort_of(reps_done: int, possible: float) -> float:
    """Return the true effort (CR10) of a set: the product's scale, on reps that were truly possible."""
    return effort_cr10(reps_done, possible)


def capacity_kg(body: Bodies, dose: Dose) -> float:
    """Return the heaviest load (kg) for one fresh rep over the dose's range at its tempo.

    As `emulator.people.effort.one_rep_load_kg`, with many loads at once instead of one after the other.
    """
    low, high = 0.0, HEAVIEST_KG
    while high - low > EXACT_KG:
        loads_kg = np.linspace(low, high, LOADS)
        fresh = body.tired(body.fatigued * 0)
        can = possible_at(fresh, dose, loads_kg) > HALF_REP
        below = int(can.sum())  # loads in rising order: those that can be lifted come first
        if below == LOADS:
            return high
        low, high = float(loads_kg[max(below - 1, 0)]), float(loads_kg[max(below, 1)])
    return low


def possible_at(body: Bodies, dose: Dose, loads_kg: Array) -> Array:
    """Return the reps that one body could do of a dose at each of many loads."""
    one = doses_of(dose)
    rows = {name: np.repeat(getattr(one, name), len(loads_kg)) for name in Doses.__dataclass_fields__}
    doses = Doses(**{**rows, "load_kg": loads_kg})
    return possible_reps(body.take(np.zeros(len(loads_kg), dtype=np.int64)), doses)


def tolerated_cdeg(body: Bodies) -> tuple[int, int]:
    """Return the lowest and the highest travel tolerated today."""
    return round(float(body.tolerated_low_deg[0]) * CDEG), round(float(body.tolerated_deg[0]) * CDEG)


def doses_of(dose: Dose, stops: tuple[int, int, int] = (0, 0, 0)) -> Doses:
    """Turn one dose into a row for the emulator; `stops`: speed, range and tempo thresholds (%, 0 = off)."""

    def one(value: float) -> Array:
        return np.array([value], dtype=np.float64)

    return Doses(
        load_kg=one(dose.load_g / G),
        start_deg=one(dose.start_cdeg / CDEG),
        end_deg=one(dose.end_cdeg / CDEG),
        reps=one(dose.reps),
        work_s=one(dose.work_ms / 1000),
        concentric_s=one(dose.tempo_ms[0] / 1000),
        hold_s=one(dose.tempo_ms[1] / 1000),
        eccentric_s=one(dose.tempo_ms[2] / 1000),
        min_speed_pct=one(stops[0]),
        min_range_pct=one(stops[1]),
        max_tempo_pct=one(stops[2]),
    )


def usual_span_cdeg(kind: MachineKind) -> int:
    """Return the width of the kind's default range."""
    return kind.default_cdeg[1] - kind.default_cdeg[0]
