"""Settings that wait for staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ml.explain.sentences import Unit
from services.insights import dose, reasons
from services.insights.floor import Person
from services.insights.reasons import Reason
from services.insights.units import at


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A setting of the model that staff may confirm, and why it came to be."""

    id: str
    machine: str
    machine_name: str
    kind: str
    patient: Person
    set: int
    side: str
    load_kg: float
    start_deg: float
    end_deg: float
    clinical_start_deg: float
    clinical_end_deg: float
    reps: int
    work_s: float
    why: tuple[Reason, ...]
    decided_at: datetime


def proposal(row: Any, unit: Unit = "kg") -> Proposal:
    """Show one, weights of its reasons in the reader's unit."""
    wanted = dose.as_sent(row, row.kind)
    return Proposal(
        id=row.id,
        machine=row.machine,
        machine_name=row.machine_name,
        kind=row.kind,
        patient=Person(id=row.patient_id, name=row.name),
        set=row.set_number,
        side=row.side,
        load_kg=wanted.load_kg,
        start_deg=wanted.start_deg,
        end_deg=wanted.end_deg,
        clinical_start_deg=wanted.clinical_start_deg,
        clinical_end_deg=wanted.clinical_end_deg,
        reps=wanted.reps,
        work_s=wanted.work_s,
        why=reasons.of_sent(row, row.why, unit),
        decided_at=at(row.decided_ms),
    )
