"""The fake cannot drift: every body that it serves fits the service's own schemas."""

from typing import Any

import httpx2
import pytest
from fake_service.api import FakeApi

from services.api import schemas
from services.api.schemas import (
    access,
    audit,
    conformance,
    day,
    enrolment,
    functional,
    inbox,
    model,
    orders,
    outlook,
    papers,
    places,
    programmes,
    retention,
)
from services.prescribing.schemas import ProposedLimits

BODIES: list[tuple[str, Any]] = [
    ("/v1/about", schemas.About),
    ("/v1/floor", schemas.Floor),
    ("/v1/patients", schemas.Page[schemas.PatientRow]),
    ("/v1/patients/p-1", schemas.Patient),
    ("/v1/patients/p-1/balance", schemas.Balance),
    ("/v1/patients/p-1/progress", schemas.Progress),
    ("/v1/patients/p-1/outlook", outlook.Outlook),
    ("/v1/patients/p-1/adjustments", schemas.Page[schemas.Adjustment]),
    ("/v1/patients/p-1/sessions", schemas.Page[schemas.SessionRow]),
    ("/v1/sessions/s-0", schemas.Session),
    ("/v1/adjustments/a-1/explanation", schemas.Explanation),
    ("/v1/patients/p-1/standing", day.InForce),
    ("/v1/patients/p-1/whatif?policy=linear", schemas.WhatIf),
    ("/v1/machines/lumbar-1/hold", orders.Orders),
    ("/v1/proposals", orders.Proposals),
    ("/v1/free-machines", day.FreeMachines),
    ("/v1/alerts", inbox.Inbox),
    ("/v1/alerts/waiting", inbox.Waiting),
    ("/v1/alerts/colleagues", inbox.Colleagues),
    ("/v1/search?q=chan", schemas.Page[programmes.Found]),
    ("/v1/search?q=leg", schemas.Page[programmes.Found]),
    ("/v1/needs", day.Needs),
    ("/v1/visits?day=2026-11-21", day.Visits),
    ("/v1/countersign", day.Changes),
    ("/v1/patients/p-1/limits/row/versions", schemas.Page[programmes.LimitsVersion]),
    ("/v1/patients/p-1/limits/lumbar_extension/proposals", schemas.Page[ProposedLimits]),
    ("/v1/patients/p-1/phase", programmes.Phases),
    ("/v1/patients/p-1/programmes", schemas.Page[programmes.Programme]),
    ("/v1/patients/p-1/capacity", schemas.Page[programmes.CapacityRow]),
    ("/v1/patients/p-1/file", enrolment.PatientFile),
    ("/v1/conditions", schemas.Page[enrolment.Condition]),
    ("/v1/patients/p-1/notes", schemas.Page[papers.Note]),
    ("/v1/patients/p-1/exercises", papers.Exercises),
    ("/v1/patients/p-1/home-exercises", papers.HomeExercises),
    ("/v1/patients/p-1/questionnaires", papers.Questionnaires),
    ("/v1/questionnaires/odi", papers.Form),
    ("/v1/patients/p-1/tests", papers.Tests),
    ("/v1/patients/p-1/functional-tests", functional.FunctionalTests),
    ("/v1/machine-health", schemas.Page[places.MachineHealth]),
    ("/v1/machines/rotation-1", places.MachineFile),
    ("/v1/machines/rotation-1/conformance", schemas.Page[conformance.Conformance]),
    ("/v1/machines/rotation-1/conformance/r-1", conformance.Conformance),
    ("/v1/retention", retention.Retention),
    ("/v1/sites", schemas.Page[places.Site]),
    ("/v1/staff", schemas.Page[access.StaffMember]),
    ("/v1/staff/waiting", schemas.Page[access.StaffMember]),
    ("/v1/screens", schemas.Page[access.EnrolledScreen]),
    ("/v1/dead-letters", schemas.Page[schemas.DeadLetter]),
    ("/v1/audit", schemas.Page[audit.AuditEntry]),
    ("/v1/model", model.ModelInUse),
]


@pytest.mark.parametrize("mood", ["normal", "empty"])
@pytest.mark.parametrize(("path", "shape"), BODIES)
def test_every_body_fits_the_schema_of_the_service(
    path: str, shape: Any, mood: Any, fake_api: FakeApi, api_url: str
) -> None:
    fake_api.mood = mood
    answer = httpx2.get(api_url + path)
    assert answer.status_code == 200
    shape.model_validate_json(answer.content)


def test_a_problem_fits_the_schema_of_the_service(fake_api: FakeApi, api_url: str) -> None:
    fake_api.mood = "broken"
    schemas.Problem.model_validate_json(httpx2.get(f"{api_url}/v1/floor").content)
