"""A person's data as a whole: handed out, and erased."""

from http import HTTPStatus

from fastapi import APIRouter

from services.api.admission import Admitted
from services.api.context import Here
from services.api.deps import PatientId, Sight
from services.api.problems import Refused, not_found
from services.api.schemas.privacy import Erasure, Everything, NewErasure
from services.privacy.erasure import ErasureRefusedError, Order, erase
from services.privacy.portrait import portrait
from services.store import audit
from services.store.engine import writing

router = APIRouter(prefix="/v1/patients/{patient_id}", tags=["privacy"])


@router.get("/everything")
def read_everything(patient_id: PatientId, sight: Sight, here: Here) -> Everything:
    """Hand out everything that the store holds of a person."""
    try:
        tables = portrait(sight.connection, patient_id)
    except LookupError:
        raise not_found("patient") from None
    entry = audit.Entry(
        at_ms=sight.now_ms,
        actor=sight.actor.id,
        action="patient.export",
        thing="patient",
        thing_id=patient_id,
        detail={"format": "json"},
    )
    with writing(here.engine) as connection:
        audit.record(connection, entry)
    return Everything(patient=patient_id, tables=tables)


@router.post("/erasure")
def erase_patient(patient_id: PatientId, body: NewErasure, here: Here, who: Admitted) -> Erasure:
    """Erase a person and every row about them; figures of sets stay with nobody where that was agreed to."""
    order = Order(
        patient_id=patient_id,
        actor=who.id,
        at_ms=here.now_ms(),
        reason=body.reason,
        keep_measured=body.keep_measured,
    )
    try:
        done = erase(here.engine, order)
    except LookupError:
        raise not_found("patient") from None
    except ErasureRefusedError as refused:
        raise Refused(HTTPStatus.CONFLICT, str(refused)) from None
    return Erasure(
        patient=patient_id, rows=done.rows, messages=done.messages, sessions_kept=done.sessions_kept
    )
