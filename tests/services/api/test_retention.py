"""Retention over the API: counts of the whole store, for who runs the place."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from studio_rows import NOW_MS, StudioRows

from services.access import Actor
from services.privacy.retention import Terms, run

Ask = Callable[..., Actor]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")


def test_an_admin_sees_terms_and_runs_and_nobody_else_does(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("admin")
    assert client.get("/v1/retention").json()["runs"] == []
    run(studio.engine, Terms(curves_days=30), NOW_MS)
    shown = client.get("/v1/retention").json()
    assert {one["what"]: one["term_days"] for one in shown["kept"]}["curves"] == 30
    assert (shown["next_at"], shown["is_late"]) == ("2026-11-19T11:06:40Z", False)
    assert shown["runs"][0]["removed"]["curves"] == 0
    for role in ("therapist", "clinician", "auditor", "patient"):
        as_role(role)
        assert client.get("/v1/retention").status_code == 403
