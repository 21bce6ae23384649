"""What the benches call a scan: a large table that was read from one end to the other."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine, text

from openspine.bench.scans import counted, new
from openspine.postgres import Postgres

ROWS = 3_000  # of the table below


@pytest.fixture
def reps(postgres_server: Postgres) -> Iterator[Connection]:
    """A table of reps with an index, which the planner knows."""
    engine = create_engine(
        postgres_server.create_database(f"scans_{uuid4().hex}"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE rep AS SELECT * FROM generate_series(1, 3000) AS number"))
        connection.execute(text("CREATE INDEX ON rep (number)"))
        connection.execute(text("ANALYZE rep"))
        yield connection
    engine.dispose()


def told(connection: Connection, question: str, least_rows: int) -> dict[str, int]:
    """Ask, and tell what was read whole."""
    before = _counted(connection, least_rows)
    connection.execute(text(question)).all()
    return new(before, _counted(connection, least_rows))


def _counted(connection: Connection, least_rows: int) -> dict[str, int]:
    connection.execute(text("SELECT pg_stat_force_next_flush()"))
    return counted(connection, least_rows)


@pytest.mark.parametrize(
    ("question", "least_rows", "scans"),
    [
        ("SELECT sum(number) FROM rep", ROWS, {"rep": 1}),
        ("SELECT sum(number) FROM rep", ROWS + 1, {}),
        ("SELECT number FROM rep WHERE number = 7", ROWS, {}),
    ],
    ids=["read whole", "too small to tell of", "by its index"],
)
def test_a_planted_scan_is_told(
    reps: Connection, question: str, least_rows: int, scans: dict[str, int]
) -> None:
    assert told(reps, question, least_rows) == scans
