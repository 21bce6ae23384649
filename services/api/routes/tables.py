"""Lists of the screens as tables: the rows of the JSON of the same name, all pages in one file."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from services.api.deps import (
    Adjusted,
    KindFilter,
    PatientId,
    Search,
    SessionId,
    SideFilter,
    Sight,
    UnitChoice,
    View,
)
from services.api.files import TABLE, table
from services.api.schemas.inbox import AlertFilters
from services.exports.csv import lists
from services.exports.csv.lists import Filters, Whose
from services.insights.reasons import Light
from services.store.reading import operations, places
from services.store.reading.inbox import Wanted

router = APIRouter(prefix="/v1", tags=["exports"])
LightFilter = Annotated[Light | None, Query(description="only people with this light")]


@router.get("/patients.csv", response_class=Response, responses=TABLE)
def export_patients(sight: Sight, search: Search = "", light: LightFilter = None) -> Response:
    """Write the list of patients, by name, with who needs somebody and why."""
    filters = Filters(search=search, light=light)
    whose = _whose(sight)
    return table(lists.people(sight.connection, whose, filters), "patients", whose.zone)


@router.get("/alerts.csv", response_class=Response, responses=TABLE)
def export_alerts(sight: Sight, which: Annotated[AlertFilters, Query()]) -> Response:
    """Write all alerts that fit, held back or not, the newest group first."""
    wanted = Wanted(**which.model_dump())
    whose = _whose(sight)
    return table(lists.of_alerts(sight.connection, whose, wanted), "alerts", whose.zone)


@router.get("/patients/{patient_id}/sessions.csv", response_class=Response, responses=TABLE)
def export_sessions(patient_id: PatientId, sight: Sight) -> Response:
    """Write the sessions of a patient, newest first."""
    zone = _zone(sight, patient_id)
    return table(lists.of_sessions(sight.connection, patient_id, zone), "sessions", zone)


@router.get("/patients/{patient_id}/adjustments.csv", response_class=Response, responses=TABLE)
def export_adjustments(
    patient_id: PatientId, sight: Sight, which: Adjusted, unit: UnitChoice = "kg"
) -> Response:
    """Write what the model decided for a patient, newest first, with every reason."""
    zone = _zone(sight, patient_id)
    return table(lists.of_adjustments(sight.connection, patient_id, which, zone, unit), "adjustments", zone)


@router.get("/patients/{patient_id}/progress.csv", response_class=Response, responses=TABLE)
def export_progress(
    patient_id: PatientId, sight: Sight, kind: KindFilter = None, side: SideFilter = None
) -> Response:
    """Write load, amplitude and capacity of each session and side, oldest first."""
    person, zone = sight.patient(patient_id), _zone(sight, patient_id)
    filters = Filters(kind=kind, side=side)
    return table(lists.of_progress(sight.connection, person, filters, zone), "progress", zone)


@router.get("/patients/{patient_id}/pain.csv", response_class=Response, responses=TABLE)
def export_pain(
    patient_id: PatientId, sight: Sight, kind: KindFilter = None, side: SideFilter = None
) -> Response:
    """Write the answers about pain that progress shows, oldest first."""
    person, zone = sight.patient(patient_id), _zone(sight, patient_id)
    filters = Filters(kind=kind, side=side)
    return table(lists.of_pain(sight.connection, person, filters, zone), "pain", zone)


@router.get("/patients/{patient_id}/balance.csv", response_class=Response, responses=TABLE)
def export_balance(patient_id: PatientId, sight: Sight) -> Response:
    """Write signed differences with their error, one line a pair."""
    zone = _zone(sight, patient_id)
    return table(lists.of_balance(sight.connection, patient_id, zone), "balance", zone)


@router.get("/sessions/{session_id}/reps.csv", response_class=Response, responses=TABLE)
def export_reps(session_id: SessionId, sight: Sight) -> Response:
    """Write the reps of one session, in order."""
    session = sight.session(session_id)
    zone = _zone(sight, session.patient_id)
    return table(lists.of_reps(sight.connection, session, zone), "reps", zone)


def _whose(sight: View) -> Whose:
    """Say which people a list may show."""
    return Whose(origin=sight.origin, now_ms=sight.now_ms, zone=_zone(sight, None), scope=sight.actor.scope)


def _zone(sight: View, patient_id: str | None) -> ZoneInfo:
    """Find the zone of the site of a patient; of the studio where nobody is known."""
    if patient_id is None:
        return ZoneInfo(operations.studio_zone(sight.connection) or "UTC")
    return ZoneInfo(places.site_of(sight.connection, patient_id).time_zone)
