"""A person's record for other systems."""

from fastapi import APIRouter, Response

from services.api.deps import PatientId, Sight
from services.api.files import attachment, described
from services.exports.fhir.bundle import MEDIA_TYPE, bundle, written
from services.exports.fhir.facts import facts_of

router = APIRouter(prefix="/v1", tags=["exports"])
BUNDLE = described(MEDIA_TYPE, "a FHIR R4 Bundle of type `collection`")


@router.get("/patients/{patient_id}/fhir", response_class=Response, responses=BUNDLE)
def export_fhir(patient_id: PatientId, sight: Sight) -> Response:
    """Write a person's record as a FHIR R4 Bundle; docs/fhir.md names our codes."""
    facts = facts_of(sight.connection, sight.patient(patient_id), sight.now_ms)
    return attachment(written(bundle(facts)), "record.fhir.json", MEDIA_TYPE)
