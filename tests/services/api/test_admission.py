"""Who gets through the door, by role and by whose the object is."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from studio_rows import NOW_MS, StudioRows

from services.access import Actor, Scope
from services.api.context import Context
from services.store import tables
from services.store.reads import HOUR_MS, ReadLog


def test_the_role_of_who_asks_decides(client: TestClient, as_role: Callable[..., Actor]) -> None:
    as_role("anonymous")
    assert client.get("/v1/patients").status_code == HTTPStatus.UNAUTHORIZED
    as_role("admin")
    assert client.get("/v1/patients").status_code == HTTPStatus.FORBIDDEN
    as_role("therapist")
    assert client.get("/v1/patients").status_code == HTTPStatus.OK


def test_a_person_of_another_site_is_not_there(
    client: TestClient, as_role: Callable[..., Actor], studio: StudioRows
) -> None:
    patient_id = studio.patient("p-1")
    as_role("therapist", scope=Scope(sites=frozenset({"elsewhere"})))
    foreign = client.get(f"/v1/patients/{patient_id}")
    missing = client.get("/v1/patients/00000000-0000-4000-8000-000000000000")
    assert foreign.status_code == missing.status_code == HTTPStatus.NOT_FOUND
    assert foreign.json()["detail"] == missing.json()["detail"]


def test_a_look_at_somebodys_data_is_written_down_once_an_hour(
    client: TestClient, context: Context, as_role: Callable[..., Actor], studio: StudioRows
) -> None:
    patient_id = studio.patient("Chan")
    now_ms = [NOW_MS // HOUR_MS * HOUR_MS]
    reads = ReadLog(studio.engine)
    cast("FastAPI", client.app).state.context = replace(context, reads=reads, now_ms=lambda: now_ms[0])

    def looks() -> list[tuple[str, str, str]]:
        with studio.engine.connect() as connection:
            audit = tables.audit.c
            rows = connection.execute(select(audit.actor, audit.object_id, audit.detail)).all()
        return [(row.actor, row.object_id, row.detail["screen"]) for row in rows]

    as_role("therapist", actor_id="t-1")
    for _ in range(3):
        client.get(f"/v1/patients/{patient_id}")
    client.get("/v1/patients")
    client.get("/v1/patients/00000000-0000-4000-8000-000000000000")
    seen = [("t-1", patient_id, "read_patient"), ("t-1", "*", "list_patients")]
    assert looks() == seen
    now_ms[0] += HOUR_MS
    client.get(f"/v1/patients/{patient_id}")
    assert looks() == [*seen, seen[0]]
    as_role("patient", scope=Scope(patient=patient_id), actor_id=patient_id)
    client.get(f"/v1/patients/{patient_id}")
    as_role("admin")
    client.get(f"/v1/patients/{patient_id}")
    assert len(looks()) == 3
