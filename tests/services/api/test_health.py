from dataclasses import replace

from fastapi.testclient import TestClient
from sqlalchemy import text
from studio_rows import StudioRows

from services.api.context import Condition, Context
from services.store.engine import open_engine, writing
from services.store.reading.operations import newest_revision


def set_level(studio: StudioRows, level: str | None) -> None:
    with writing(studio.engine) as connection:
        connection.execute(text("update alembic_version set version_num = :level"), {"level": level})


def with_context(client: TestClient, context: Context) -> None:
    client.app.state.context = context  # type: ignore[attr-defined]


def reasons(client: TestClient) -> dict[str, tuple[bool, str]]:
    checks = client.get("/readyz").json()["checks"]
    return {check["name"]: (check["ok"], check["reason"]) for check in checks}


def test_alive(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_with_a_reason_for_each_check(client: TestClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert [check["name"] for check in answer.json()["checks"]] == [
        "database",
        "migrations",
        "broker",
        "model",
    ]


def test_broker_away_is_not_ready_and_says_why(client: TestClient, context: Context) -> None:
    with_context(client, replace(context, broker=lambda: Condition(ok=False, reason="connection refused")))
    assert client.get("/readyz").status_code == 503
    assert reasons(client)["broker"] == (False, "connection refused")


def test_old_tables_are_not_ready_and_the_mend_is_named(studio: StudioRows, client: TestClient) -> None:
    needed = newest_revision()
    set_level(studio, "0000")
    status = client.get("/readyz").status_code
    ok, reason = reasons(client)["migrations"]
    set_level(studio, needed)
    assert (status, ok) == (503, False)
    assert "openspine db upgrade" in reason


def test_database_away_is_not_ready(client: TestClient, context: Context) -> None:
    away = open_engine("postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=1")
    with_context(client, replace(context, engine=away))
    assert client.get("/readyz").status_code == 503
    assert reasons(client)["database"][0] is False
    assert client.get("/healthz").status_code == 200
    answer = client.get("/v1/floor")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
