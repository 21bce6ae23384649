"""Where a person stands in the therapy, from the studio's records. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contract.messages import Side
from ml.request import Course
from services.coaching.case import NO_SYMPTOMS, UNWELL

SPASM_DAYS = 90  # clinical page: two within so many days are reviewed


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Rows of many people: first visits and spasms, signings of a phase, strength tests; oldest first."""

    turning_points: Sequence[Any] = ()
    signings: Sequence[Any] = ()
    tests: Sequence[Any] = ()


def course(records: Records, patient: str, kind: str, visits: Sequence[Any], visit_id: str) -> Course:
    """Put together what holds for every side of a kind of machine; `visits` newest first, without today's."""
    points = [row for row in records.turning_points if row.patient_id == patient]
    signed = [row for row in records.signings if (row.patient_id, row.kind) == (patient, kind)]
    return Course(
        started_ms=next((row.started_ms for row in points if row.number == 1), None),
        phase_since_ms=phase_since_ms(signed),
        spasms_ms=tuple(row.started_ms for row in points if row.spasm and row.id != visit_id),
        symptoms=_symptoms(visits, signed[-1].signed_ms if signed else 0),
    )


def tested_ms(records: Records, patient: str, kind: str, side: Side) -> tuple[int, ...]:
    """List when a side was tested for strength."""
    mine = (patient, kind, side)
    return tuple(row.opened_ms for row in records.tests if (row.patient_id, row.kind, row.side) == mine)


def phase_since_ms(signed: Sequence[Any]) -> int | None:
    """Return when the phase that holds was first signed; signing the same phase again changes nothing."""
    since: int | None = None
    for row in reversed(signed):
        if row.phase != signed[-1].phase:
            break
        since = row.signed_ms
    return since


def _symptoms(visits: Sequence[Any], signed_ms: int) -> str:
    """Return the newest symptom that no clinician has cleared: limits signed after it clear it."""
    return next(
        (
            visit.new_symptoms
            for visit in visits
            if visit.new_symptoms not in (NO_SYMPTOMS, UNWELL) and visit.started_ms > signed_ms
        ),
        NO_SYMPTOMS,
    )
