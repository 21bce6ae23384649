"""The telegrams of a real motor machine, beside those of an emulated one."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emulator.calibration.machine import SHARES, intervals_ms, quantum
from emulator.calibration.measured import Measured
from emulator.physiology.parameters import Array
from emulator.recordings.column_map import BadFile

FOLDER, PATTERN = "motor_machine_stream", "*.csv"
TIME, TORQUE, FRICTION = "t_s", "UserTorque(Nm)", "Friction"
TELEGRAMS_LEAST = 500  # fewer do not show their 1 %
MS_IN_S = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What is compared of a recording: whole milliseconds between telegrams, torques and friction (Nm)."""

    intervals_ms: Array
    torque_nm: Array
    friction_nm: Array


def find(data: Path) -> Path | None:
    """Find the recording in a folder of data sets, in its own folder, or as the file itself."""
    if data.is_file():
        return data
    return next((one for place in (data / FOLDER, data) for one in sorted(place.glob(PATTERN))), None)


def read(path: Path) -> Stream | BadFile:
    """Read a recording as CSV; BadFile says what is wrong with it and where."""
    mend = f"a recording has {TIME}, {TORQUE} and {FRICTION} in every row"
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        return BadFile(file=str(path), problem=f"cannot be read ({error})", mend=mend)
    columns: dict[str, Array] = {}
    for name in (TIME, TORQUE, FRICTION):
        values = _numbers(rows, name)
        if isinstance(values, int):
            problem = "not a number" if rows and name in rows[0] else "no such column"
            return BadFile(file=str(path), problem=problem, mend=mend, row=values, column=name)
        columns[name] = values
    if len(rows) < TELEGRAMS_LEAST:
        return BadFile(
            file=str(path), problem=f"{len(rows)} telegrams", mend=f"at least {TELEGRAMS_LEAST} are compared"
        )
    return Stream(
        intervals_ms=np.round(np.diff(columns[TIME]) * MS_IN_S),
        torque_nm=columns[TORQUE],
        friction_nm=columns[FRICTION],
    )


def _numbers(rows: Sequence[Mapping[str, str | None]], name: str) -> Array | int:
    """Read a column; where it is no finite number the row of the file (1 = the header)."""
    found = np.empty(len(rows))
    for index, row in enumerate(rows):
        try:
            found[index] = float(row.get(name) or "")
        except ValueError:
            return index + 2
    is_finite = np.isfinite(found)
    return found if is_finite.all() else int(np.argmin(is_finite)) + 2


def compared(stream: Stream, seed: int, found: Mapping[str, Measured]) -> dict[str, tuple[float, Measured]]:
    """Give real and emulated of every figure that both have."""
    ours: Array = np.diff(np.round(np.cumsum(intervals_ms(seed))))  # telegrams carry whole milliseconds
    theirs = stream.intervals_ms

    def of_intervals(value: float) -> Measured:
        return Measured(value=value, spread=float(ours.std()), count=len(ours))

    low, high = found["friction_low"], found["friction_high"]
    friction = Measured(value=(low.value + high.value) / 2, spread=low.spread, count=low.count)
    return {
        **{
            f"real_interval_{at}": (
                float(np.percentile(theirs, at)),
                of_intervals(float(np.percentile(ours, at))),
            )
            for at in SHARES
        },
        "real_interval_spread": (float(theirs.std()), of_intervals(float(ours.std()))),
        "real_interval_apart": (0.0, of_intervals(apart(theirs, ours))),
        "real_torque_quantum": (quantum(stream.torque_nm.tolist()), found["torque_quantum"]),
        "real_friction": (float(np.median(stream.friction_nm)), friction),
    }


def apart(theirs: Array, ours: Array) -> float:
    """Return the largest distance of two cumulated distributions (Kolmogorov-Smirnov), 0 to 1."""
    at = np.union1d(theirs, ours)
    shares = [np.searchsorted(np.sort(one), at, side="right") / len(one) for one in (theirs, ours)]
    return float(np.abs(shares[0] - shares[1]).max())
