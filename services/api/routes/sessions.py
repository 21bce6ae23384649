"""Sessions: list and contents."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.api import cursors
from services.api.deps import PAGE_USUAL, Cursor, Limit, PatientId, SessionId, Sight
from services.api.schemas import Page, Session, SessionRow
from services.insights import sessions
from services.store.reading import sessions as store
from services.store.reading.keyset import Moment

router = APIRouter(prefix="/v1", tags=["sessions"])
Curves = Annotated[bool, Query(description="with the torque curve of each rep")]


@router.get("/patients/{patient_id}/sessions", response_model=Page[SessionRow])
def list_sessions(
    patient_id: PatientId, sight: Sight, limit: Limit = PAGE_USUAL, cursor: Cursor = None
) -> dict[str, object]:
    """List the sessions of a patient, newest first."""
    sight.patient(patient_id)
    before = cursors.decode(cursor, Moment)
    found = store.page(sight.connection, patient_id, before, limit + 1)
    shown, following = cursors.split(found, limit, lambda row: Moment(at_ms=row.opened_ms, id=row.id))
    return {"items": sessions.listing(shown), "next": following}


@router.get("/sessions/{session_id}", response_model=Session)
def read_session(session_id: SessionId, sight: Sight, *, curves: Curves = False) -> sessions.Session:
    """Show one session with every set, rep and answer."""
    head = sight.session(session_id)
    return sessions.page(head, store.contents(sight.connection, session_id, curves=curves))
