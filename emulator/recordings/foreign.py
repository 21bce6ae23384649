"""Import of foreign recordings: a CSV and its column map become a recording of samples."""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contract import recording
from contract.recording import About, Sample
from emulator.recordings.column_map import BadFile, ColumnMap, read_map
from emulator.recordings.mcap_file import RecordingWriter

SOFTWARE = "openspine-import"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What was imported: samples, seconds, the range of travel (deg)."""

    file: str
    out: str
    machine: str
    machine_kind: str
    samples: int
    duration_s: float
    lowest_deg: float
    highest_deg: float


def import_csv(path: Path, map_name: str, out: Path) -> ImportReport | BadFile:
    """Read a CSV by a column map and write it as a recording; of a bad file nothing is written."""
    columns = read_map(map_name)
    if isinstance(columns, BadFile):
        return columns
    samples = read_samples(path, columns)
    if isinstance(samples, BadFile):
        return samples
    about = About(
        machine=columns.machine,
        machine_kind=columns.machine_kind,
        origin="sim",
        source=columns.source,
        software=SOFTWARE,
        open_loop=1,
    )
    with RecordingWriter(out, about) as writer:
        for sequence, sample in enumerate(samples, start=1):
            writer.write(recording.from_sample(columns.machine, sample, sequence))
    angles = [sample.deg for sample in samples]
    return ImportReport(
        file=str(path),
        out=str(out),
        machine=columns.machine,
        machine_kind=columns.machine_kind,
        samples=len(samples),
        duration_s=(samples[-1].mono_ms - samples[0].mono_ms) / 1_000,
        lowest_deg=min(angles),
        highest_deg=max(angles),
    )


def read_samples(path: Path, columns: ColumnMap) -> list[Sample] | BadFile:
    """Read the samples of a CSV; every way in which it can be bad is told with row, column and mend."""
    if not path.is_file():
        return BadFile(file=str(path), problem="no such file", mend="check the path")
    with path.open(newline="", encoding="utf-8", errors="replace") as lines:
        reader = csv.reader(lines)
        header = next(reader, None)
        if header is None:
            return BadFile(
                file=str(path), problem="the file is empty", mend="export it again with its header row"
            )
        places = _places(path, [name.strip() for name in header], columns)
        if isinstance(places, BadFile):
            return places
        found = _sampled(path, reader, places, columns)
    if not isinstance(found, BadFile) and len(found) < 2:
        return BadFile(file=str(path), row=2, problem="no samples", mend="export it again with its data rows")
    return found


def _places(path: Path, header: list[str], columns: ColumnMap) -> dict[str, int] | BadFile:
    wanted = (columns.time_column, columns.angle_column, columns.torque_column)
    for name in wanted:
        if name not in header:
            mend = f"the map wants it; the file has {', '.join(header[:20])}"
            return BadFile(file=str(path), row=1, column=name, problem="missing column", mend=mend)
    return {name: header.index(name) for name in wanted}


def _sampled(
    path: Path, rows: Iterator[list[str]], places: dict[str, int], columns: ColumnMap
) -> list[Sample] | BadFile:
    found: list[Sample] = []
    smooth = Smoothing(columns.low_pass_hz)
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        values = _values(path, number, row, places)
        if isinstance(values, BadFile):
            return values
        mono_ms = round(values[columns.time_column] * columns.time_scale_ms)
        if mono_ms < 0 or (found and mono_ms <= found[-1].mono_ms):
            return BadFile(
                file=str(path),
                row=number,
                column=columns.time_column,
                problem="the clock does not rise",
                mend="sort the rows by time and remove repeated ones",
            )
        deg = columns.deg(values[columns.angle_column])
        torque_nm = values[columns.torque_column] * columns.torque_scale
        speed = smooth.speed_deg_s(mono_ms, deg)
        found.append(Sample(mono_ms=mono_ms, deg=round(deg, 4), deg_s=round(speed, 3), torque_nm=torque_nm))
    return found


def _values(path: Path, number: int, row: list[str], places: dict[str, int]) -> dict[str, float] | BadFile:
    values: dict[str, float] = {}
    for name, place in places.items():
        text = row[place].strip() if place < len(row) else ""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            shown = text[:20] or "nothing"
            mend = "write a finite number with a decimal point, or remove the row"
            return BadFile(
                file=str(path), row=number, column=name, problem=f"{shown} is not a number", mend=mend
            )
        values[name] = value
    return values


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
