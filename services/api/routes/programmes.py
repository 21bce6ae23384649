"""Programmes, phases, countersigned capacity, and the history of limits."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path

from services.api.answering import act, done
from services.api.deps import Doing, PatientId, Sight
from services.api.schemas import Page
from services.api.schemas import programmes as bodies
from services.insights import limits_history
from services.office import capacities, phases, programmes
from services.store import limits as versions

router = APIRouter(prefix="/v1/patients/{patient_id}", tags=["programmes"])
Kind = Annotated[str, Path(pattern="^[a-z_]{1,64}$")]
G = 1_000  # grams in a kilogram


@router.get("/programmes", response_model=Page[bodies.Programme])
def list_programmes(patient_id: PatientId, sight: Sight) -> dict[str, object]:
    """List programmes, newest first, with goals and how far they are."""
    return {"items": programmes.of(sight.connection, sight.patient(patient_id), sight.now_ms)}


@router.post("/programmes", status_code=HTTPStatus.NO_CONTENT)
def start_programme(patient_id: PatientId, doing: Doing, body: bodies.NewProgramme) -> None:
    """Start a programme; the one that runs is replaced by it."""
    new = programmes.NewProgramme(
        starts_day=body.starts_day,
        weeks=body.weeks,
        visits_a_week=body.visits_a_week,
        stations={phase: tuple(kinds) for phase, kinds in body.stations.items()},
        goals=tuple(programmes.Goal(**one.model_dump()) for one in body.goals),
    )
    done(programmes.start(doing.connection, patient_id, new, act(doing)))


@router.post("/programmes/end", status_code=HTTPStatus.NO_CONTENT)
def end_programme(patient_id: PatientId, doing: Doing, body: bodies.EndProgramme) -> None:
    """End the programme that runs."""
    done(programmes.end(doing.connection, patient_id, body.why, act(doing)))


@router.get("/phase", response_model=bodies.Phases)
def read_phase(patient_id: PatientId, sight: Sight) -> phases.Phases:
    """Show the phase of every station, what it takes to leave it, and the changes."""
    return phases.of(sight.connection, sight.patient(patient_id), sight.now_ms)


@router.put("/phase")
def change_phase(patient_id: PatientId, doing: Doing, body: bodies.NewPhase) -> bodies.ChangedPhase:
    """Sign another phase; the limits of each machine kind are signed apart, in the prescribing process."""
    changed = phases.change(
        doing.connection, patient_id, body.phase, body.reason, act(doing), despite=body.despite
    )
    return bodies.ChangedPhase.model_validate(done(changed))


@router.get("/capacity", response_model=Page[bodies.CapacityRow])
def list_capacity(patient_id: PatientId, sight: Sight) -> dict[str, object]:
    """Show what the belief proposes on each machine kind, what is signed, and the caps of the phases."""
    return {"items": capacities.of(sight.connection, sight.patient(patient_id), sight.now_ms)}


@router.post("/capacity", status_code=HTTPStatus.NO_CONTENT)
def countersign_capacity(patient_id: PatientId, doing: Doing, body: bodies.NewCapacity) -> None:
    """Countersign a capacity: limits that are signed from now on keep inside its share of their phase."""
    capacity_g = round(body.capacity_kg * G)
    done(capacities.countersign(doing.connection, patient_id, body.kind, capacity_g, body.reason, act(doing)))


@router.get("/limits/{kind}/versions", response_model=Page[bodies.LimitsVersion])
def list_limit_versions(patient_id: PatientId, kind: Kind, sight: Sight) -> dict[str, object]:
    """List every version of the limits, newest first, with what each changed."""
    sight.patient(patient_id)
    rows = versions.versions(sight.connection, patient_id, kind)
    return {"items": limits_history.versions(rows)}
