"""People on machines today as rows of arrays: what the rep-level physiology computes with."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contract.machines import CDEG, MachineKind
from contract.messages import Side
from emulator.people.condition import (
    Condition,
    has_spasm,
    nrs_on,
    readiness_log,
    strength_log,
    tolerated_cdeg,
)
from emulator.people.person import Person
from emulator.physiology import torque_curve
from emulator.physiology.parameters import Array, number


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated:
    """One person on one side of one machine today; `fatigued` is left over from the sets before."""

    person: Person
    condition: Condition
    kind: MachineKind
    side: Side
    fatigued: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bodies:
    """Arrays over rows (Nm, deg, NRS, shares); `curve` has seven columns, everything else one value a row."""

    torque_nm: Array
    curve: Array
    low_deg: Array
    high_deg: Array
    lever_m: Array
    speed_limit_deg_s: Array
    fatigue_per_s: Array
    fatigued: Array
    speed_loss: Array
    drop_reps: Array
    pace_log: Array
    tolerated_low_deg: Array
    tolerated_deg: Array
    nrs: Array
    bump_nrs: Array
    report_bias_reps: Array
    reporter: NDArray[np.str_]

    def take(self, rows: NDArray[np.int64]) -> "Bodies":
        """Pick rows, also repeatedly."""
        return Bodies(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def tired(self, fatigued: Array) -> "Bodies":
        """Give the same bodies with another fatigue."""
        return replace(self, fatigued=fatigued)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.torque_nm)


def bodies(seated: Sequence[Seated]) -> Bodies:
    """Line people up as arrays, with today's strength, range and pain."""
    rows = [_row(one) for one in seated]
    return Bodies(**{name: np.array([row[name] for row in rows]) for name in rows[0]})


def _row(one: Seated) -> dict[str, Any]:
    person, condition, kind = one.person, one.condition, one.kind
    low, high = torque_curve.bounds_deg(kind)
    tolerated_low, tolerated = tolerated_cdeg(person, condition, kind)
    grown = strength_log(condition, kind.name) + readiness_log(person, condition.day, kind.name)
    is_cramped = has_spasm(person, condition.day) and kind.region in ("trunk", "neck")
    hurts = number("pain.spasm_nrs") if is_cramped else 0.0
    return {
        "torque_nm": person.torque_nm(kind, one.side) * float(np.exp(grown)),
        "curve": torque_curve.points(kind, back_pain=person.back_pain),
        "low_deg": low,
        "high_deg": high,
        "lever_m": kind.lever_m,
        "speed_limit_deg_s": kind.max_speed_cdeg_s / CDEG,
        "fatigue_per_s": person.fatigue_per_s,
        "fatigued": one.fatigued,
        "speed_loss": person.speed_loss,
        "drop_reps": person.drop_reps,
        "pace_log": person.pace_log,
        "tolerated_low_deg": tolerated_low / CDEG,
        "tolerated_deg": tolerated / CDEG,
        "nrs": min(10.0, nrs_on(person, condition) + hurts),
        "bump_nrs": person.bump_nrs * person.back_pain,
        "report_bias_reps": person.report_bias_reps,
        "reporter": person.reporter,
    }
