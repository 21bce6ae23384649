"""What blocks a kind of machine, not a person: osteoporosis and blood pressure (page 8)."""

from dataclasses import replace
from typing import Final, Literal

from contract.machines import MachineKind
from ml.request import Person

Pressure = Literal["unknown", "fine", "high", "stop"]

PRESSURE_STOP_MMHG, PRESSURE_HIGH_MMHG = (180, 110), (160, 100)  # systolic, diastolic (page 8)
BLOCKED_OSTEOPOROSIS = frozenset(("lumbar_flexion",))
# Travel that osteoporosis leaves (hundredths of a degree): rotation +-15, lateral +-10, extension from <= 36.
WINDOWS_OSTEOPOROSIS: Final[dict[str, tuple[int, int]]] = {
    "trunk_rotation": (-1_500, 1_500),
    "lateral_flexion": (-1_000, 1_000),
    "lumbar_extension": (3_600, 7_200),  # travel 36 is 36 deg of flexion on this kind: never bent further
}


def is_blocked(person: Person, kind: MachineKind) -> bool:
    """Tell whether this kind of machine may not load this person."""
    return person.osteoporosis and kind.name in BLOCKED_OSTEOPOROSIS


def window_cdeg(person: Person, kind: MachineKind) -> tuple[int, int]:
    """Return the travel that this person may use on this kind, whatever is signed."""
    return WINDOWS_OSTEOPOROSIS.get(kind.name, kind.limit_cdeg) if person.osteoporosis else kind.limit_cdeg


def for_person(kind: MachineKind, person: Person) -> MachineKind:
    """Return the kind with its usual ranges inside the person's window; its torque curve stays as it is."""
    low, high = window_cdeg(person, kind)
    if (low, high) == kind.limit_cdeg:
        return kind
    return replace(
        kind,
        default_cdeg=(max(kind.default_cdeg[0], low), min(kind.default_cdeg[1], high)),
        first_visit_cdeg=(max(kind.first_visit_cdeg[0], low), min(kind.first_visit_cdeg[1], high)),
    )


def pressure(person: Person) -> Pressure:
    """Judge the newest blood pressure: at `stop` no session, at `high` no test and effort at most 4."""
    if not person.systolic_mmhg or not person.diastolic_mmhg:
        return "unknown"
    systolic, diastolic = person.systolic_mmhg, person.diastolic_mmhg
    if systolic >= PRESSURE_STOP_MMHG[0] or diastolic >= PRESSURE_STOP_MMHG[1]:
        return "stop"
    is_high = systolic >= PRESSURE_HIGH_MMHG[0] or diastolic >= PRESSURE_HIGH_MMHG[1]
    return "high" if is_high else "fine"
