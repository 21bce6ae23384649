"""Settings that wait for staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.insights.floor import Person
from services.insights.units import at


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A setting of the model that staff may confirm."""

    id: str
    machine: str
    kind: str
    patient: Person
    set: int
    side: str
    load_kg: float
    start_deg: float
    end_deg: float
    reps: int
    work_s: float
    decided_at: datetime


def proposal(row: Any) -> Proposal:
    """Show one."""
    return Proposal(
        id=row.id,
        machine=row.machine,
        kind=row.kind,
        patient=Person(id=row.patient_id, name=row.name),
        set=row.set_number,
        side=row.side,
        load_kg=row.load_g / 1_000,
        start_deg=row.start_cdeg / 100,
        end_deg=row.end_cdeg / 100,
        reps=row.reps,
        work_s=row.work_ms / 1_000,
        decided_at=at(row.decided_ms),
    )
