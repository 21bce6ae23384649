"""Column maps of foreign recordings: which column is what; shipped ones by name, others by path."""

import math
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from contract.machines import catalogue
from contract.topics import is_machine_id


@dataclass(frozen=True, slots=True, kw_only=True)
class BadFile:
    """What is wrong with a file, where (row 1 of a CSV = its header), and how to mend it."""

    file: str
    problem: str
    mend: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """Say it in one line."""
        row = f", row {self.row}" if self.row is not None else ""
        column = f", column {self.column}" if self.column is not None else ""
        return f"{self.file}{row}{column}: {self.problem}; {self.mend}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """How to read a table: columns, scales, two known positions with their angles, the speed's low-pass.

    Between and beyond the two positions angles are linear; `is_clipped` keeps them within.
    """

    machine: str
    machine_kind: str
    source: str
    time_column: str
    time_scale_ms: float
    angle_column: str
    angle_from: tuple[float, float]
    angle_to_deg: tuple[float, float]
    torque_column: str
    torque_scale: float
    low_pass_hz: float
    is_clipped: bool = True
    delimiter: str = ","  # of a CSV, and ...
    decimal: str = "."  # ... what stands before its decimals

    @property
    def names(self) -> tuple[str, str, str]:
        """The wanted columns: time, angle, torque."""
        return self.time_column, self.angle_column, self.torque_column

    def deg(self, position: float) -> float:
        """Turn a position of the file into degrees of travel."""
        low, high = self.angle_from
        share = (position - low) / (high - low)
        if self.is_clipped:
            share = min(max(share, 0.0), 1.0)
        return self.angle_to_deg[0] + share * (self.angle_to_deg[1] - self.angle_to_deg[0])

    def number(self, value: object) -> float:
        """Read a value of the file; what is no number becomes NaN."""
        if isinstance(value, int | float):
            return float(value)
        text = str(value).strip() if value is not None else ""
        if self.decimal != ".":
            text = "" if "." in text else text.replace(self.decimal, ".")
        try:
            return float(text)
        except ValueError:
            return math.nan


def shipped() -> list[str]:
    """Name the maps that ship with the project."""
    folder = files("emulator.recordings").joinpath("maps")
    return sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))


def read_map(name_or_path: str) -> ColumnMap | BadFile:
    """Find a map by its shipped name or its path, and read it."""
    if name_or_path in shipped():
        text = (
            files("emulator.recordings").joinpath("maps", f"{name_or_path}.toml").read_text(encoding="utf-8")
        )
        return _parsed(name_or_path, text)
    path = Path(name_or_path)
    if not path.is_file():
        return BadFile(
            file=name_or_path,
            problem="no such column map",
            mend=f"use one of {', '.join(shipped())}, or the path of a TOML file",
        )
    return _parsed(str(path), path.read_text(encoding="utf-8", errors="replace"))


def _parsed(name: str, text: str) -> ColumnMap | BadFile:
    try:
        found = _mapped(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        mend = "compare it with the shipped map motor-leg-press"
        return BadFile(file=name, problem=f"not a column map ({error!r})", mend=mend)
    if found.machine_kind not in catalogue():
        mend = f"use one of {', '.join(catalogue())}"
        return BadFile(file=name, problem=f"unknown machine kind {found.machine_kind}", mend=mend)
    return found


def _mapped(table: dict[str, Any]) -> ColumnMap:
    first, second = (float(value) for value in table["angle"]["from"])
    low, high = (float(value) for value in table["angle"]["to"])
    form = table.get("csv", {})
    if first == second:
        raise ValueError("angle.from needs two different positions")
    if float(table["speed"]["low_pass_hz"]) <= 0:
        raise ValueError("speed.low_pass_hz is above 0")
    if not is_machine_id(str(table["machine"])):
        raise ValueError("machine is 3 to 32 of a-z, 0-9 and -")
    return ColumnMap(
        machine=str(table["machine"]),
        machine_kind=str(table["machine_kind"]),
        source=str(table["source"]),
        time_column=str(table["time"]["column"]),
        time_scale_ms=float(table["time"]["scale_ms"]),
        angle_column=str(table["angle"]["column"]),
        angle_from=(first, second),
        angle_to_deg=(low, high),
        torque_column=str(table["torque"]["column"]),
        torque_scale=float(table["torque"]["scale"]),
        low_pass_hz=float(table["speed"]["low_pass_hz"]),
        is_clipped=bool(table["angle"].get("clip", True)),
        delimiter=_character(form.get("delimiter", ",")),
        decimal=_character(form.get("decimal", ".")),
    )


def _character(text: str) -> str:
    if len(text) != 1:
        raise ValueError("csv.delimiter and csv.decimal are one character each")
    return text
