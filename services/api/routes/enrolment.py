"""People join, change, move and go; staff enter what excludes them from machines, clinicians clear it."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Response

from contract.messages.vocabulary import UUID_PATTERN
from services.api.answering import act, done
from services.api.context import Here
from services.api.deps import Doing, PatientId, Sight, SiteId
from services.api.first_answers import SHOWN_ONCE
from services.api.schemas import Problem
from services.api.schemas import enrolment as bodies
from services.api.schemas.shape import Page
from services.api.seen import seen_version
from services.office import conditions, health, joining, patient_file, people
from services.office.exclusions import Entry

router = APIRouter(prefix="/v1", tags=["enrolment"])
ExclusionId = Annotated[str, Path(pattern=UUID_PATTERN)]
SeenFile = Annotated[
    str | None,
    Header(alias="If-Match", max_length=100, description="ETag of the file that was seen; with `set_up`"),
]
ON_TOP: dict[int | str, dict[str, Any]] = {
    412: {"model": Problem, "description": "something else holds by now than what was seen"},
    428: {"model": Problem, "description": "a change of `set_up` must name what was seen"},
}


@router.get("/conditions", response_model=Page[bodies.Condition])
def list_conditions() -> dict[str, object]:
    """List the conditions that are asked for, with the machines that each closes."""
    return {"items": list(conditions.catalogue().values()), "next": None}


@router.post("/sites/{site_id}/patients", status_code=HTTPStatus.CREATED, dependencies=SHOWN_ONCE)
def enrol_patient(
    site_id: SiteId, doing: Doing, here: Here, body: bodies.NewPatient
) -> bodies.EnrolledPatient:
    """Enrol a person; the PIN is in this answer and nowhere else."""
    place = joining.Place(site=site_id, origin=doing.origin, site_key=here.site_key)
    joined = done(joining.join(doing.connection, _person(body), place, act(doing)))
    return bodies.EnrolledPatient.model_validate(joined)


@router.patch("/patients/{patient_id}", status_code=HTTPStatus.NO_CONTENT, responses=ON_TOP)
def change_patient(
    patient_id: PatientId, doing: Doing, body: bodies.PatientChange, seen: SeenFile = None
) -> None:
    """Change what was asked at enrolment; what is left out stays.

    `set_up` is replaced whole, so If-Match names the file that was seen: what a colleague has changed in it
    since is not lost.
    """
    values = body.model_dump(exclude_none=True)
    version = seen_version(seen) if "set_up" in values else ""
    done(people.change(doing.connection, patient_id, values, act(doing), version))


@router.put("/patients/{patient_id}/language", status_code=HTTPStatus.NO_CONTENT)
def set_language(patient_id: PatientId, doing: Doing, body: bodies.ChosenLanguage) -> None:
    """Choose the language of machine screens and of one's own pages."""
    done(people.change(doing.connection, patient_id, {"language": body.language}, act(doing)))


@router.get("/patients/{patient_id}/file", response_model=bodies.PatientFile)
def read_patient_file(patient_id: PatientId, sight: Sight, response: Response) -> patient_file.PatientFile:
    """Show exclusions, blood pressure, consents, badge and PIN (not what they say).

    Its ETag names the `set_up` in it, which a change of that must name; it is weak, as it covers no more.
    """
    found = patient_file.of(sight.connection, sight.patient(patient_id), sight.now_ms)
    response.headers["ETag"] = f'W/"{people.version_of(found.set_up)}"'
    return found


@router.post("/patients/{patient_id}/exclusions", status_code=HTTPStatus.NO_CONTENT)
def exclude_patient(patient_id: PatientId, doing: Doing, body: bodies.NewExclusion) -> None:
    """Enter a condition: its machine kinds are closed; where the person trains on one now, it stops."""
    done(health.exclude(doing.connection, patient_id, _entry(body), act(doing)))


@router.post("/patients/{patient_id}/exclusions/{exclusion_id}/clearance", status_code=HTTPStatus.NO_CONTENT)
def clear_exclusion(
    patient_id: PatientId, exclusion_id: ExclusionId, doing: Doing, body: bodies.Because
) -> None:
    """Clear a condition or a red flag: a clinician has seen the person."""
    done(health.clear(doing.connection, patient_id, exclusion_id, body.reason, act(doing)))


@router.post("/patients/{patient_id}/symptoms/clearance", status_code=HTTPStatus.NO_CONTENT)
def clear_symptoms(patient_id: PatientId, doing: Doing, body: bodies.Because) -> None:
    """Clear the new symptoms that the person told at machines until now; today's visit stays ended."""
    health.clear_symptoms(doing.connection, patient_id, body.reason, act(doing))


@router.post("/patients/{patient_id}/blood-pressure", status_code=HTTPStatus.NO_CONTENT)
def enter_blood_pressure(patient_id: PatientId, doing: Doing, body: bodies.NewPressure) -> None:
    """Enter a measured blood pressure; the newest counts from the next sign-in on."""
    measured = joining.Pressure(systolic_mmhg=body.systolic_mmhg, diastolic_mmhg=body.diastolic_mmhg)
    done(health.measure_pressure(doing.connection, patient_id, measured, act(doing)))


@router.post("/patients/{patient_id}/consents", status_code=HTTPStatus.NO_CONTENT)
def state_consent(patient_id: PatientId, doing: Doing, body: bodies.NewConsent) -> None:
    """Keep what the person agrees to, or no longer does."""
    stated = joining.Consent(**body.model_dump())
    health.consent(doing.connection, patient_id, stated, act(doing))


@router.put("/patients/{patient_id}/pain-signature", status_code=HTTPStatus.NO_CONTENT)
def sign_pain(patient_id: PatientId, doing: Doing, body: bodies.PainSignature) -> None:
    """Sign that doses may rise with the pain that this person has."""
    health.sign_pain(doing.connection, patient_id, body.what, act(doing))


@router.post("/patients/{patient_id}/pain-signature/withdraw", status_code=HTTPStatus.NO_CONTENT)
def take_back_pain_signature(patient_id: PatientId, doing: Doing, body: bodies.PainSignature) -> None:
    """Take such a signature back."""
    done(health.take_back_pain(doing.connection, patient_id, body.what, act(doing)))


@router.put("/patients/{patient_id}/profile", status_code=HTTPStatus.NO_CONTENT)
def set_profile(patient_id: PatientId, doing: Doing, body: bodies.NewProfile) -> None:
    """Release a healthy member to the studio profile, or take back into rehabilitation."""
    done(health.set_profile(doing.connection, patient_id, body.profile, body.reason, act(doing)))


@router.put("/patients/{patient_id}/site", status_code=HTTPStatus.NO_CONTENT)
def move_patient(patient_id: PatientId, doing: Doing, body: bodies.OtherSite) -> None:
    """Let the person train at another site from now on; who moves somebody works at both."""
    to = people.Move(site=body.site, reason=body.reason, within=doing.actor.scope.sites)
    done(people.move(doing.connection, patient_id, to, act(doing)))


@router.post("/patients/{patient_id}/archive", status_code=HTTPStatus.NO_CONTENT)
def archive_patient(patient_id: PatientId, doing: Doing, body: bodies.Because) -> None:
    """Let the person come no more, a machine in use stops; everything is kept."""
    done(people.archive(doing.connection, patient_id, body.reason, act(doing)))


@router.post("/patients/{patient_id}/return", status_code=HTTPStatus.NO_CONTENT)
def bring_back_patient(patient_id: PatientId, doing: Doing, body: bodies.Because) -> None:
    """Let an archived person come again."""
    done(people.bring_back(doing.connection, patient_id, body.reason, act(doing)))


def _entry(told: bodies.NewExclusion) -> Entry:
    return Entry(condition=told.condition, since_day=told.since_day, note=told.note)


def _person(body: bodies.NewPatient) -> joining.NewPerson:
    given = body.model_dump(
        exclude={"exclusions", "consents", "blood_pressure", "stations", "red_flags_asked"}
    )
    measured = body.blood_pressure
    return joining.NewPerson(
        **given,
        stations=tuple(body.stations),
        exclusions=tuple(_entry(one) for one in body.exclusions),
        consents=tuple(joining.Consent(**one.model_dump()) for one in body.consents),
        pressure=joining.Pressure(**measured.model_dump()) if measured else None,
    )
