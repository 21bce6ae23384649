"""Weight, amplitude and work of a set in the units that people read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.insights.units import clinical_deg, deg, kg, seconds
from services.store.reading.keyset import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """A dose in kg, deg and s; `rest_s` None and an empty tempo when they were not kept."""

    load_kg: float
    start_deg: float
    end_deg: float
    clinical_start_deg: float
    clinical_end_deg: float
    reps: int
    work_s: float
    tempo_s: tuple[float, ...]
    rest_s: float | None


def of_setting(setting: Record, kind: str | None) -> Dose:
    """Read the dose that a setting led to: as applied where that is known, else as sent."""
    return _of(setting, kind, *_in_force(setting))


def load_and_angles(setting: Record, kind: str | None) -> dict[str, float]:
    """Read only `load_kg` and the four angles of the dose that a setting led to."""
    load_g, start_cdeg, end_cdeg = _in_force(setting)
    return {"load_kg": kg(load_g), **_angles(kind, start_cdeg, end_cdeg)}


def as_sent(setting: Record, kind: str | None) -> Dose:
    """Read the dose of a stored setting as it was sent, whatever the machine made of it."""
    return _of(setting, kind, setting.load_g, setting.start_cdeg, setting.end_cdeg)


def of_previous(previous: Mapping[str, Any], kind: str | None) -> Dose:
    """Read the dose that was in force before a decision."""
    return Dose(
        load_kg=kg(previous["load_g"]),
        **_angles(kind, previous["start_cdeg"], previous["end_cdeg"]),
        reps=previous["reps"],
        work_s=seconds(previous["work_ms"]),
        tempo_s=(),
        rest_s=None,
    )


def _in_force(setting: Record) -> tuple[int, int, int]:
    if setting.applied_load_g is None:
        return setting.load_g, setting.start_cdeg, setting.end_cdeg
    return setting.applied_load_g, setting.applied_start_cdeg, setting.applied_end_cdeg


def _of(setting: Record, kind: str | None, load_g: int, start_cdeg: int, end_cdeg: int) -> Dose:
    return Dose(
        load_kg=kg(load_g),
        **_angles(kind, start_cdeg, end_cdeg),
        reps=setting.reps,
        work_s=seconds(setting.work_ms),
        tempo_s=tuple(seconds(part) for part in setting.tempo_ms),
        rest_s=seconds(setting.rest_ms),
    )


def _angles(kind: str | None, start_cdeg: int, end_cdeg: int) -> dict[str, float]:
    return {
        "start_deg": deg(start_cdeg),
        "end_deg": deg(end_cdeg),
        "clinical_start_deg": clinical_deg(kind, deg(start_cdeg)),
        "clinical_end_deg": clinical_deg(kind, deg(end_cdeg)),
    }
