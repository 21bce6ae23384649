"""Lists must stay quick when there are ten million reps: they read summaries and indexes."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from studio_rows import NOW_MS, StudioRows, named

CHAN = named("Chan Mei Ling")
LISTS = (
    "/v1/patients",
    f"/v1/patients/{CHAN}",
    f"/v1/patients/{CHAN}/balance",
    f"/v1/patients/{CHAN}/progress",
    f"/v1/patients/{CHAN}/adjustments",
    f"/v1/patients/{CHAN}/sessions",
    "/v1/machines",
    "/v1/dead-letters",
    "/v1/model",
    "/metrics",
)
QUERIES_MOST = 10  # of one screen, whatever is in the store


@pytest.fixture
def statements(studio: StudioRows) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(studio.engine, "before_cursor_execute", note)
    yield seen
    event.remove(studio.engine, "before_cursor_execute", note)


@pytest.fixture
def busy(studio: StudioRows) -> None:
    studio.machine()
    studio.patient()
    studio.limits()
    for number in range(3):
        name = f"s{number}"
        studio.visit(name, started_ms=NOW_MS + number)
        studio.session(name, opened_ms=NOW_MS + number, visit_id=named(name))
        studio.summary(name, name, wall_ms=NOW_MS + number)
        studio.decision(name, name, now_ms=NOW_MS + number)
        studio.setting(name, name, name)
        studio.rep(name, 1)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("path", LISTS)
def test_lists_read_no_reps_and_no_blobs(client: TestClient, statements: list[str], path: str) -> None:
    statements.clear()
    assert client.get(path).status_code == 200
    said = " ".join(statements)
    assert " rep" not in said.replace("reps", "")
    for blob in ("setting.signed", "decision.request", "decision.answer", "shadow.answer", "dead_letter.raw"):
        assert blob not in said
    assert len(statements) <= QUERIES_MOST


@pytest.mark.usefixtures("busy")
def test_number_of_queries_does_not_grow_with_the_list(
    studio: StudioRows, client: TestClient, statements: list[str]
) -> None:
    statements.clear()
    client.get("/v1/patients")
    few = len(statements)
    for number in range(20):
        studio.patient(f"Person {number}")
        studio.machine(f"machine-{number}")
    statements.clear()
    client.get("/v1/patients")
    assert len(statements) == few
