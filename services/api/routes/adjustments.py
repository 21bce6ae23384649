"""Adjustments and the logged question and answer behind each."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response

from services.api import cursors
from services.api.deps import (
    PAGE_USUAL,
    Adjusted,
    Cursor,
    DecisionId,
    Limit,
    PatientId,
    Sight,
    UnitChoice,
)
from services.api.problems import Refused, not_found
from services.api.schemas import Adjustment, Explanation, Page, Problem
from services.insights import adjustments, explanation
from services.store.reading import adjustments as store
from services.store.reading import settings
from services.store.reading.keyset import Moment

router = APIRouter(prefix="/v1", tags=["adjustments"])
UNREADABLE = "What was logged of this decision cannot be read any more."
LOGGED: dict[int | str, dict[str, Any]] = {
    410: {"model": Problem, "description": "what was logged cannot be read any more"},
    200: {"description": "the bytes as stored", "content": {"application/json": {}}},
}


@router.get("/patients/{patient_id}/adjustments", response_model=Page[Adjustment])
def list_adjustments(
    patient_id: PatientId,
    sight: Sight,
    which: Adjusted,
    limit: Limit = PAGE_USUAL,
    cursor: Cursor = None,
    unit: UnitChoice = "kg",
) -> dict[str, object]:
    """List what the model decided for a patient, newest first, with every reason."""
    sight.patient(patient_id)
    before = cursors.decode(cursor, Moment)
    found = store.page(sight.connection, patient_id, which, before, limit + 1)
    shown, following = cursors.split(found, limit, lambda row: Moment(at_ms=row.now_ms, id=row.id))
    sent = settings.of_decisions(sight.connection, [row.id for row in shown])
    return {"items": adjustments.listing(shown, sent, unit), "next": following}


@router.get("/adjustments/{decision_id}/explanation", response_model=Explanation)
def read_explanation(
    decision_id: DecisionId, sight: Sight, unit: UnitChoice = "kg"
) -> explanation.Explanation:
    """Explain one decision: the patient's sentence, the exact split, what bound, what spoke against it."""
    found = store.kept(sight.connection, decision_id, sight.origin)
    if found is None:
        raise not_found("decision")
    return explanation.picture(found, _bytes(sight, decision_id, "answer"), unit)


@router.get("/adjustments/{decision_id}/request", response_class=Response, responses=LOGGED)
def read_request(decision_id: DecisionId, sight: Sight) -> Response:
    """Give the question as it was put to the model: the input of `decide`."""
    return _logged(sight, decision_id, "request")


@router.get("/adjustments/{decision_id}/decision", response_class=Response, responses=LOGGED)
def read_decision(decision_id: DecisionId, sight: Sight) -> Response:
    """Give the answer as the model gave it: the output of `decide`."""
    return _logged(sight, decision_id, "answer")


def _logged(sight: Sight, decision_id: str, part: store.Part) -> Response:
    found = _bytes(sight, decision_id, part)
    if not found:
        raise Refused(HTTPStatus.GONE, UNREADABLE)
    return Response(found, media_type="application/json")


def _bytes(sight: Sight, decision_id: str, part: store.Part) -> bytes:
    found = store.logged(sight.connection, decision_id, sight.origin, part)
    if found is None:
        raise not_found("decision")
    return found
