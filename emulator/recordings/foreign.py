"""Import of foreign recordings: a table and its column map become a recording of samples."""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from contract import recording, topics
from contract.machines import catalogue
from contract.recording import About, Sample
from emulator.recordings.column_map import BadFile, ColumnMap, read_map
from emulator.recordings.mcap_file import RecordingWriter
from emulator.recordings.table_file import rows_of

SOFTWARE = "openspine-import"
LEAST_SAMPLES = 2
MOST_DEG, MOST_NM = 360.0, 10_000.0  # no machine turns or pushes so far: such values are of another unit
Values = tuple[float, float, float]  # time, angle and torque as they stand in the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A foreign recording that was read: the map it was read by, and its samples."""

    file: str
    columns: ColumnMap
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What was imported: samples, seconds, the range of travel (deg); `out` is None of a dry run."""

    file: str
    out: str | None
    machine: str
    machine_kind: str
    samples: int
    duration_s: float
    lowest_deg: float
    highest_deg: float


def read_foreign(
    path: Path, map_name: str, machine: str | None = None, kind: str | None = None
) -> Foreign | BadFile:
    """Read a table by a column map; `machine` and `kind` in place of the map's own."""
    columns = read_map(map_name)
    if isinstance(columns, BadFile):
        return columns
    if kind is not None and kind not in catalogue():
        mend = f"use one of {', '.join(catalogue())}"
        return BadFile(file=map_name, problem=f"unknown machine kind {kind}", mend=mend)
    if machine is not None and not topics.is_machine_id(machine):
        mend = "use 3 to 32 of a-z, 0-9 and -"
        return BadFile(file=map_name, problem=f"{machine} names no machine", mend=mend)
    samples = read_samples(path, columns)
    if isinstance(samples, BadFile):
        return samples
    named = replace(columns, machine=machine or columns.machine, machine_kind=kind or columns.machine_kind)
    return Foreign(file=str(path), columns=named, samples=tuple(samples))


def write_foreign(foreign: Foreign, out: Path) -> None:
    """Write what was read as a recording."""
    columns = foreign.columns
    about = About(
        machine=columns.machine,
        machine_kind=columns.machine_kind,
        origin="sim",
        source=columns.source,
        software=SOFTWARE,
        open_loop=1,
    )
    with RecordingWriter(out, about) as writer:
        for sequence, sample in enumerate(foreign.samples, start=1):
            writer.write(recording.from_sample(columns.machine, sample, sequence))


def report_of(foreign: Foreign, out: Path | None) -> ImportReport:
    """Sum up."""
    samples, columns = foreign.samples, foreign.columns
    angles = [sample.deg for sample in samples]
    return ImportReport(
        file=foreign.file,
        out=None if out is None else str(out),
        machine=columns.machine,
        machine_kind=columns.machine_kind,
        samples=len(samples),
        duration_s=(samples[-1].mono_ms - samples[0].mono_ms) / 1_000,
        lowest_deg=min(angles),
        highest_deg=max(angles),
    )


def read_samples(path: Path, columns: ColumnMap) -> list[Sample] | BadFile:
    """Read the samples of a table; every way in which it can be bad is told with row, column and mend."""
    found: list[Sample] = []
    smooth = Smoothing(columns.low_pass_hz)
    for row in rows_of(path, columns.names, columns.delimiter):
        if isinstance(row, BadFile):
            return row
        values = _values(path, row, columns)
        if isinstance(values, BadFile):
            return values
        problem = _problem(values, found[-1].mono_ms if found else -1, columns)
        if problem is not None:
            column, what, mend = problem
            return BadFile(file=str(path), row=row[0], column=column, problem=what, mend=mend)
        found.append(_sample(values, columns, smooth))
    if len(found) < LEAST_SAMPLES:
        return BadFile(file=str(path), row=2, problem="no samples", mend="export it again with its data rows")
    return found


def _sample(values: Values, columns: ColumnMap, smooth: "Smoothing") -> Sample:
    time, position, torque = values
    mono_ms, deg = round(time * columns.time_scale_ms), columns.deg(position)
    speed_deg_s = smooth.speed_deg_s(mono_ms, deg)
    torque_nm = torque * columns.torque_scale
    return Sample(mono_ms=mono_ms, deg=round(deg, 4), deg_s=round(speed_deg_s, 3), torque_nm=torque_nm)


def _problem(values: Values, last_ms: int, columns: ColumnMap) -> tuple[str, str, str] | None:
    """Tell what cannot be so, as (column, problem, mend)."""
    time, position, torque = values
    now_ms = time * columns.time_scale_ms
    if not 0 <= now_ms <= recording.TIME_MOST_MS or round(now_ms) <= last_ms:
        mend = "sort the rows by time and remove repeated ones; the map's scale_ms turns it into ms"
        return columns.time_column, "the clock does not rise", mend
    if abs(columns.deg(position)) > MOST_DEG:
        mend = "check the unit, and angle.from and angle.to of the map"
        return columns.angle_column, f"the map makes {columns.deg(position):g} deg of it", mend
    if abs(torque * columns.torque_scale) > MOST_NM:
        mend = "check the unit, and torque.scale of the map"
        return columns.torque_column, f"the map makes {torque * columns.torque_scale:g} Nm of it", mend
    return None


def _values(path: Path, row: tuple[int, tuple[Any, ...]], columns: ColumnMap) -> Values | BadFile:
    number, raw = row
    found = []
    for name, one in zip(columns.names, raw, strict=True):
        value = columns.number(one)
        if not math.isfinite(value):
            shown = str("" if one is None else one).strip()[:20] or "nothing"
            mend = f"write a finite number with a decimal {columns.decimal!r}, or remove the row"
            problem = f"{shown} is not a number"
            return BadFile(file=str(path), row=number, column=name, problem=problem, mend=mend)
        found.append(value)
    return found[0], found[1], found[2]


class Smoothing:
    """Speed of a position by a causal low-pass of one pole (Hz)."""

    def __init__(self, low_pass_hz: float) -> None:
        self._lag_ms = 1_000 / (2 * math.pi * low_pass_hz)
        self._last: tuple[int, float] | None = None
        self._deg = 0.0

    def speed_deg_s(self, mono_ms: int, deg: float) -> float:
        """Take the next position; returns the speed of the smoothed position (deg/s)."""
        if self._last is None:
            self._last, self._deg = (mono_ms, deg), deg
            return 0.0
        step_ms = mono_ms - self._last[0]
        before = self._deg
        self._deg += step_ms / (self._lag_ms + step_ms) * (deg - self._deg)
        self._last = (mono_ms, deg)
        return (self._deg - before) * 1_000 / step_ms
