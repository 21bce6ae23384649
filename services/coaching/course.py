"""Where a person stands in the therapy, from the studio's records. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contract.messages import Side
from ml.request import Course
from services.coaching.case import NO_SYMPTOMS

UNNAMED = "unnamed"  # a symptom that came as a number
SPASM_DAYS = 90  # clinical page: two within so many days are reviewed


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Rows of many people: first visits and spasms, symptoms told, signings, strength tests; oldest first."""

    turning_points: Sequence[Any] = ()
    symptoms: Sequence[Any] = ()
    signings: Sequence[Any] = ()
    tests: Sequence[Any] = ()


def course(records: Records, patient: str, kind: str, visit_id: str, *, cleared_ms: int = 0) -> Course:
    """Put together what holds for every side of a kind of machine; today's visit is not in it.

    `cleared_ms`: until when a clinician has cleared what was told.
    """
    points = [row for row in records.turning_points if row.patient_id == patient]
    told = [row for row in records.symptoms if row.patient_id == patient and row.visit_id != visit_id]
    signed = [row for row in records.signings if (row.patient_id, row.kind) == (patient, kind)]
    return Course(
        started_ms=next((row.started_ms for row in points if row.number == 1), None),
        phase_since_ms=phase_since_ms(signed),
        spasms_ms=tuple(row.started_ms for row in points if row.spasm and row.id != visit_id),
        symptoms=_symptoms(told, max(signed[-1].signed_ms if signed else 0, cleared_ms)),
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


def _symptoms(told: Sequence[Any], cleared_ms: int) -> str:
    """Return the newest symptom that nobody has cleared: so do also limits signed after it was told."""
    if not told or told[-1].wall_ms <= cleared_ms:
        return NO_SYMPTOMS
    return str(told[-1].word or UNNAMED)
