"""The machine catalogue, read from `machines.toml`."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from contract.messages.vocabulary import Side

GRAVITY_M_S2 = 9.81
LOAD_STEP_G = 100  # 0.1 kg: a motor has no plates; with 0.5 kg the frail would be held for ever
CDEG = 100  # hundredths of a degree in a degree
G = 1_000  # grams in a kilogram


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineKind:
    """One kind of machine: its sides, ranges (deg of travel), largest load, lever and torque curve."""

    name: str
    region: str
    muscles: tuple[str, ...]
    sides: tuple[Side, ...]
    default_cdeg: tuple[int, int]
    limit_cdeg: tuple[int, int]
    first_visit_cdeg: tuple[int, int]
    max_load_g: int
    range_step_cdeg: int
    max_speed_cdeg_s: int
    lever_m: float
    torque_women_nm: float
    torque_men_nm: float
    curve: tuple[float, ...]
    screen_zero_deg: float
    screen_sign: int

    @property
    def is_paired(self) -> bool:
        """Tell whether left and right are trained one after the other."""
        return self.sides != ("both",)

    def torque_nm(self, load_kg: float) -> float:
        """Turn kilograms into newton metres at the axis."""
        return load_kg * GRAVITY_M_S2 * self.lever_m

    def load_kg(self, torque_nm: float) -> float:
        """Turn newton metres at the axis into kilograms."""
        return torque_nm / (GRAVITY_M_S2 * self.lever_m)

    def clinical_deg(self, travel_deg: float) -> float:
        """Turn travel into the angle that clinicians read (extension: 0 extended, 72 flexed)."""
        return self.screen_zero_deg + self.screen_sign * travel_deg

    def relative_torque(self, travel_deg: float) -> float:
        """Interpolate the torque curve (1 = strongest angle); flat outside the machine's range."""
        low, high = (limit / CDEG for limit in self.limit_cdeg)
        place = (min(max(travel_deg, low), high) - low) / (high - low) * (len(self.curve) - 1)
        index = min(int(place), len(self.curve) - 2)
        return self.curve[index] + (place - index) * (self.curve[index + 1] - self.curve[index])


@cache
def catalogue() -> dict[str, MachineKind]:
    """Read every kind of machine, by name."""
    table = tomllib.loads(files("contract").joinpath("machines.toml").read_text(encoding="utf-8"))
    return {name: _kind(name, row) for name, row in table.items()}


def _kind(name: str, row: dict[str, Any]) -> MachineKind:
    screen = row.get("screen", {"zero_deg": 0, "sign": 1})
    women_nm, men_nm = row["torque_nm"]
    return MachineKind(
        name=name,
        region=row["region"],
        muscles=tuple(row["muscles"]),
        sides=tuple(row["sides"]),
        default_cdeg=_cdeg(row["range_deg"]),
        limit_cdeg=_cdeg(row["limit_deg"]),
        first_visit_cdeg=_cdeg(row["first_visit_deg"]),
        max_load_g=row["max_load_kg"] * G,
        range_step_cdeg=row["range_step_deg"] * CDEG,
        max_speed_cdeg_s=row["max_speed_deg_s"] * CDEG,
        lever_m=row["lever_m"],
        torque_women_nm=women_nm,
        torque_men_nm=men_nm,
        curve=tuple(row["curve"]),
        screen_zero_deg=screen["zero_deg"],
        screen_sign=screen["sign"],
    )


def _cdeg(range_deg: Sequence[int]) -> tuple[int, int]:
    low, high = range_deg
    return low * CDEG, high * CDEG
