"""Lists must stay quick when there are ten million reps: they read summaries and indexes."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from studio_rows import NOW_MS, StudioRows, named

from services.access import Scope

CHAN = named("Chan Mei Ling")
LISTS = (
    "/v1/patients",
    f"/v1/patients/{CHAN}",
    f"/v1/patients/{CHAN}/balance",
    f"/v1/patients/{CHAN}/progress",
    f"/v1/patients/{CHAN}/adjustments",
    f"/v1/patients/{CHAN}/sessions",
    "/v1/alerts",
    "/v1/alerts/waiting",
    "/v1/search?q=chan",
    "/v1/machines",
    "/v1/dead-letters",
    "/v1/model",
    "/metrics",
)
OF_CLINICIANS = ("/v1/needs", "/v1/visits", "/v1/countersign")
LAST_REP = re.compile(r"FROM rep\s+WHERE rep\.session_id = session\.id .*? LIMIT", re.DOTALL)
AsRole = Callable[..., None]
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
    look(client, statements, path)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("path", OF_CLINICIANS)
def test_nor_do_those_of_clinicians(
    client: TestClient, statements: list[str], as_role: AsRole, path: str
) -> None:
    as_role("clinician", scope=Scope(sites=frozenset(("studio",))))
    look(client, statements, path)


@pytest.mark.usefixtures("busy")
def test_the_floor_reads_one_rep_of_a_session_that_runs(client: TestClient, statements: list[str]) -> None:
    statements.clear()
    assert client.get("/v1/floor").status_code == 200
    of_reps = [one for one in statements if "FROM rep" in one]
    assert of_reps
    assert [one for one in of_reps if one.count("FROM rep") != len(LAST_REP.findall(one))] == []
    assert len(statements) <= QUERIES_MOST


def look(client: TestClient, statements: list[str], path: str) -> None:
    """Ask for a list, and see what it reads."""
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
