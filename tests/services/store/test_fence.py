"""The fence inside PostgreSQL: a forgotten filter shows nothing, and a write outside of the scope fails."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import ProgrammingError
from studio_rows import StudioRows

from openspine.postgres import Postgres
from services.access import EVERYTHING, Scope
from services.store import fence, tables
from services.store.engine import downgrade, has_drifted, open_engine, upgrade, writing

ALONE = {
    "site",
    "machine",
    "calibration",
    "conformance",
    "machine_client",
    "machine_code",
    "status",
    "stream",
    "settings_week",
    "retention_run",
}
STAFF = {"staff_member", "staff_role", "staff_link", "sign_in_trip", "screen", "attempt"}
PLAIN = {"audit", "outbox", "dead_letter", "first_answer"}  # pseudonyms, commands, and what is broken
NOBODY = Scope(sites=frozenset())
HERE, THERE = Scope(sites=frozenset({"studio"})), Scope(sites=frozenset({"elsewhere"}))


@pytest.fixture(scope="module")
def engine(postgres_server: Postgres) -> Iterator[Engine]:
    url = postgres_server.create_database(f"fence_{uuid.uuid4().hex}")
    upgrade(url)
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def studio(engine: Engine) -> StudioRows:
    """Two people at one site and one at another, each with a session of three reps."""
    rows = StudioRows(engine)
    rows.clear()
    rows.site()
    rows.site(id="elsewhere")
    rows.machine()
    for name, site in (("Chan", "studio"), ("Lee", "studio"), ("Wong", "elsewhere")):
        rows.patient(name, code=name, site_id=site)
        rows.session(f"s-{name}", name)
        for number in range(3):
            rows.rep(f"s-{name}", number)
    return rows


def seen(connection: Connection, table: str) -> int:
    """Ask for everything, as somebody does who forgot the filter."""
    return connection.execute(select(func.count()).select_from(tables.metadata.tables[table])).scalar_one()


def counts(engine: Engine, scope: Scope) -> tuple[int, int, int]:
    with engine.connect() as connection:
        fence.narrow(connection, scope)
        return seen(connection, "patient"), seen(connection, "session"), seen(connection, "rep")


def test_every_table_is_fenced_or_known_to_hold_nobodys_rows() -> None:
    assert set(tables.metadata.tables) - set(fence.rules()) - ALONE - STAFF - PLAIN == set()


def test_a_forgotten_filter_shows_only_the_scope(studio: StudioRows) -> None:
    assert counts(studio.engine, EVERYTHING) == (3, 3, 9)
    assert counts(studio.engine, HERE) == (2, 2, 6)
    assert counts(studio.engine, THERE) == (1, 1, 3)
    assert counts(studio.engine, NOBODY) == (0, 0, 0)


def test_a_patient_sees_oneself(studio: StudioRows) -> None:
    with studio.engine.connect() as connection:
        lee = connection.scalar(select(tables.patient.c.id).where(tables.patient.c.code == "Lee"))
    assert counts(studio.engine, Scope(sites=frozenset({"studio"}), patient=lee)) == (1, 1, 3)
    assert counts(studio.engine, Scope(sites=frozenset({"elsewhere"}), patient=lee)) == (0, 0, 0)


def test_without_a_scope_the_role_sees_nothing(studio: StudioRows) -> None:
    with studio.engine.connect() as connection:
        connection.execute(text(f"SET LOCAL ROLE {fence.ROLE}"))
        assert seen(connection, "patient") == seen(connection, "rep") == 0


def test_the_next_transaction_of_the_same_connection_is_not_narrow(studio: StudioRows) -> None:
    with studio.engine.connect() as connection:
        fence.narrow(connection, NOBODY)
        assert seen(connection, "patient") == 0
        connection.rollback()
        assert seen(connection, "patient") == 3


def test_nobody_is_written_to_outside_of_the_scope(studio: StudioRows) -> None:
    with writing(studio.engine) as connection:
        fence.narrow(connection, HERE)
        changed = connection.execute(tables.patient.update().values(mass_kg=1.0))
        assert changed.rowcount == 2
    moved = tables.patient.update().where(tables.patient.c.code == "Lee").values(site_id="elsewhere")
    with studio.engine.connect() as connection:
        fence.narrow(connection, HERE)
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(moved)


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET actor = 'x'", "DROP TABLE rep"])
def test_the_role_may_not_do_what_no_request_does(studio: StudioRows, statement: str) -> None:
    with studio.engine.connect() as connection:
        fence.narrow(connection, EVERYTHING)
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            connection.execute(text(statement))


def test_a_planted_gap_is_found(studio: StudioRows) -> None:
    with studio.engine.connect() as connection:
        connection.execute(text("ALTER TABLE rep DISABLE ROW LEVEL SECURITY"))
        fence.narrow(connection, NOBODY)
        assert seen(connection, "rep") == 9
        connection.rollback()
        fence.narrow(connection, NOBODY)
        assert seen(connection, "rep") == 0


def test_migrations_go_down_and_up_with_the_fence(postgres_server: Postgres) -> None:
    url = postgres_server.create_database(f"fence_{uuid.uuid4().hex}")
    upgrade(url)
    upgrade(url)
    downgrade(url, "0004")
    upgrade(url)
    assert not has_drifted(url)
    engine = open_engine(url)
    with engine.connect() as connection:
        standing = set(connection.scalars(text("SELECT tablename FROM pg_policies")))
    engine.dispose()
    assert standing == set(fence.rules())
