"""The FHIR bundle and the report over HTTP."""

from collections.abc import Callable

import pdf_text
import pytest
from fastapi.testclient import TestClient
from fhir.resources.R4B.bundle import Bundle
from studio_rows import StudioRows, named

from services.access import Actor, Scope
from services.api.routes import report
from services.report.page import MISSING

CHAN = named("Chan Mei Ling")
PATH = f"/v1/patients/{CHAN}/fhir"
AsRole = Callable[..., Actor]


def test_a_clinician_takes_a_valid_bundle_away(
    studio: StudioRows, client: TestClient, as_role: AsRole
) -> None:
    studio.patient()
    as_role("clinician", stepped_up=True)
    answer = client.get(PATH)
    assert answer.headers["content-type"] == "application/fhir+json"
    assert answer.headers["content-disposition"] == 'attachment; filename="record.fhir.json"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-time-zone"] == "UTC"
    Bundle.model_validate_json(answer.content)
    assert answer.json()["timestamp"] == "2026-11-18T11:06:40.000+00:00"


def test_one_must_have_proven_who_one_is(studio: StudioRows, client: TestClient, as_role: AsRole) -> None:
    studio.patient()
    for role, status in (("anonymous", 401), ("admin", 403), ("auditor", 403), ("clinician", 403)):
        as_role(role)
        assert client.get(PATH).status_code == status, role
    as_role("clinician", stepped_up=True)
    assert client.get(f"{PATH}?origin=real").status_code == 404
    assert client.get(f"/v1/patients/{named('nobody')}/fhir").status_code == 404


def test_the_report_is_one_page_in_the_asked_language(
    studio: StudioRows, client: TestClient, as_role: AsRole
) -> None:
    studio.patient()
    as_role("patient", scope=Scope(patient=CHAN), stepped_up=True)
    own = client.get(f"/v1/patients/{CHAN}/report.pdf")
    english = client.get(f"/v1/patients/{CHAN}/report.pdf?language=en")
    assert own.headers["content-type"] == "application/pdf"
    assert own.headers["content-disposition"] == 'attachment; filename="report.pdf"'
    assert own.headers["x-time-zone"] == "Asia/Hong_Kong"
    assert ("我的腰背訓練" in pdf_text.text(own.content), pdf_text.pages(own.content)) == (True, 1)
    assert "My back training" in pdf_text.text(english.content)
    assert client.get(f"/v1/patients/{CHAN}/report.pdf?language=fr").status_code == 422
    as_role("patient", scope=Scope(patient=CHAN))
    assert client.get(f"/v1/patients/{CHAN}/report.pdf").status_code == 403
    as_role("patient", scope=Scope(patient=named("somebody else")), stepped_up=True)
    assert client.get(f"/v1/patients/{CHAN}/report.pdf").status_code == 404


def test_a_server_without_typst_says_what_to_install(
    studio: StudioRows, client: TestClient, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.patient()
    as_role("clinician", stepped_up=True)
    monkeypatch.setattr(report, "is_possible", lambda: False)
    answer = client.get(f"/v1/patients/{CHAN}/report.pdf")
    assert (answer.status_code, answer.json()["detail"]) == (501, MISSING)
