"""Patients: list, page, balance, progress, what comes next."""

from dataclasses import replace

from fastapi import APIRouter

from services.api import cursors
from services.api.deps import PAGE_USUAL, Cursor, KindFilter, Limit, PatientId, Search, SideFilter, Sight
from services.api.schemas import Balance, Page, Patient, PatientRow, Progress
from services.api.schemas.outlook import Outlook
from services.insights import balance, endurance, patients, progress
from services.office import outlook
from services.store import waiting
from services.store.reading import patients as store
from services.store.reading import progress as history
from services.store.reading.keyset import Label

router = APIRouter(prefix="/v1/patients", tags=["patients"])


@router.get("", response_model=Page[PatientRow])
def list_patients(
    sight: Sight, search: Search = "", limit: Limit = PAGE_USUAL, cursor: Cursor = None
) -> dict[str, object]:
    """List patients by name, with who needs somebody and why."""
    after = cursors.decode(cursor, Label)
    found = store.page(sight.connection, sight.origin, search, after, limit + 1, sight.actor.scope)
    shown, following = cursors.split(found, limit, lambda row: Label(name=row.name, id=row.id))
    rows = store.lines(sight.connection, shown)
    return {"items": patients.listing(rows, sight.now_ms), "next": following}


@router.get("/{patient_id}", response_model=Patient)
def read_patient(patient_id: PatientId, sight: Sight) -> patients.Patient:
    """Show the head of a patient's page with stations, limits and doses."""
    person = sight.patient(patient_id)
    rows = store.lines(sight.connection, [person])
    stations = store.stations(sight.connection, patient_id)
    proposed = waiting.kinds(sight.connection, patient_id, sight.now_ms)
    head = patients.page(person, rows, stations, sight.now_ms)
    return replace(head, proposed_kinds=tuple(proposed), zone=person.zone)


@router.get("/{patient_id}/balance", response_model=Balance)
def read_balance(patient_id: PatientId, sight: Sight) -> balance.Balance:
    """Show signed differences with their error, ratios against the own past, and the sets of late."""
    sight.patient(patient_id)
    summaries = history.summaries(sight.connection, patient_id)
    return replace(balance.picture(summaries), trained=balance.trained(summaries, sight.now_ms))


@router.get("/{patient_id}/progress", response_model=Progress)
def read_progress(
    patient_id: PatientId, sight: Sight, kind: KindFilter = None, side: SideFilter = None
) -> progress.Progress:
    """Show load, amplitude, capacity and endurance over sessions, pain, readiness, and visits kept."""
    person = sight.patient(patient_id)
    summaries = history.summaries(sight.connection, patient_id, kind, side)
    visits = history.visits(sight.connection, patient_id)
    lasting = endurance.endurances(history.slopes(sight.connection, patient_id, kind, side))
    signed = store.signed_limits(sight.connection, [person.id])
    found = progress.picture(summaries, visits, signed, lasting)
    return replace(found, readiness=progress.readiness(history.readiness(sight.connection, patient_id)))


@router.get("/{patient_id}/outlook", response_model=Outlook)
def read_outlook(patient_id: PatientId, sight: Sight) -> outlook.Outlook:
    """Show what comes next: the visit that is booked, the morning's question, what must be checked first."""
    return outlook.of(sight.connection, sight.patient(patient_id), sight.origin, sight.now_ms)
