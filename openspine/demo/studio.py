"""The demo studio as values, read from `studio.toml`."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from contract.messages import Phase, Profile

BADGE_PREFIX = "demo-"  # a demo badge is the prefix and the patient's code
DEMO_PIN = "123456"  # of every demo patient; opens nothing but invented people


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPatient:
    """An invented patient; `seed` fixes the emulated body."""

    code: str
    name: str
    language: str
    sex: Literal["female", "male"]
    birth_year: int
    mass_kg: float
    height_m: float
    profile: Profile
    baseline_nrs: int
    phase: Phase
    stations: tuple[str, ...]
    seed: int

    @property
    def badge(self) -> str:
        """What the patient holds against the reader."""
        return BADGE_PREFIX + self.code.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoKiosk:
    """The machine with a patient's screen, and the codes of who comes to it."""

    machine: str
    kind: str
    patients: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStudio:
    """Machines (id -> kind), patients and the course that lies behind them."""

    name: str
    zone: str
    prescriber: str
    weeks: int
    visits_per_week: int
    machines: dict[str, str]
    kiosk: DemoKiosk
    patients: tuple[DemoPatient, ...]

    @property
    def at_kiosk(self) -> tuple[DemoPatient, ...]:
        """Who comes to the kiosk; the others train by themselves."""
        return tuple(one for one in self.patients if one.code in self.kiosk.patients)


def read_studio() -> DemoStudio:
    """Read the studio that ships with the project."""
    table = tomllib.loads(files("openspine.demo").joinpath("studio.toml").read_text(encoding="utf-8"))
    patients = tuple(
        DemoPatient(**{**row, "stations": tuple(row["stations"])}) for row in table.pop("patients")
    )
    kiosk = table.pop("kiosk")
    return DemoStudio(
        patients=patients,
        kiosk=DemoKiosk(**{**kiosk, "patients": tuple(kiosk["patients"])}),
        **table,
    )
