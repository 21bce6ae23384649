"""The one-page report for the patient."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.api.deps import PatientId, Sight, UnitChoice
from services.api.files import attachment, described
from services.api.problems import Refused
from services.report.make import report
from services.report.page import MEDIA_TYPE, MISSING, is_possible
from services.report.words import Language

router = APIRouter(prefix="/v1", tags=["exports"])
PAGE = described(MEDIA_TYPE, "one page, A4")
LanguageChoice = Annotated[Language | None, Query(description="else that of the patient")]


@router.get("/patients/{patient_id}/report.pdf", response_class=Response, responses=PAGE)
def export_report(
    patient_id: PatientId, sight: Sight, language: LanguageChoice = None, unit: UnitChoice = "kg"
) -> Response:
    """Print balance, progress, pain, what was changed and why, and what comes next, on one page."""
    if not is_possible():
        raise Refused(HTTPStatus.NOT_IMPLEMENTED, MISSING)
    made = report(sight.connection, sight.patient(patient_id), sight.now_ms, language, unit)
    return attachment(made.content, "report.pdf", MEDIA_TYPE, made.zone)
