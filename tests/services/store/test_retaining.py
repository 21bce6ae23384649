"""Retention takes the oldest first, a batch at a time, and PostgreSQL looks for them in an index."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import database_copies
import pytest
from planted import WHEN_MS, Planted, prepare
from sqlalchemy import Connection, Engine, event, func, null, select, text

from openspine.postgres import Postgres
from services.store import retaining, tables
from services.store.engine import open_engine, writing

ROWS = 5_000  # beside those that are due: enough that a plan which reads a whole table costs more
DUE = 300
LATER_MS = WHEN_MS + ROWS  # a millisecond a row: half of all are older than their term
SCAN = re.compile(r"Seq Scan on (rep|inbox)\w* .*cost=0\.00\.\.[1-9]\d{2}")  # an empty month may be read
STEPS = (retaining.empty_sign_ins, retaining.drop_curves, retaining.empty_messages)


@pytest.fixture(scope="module")
def engine(postgres_server: Postgres) -> Iterator[Engine]:
    """Many reps and messages of long ago, of which few still have a curve or bytes; and as many of today."""
    url = postgres_server.create_database(f"retaining_{uuid4().hex}")
    database_copies.migrate(url)
    made = open_engine(url)
    with writing(made) as connection:
        prepare(connection)
        Planted(connection, "eve-").plant()
        later = {"seq": "seq + n", "wall_ms": f"{WHEN_MS} + n"}
        _multiply(connection, "rep", later | {"curve": f"CASE WHEN n <= {DUE} OR n > {ROWS} THEN curve END"})
        later = {"seq": "seq + n", "received_ms": f"{WHEN_MS} + n"}
        later["raw"] = f"CASE WHEN n <= {DUE} OR n > {ROWS} THEN raw ELSE ''::bytea END"
        _multiply(
            connection, "inbox", later | {"kind": "CASE WHEN n % 100 = 0 THEN 'sign_in' ELSE 'rep' END"}
        )
    with made.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    yield made
    made.dispose()


def _multiply(connection: Connection, table: str, changed: dict[str, str]) -> None:
    names = [column.name for column in tables.metadata.tables[table].columns]
    values = ", ".join(changed.get(name, name) for name in names)
    copied = (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} "  # noqa: S608 (our own names)
        f"FROM (SELECT * FROM {table} LIMIT 1) AS one, generate_series(1, {2 * ROWS}) AS n"
    )
    connection.execute(text(copied))


def plans(connection: Connection, step: Any) -> tuple[int, str]:
    """Do one batch, and return how many rows it took and the plans of its statements."""
    said: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    with connection.begin_nested() as here:
        step(connection, LATER_MS)
        here.rollback()
    event.remove(connection, "before_cursor_execute", note)
    asked = [one for one in said if one[0].lstrip().startswith(("SELECT", "UPDATE"))]
    shown = [connection.exec_driver_sql(f"EXPLAIN {sql}", given) for sql, given in asked]
    return step(connection, LATER_MS), "\n".join(line for one in shown for (line,) in one)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_batch_reads_no_table_through(engine: Engine, step: Any) -> None:
    with engine.connect() as connection:
        taken, plan = plans(connection, step)
    assert taken >= DUE / 100
    assert "Update on" in plan
    assert re.findall(r"Index \w*\s?Scan", plan)
    assert not SCAN.search(plan), plan


@pytest.mark.parametrize(
    ("step", "index"),
    [
        (retaining.drop_curves, "ix_rep_with_curve"),
        (retaining.empty_messages, "ix_inbox_with_bytes"),
        (retaining.empty_sign_ins, "ix_inbox_sign_in"),
    ],
)
def test_without_its_index_it_would(engine: Engine, step: Any, index: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(f"DROP INDEX {index}"))
        plan = plans(connection, step)[1]
        connection.rollback()
    assert SCAN.search(plan) or "ix_inbox_with_bytes" in plan, plan


def test_the_count_ends_at_its_most_and_reads_no_table_through(engine: Engine) -> None:
    with engine.connect() as connection:
        assert retaining.old_curves(connection, LATER_MS, 100) == 100
        assert retaining.old_curves(connection, LATER_MS) >= DUE
        plan = plans(connection, lambda one, at_ms: retaining.old_curves(one, at_ms, 100))[1]
    assert SCAN.search(plan) is None, plan


def test_the_oldest_go_first_a_batch_at_a_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retaining, "BATCH_ROWS", 100)
    oldest = select(func.min(tables.rep.c.wall_ms)).where(tables.rep.c.curve.is_not(null()))
    with engine.connect() as connection:  # nothing of it is kept
        assert retaining.drop_curves(connection, LATER_MS) == 100
        assert connection.scalars(oldest).one() == WHEN_MS + 100
        batches = list(iter(lambda: retaining.drop_curves(connection, LATER_MS), 0))
        assert (max(batches), sum(batches)) == (100, DUE + 1 - 100)
        assert connection.scalars(oldest).one() > LATER_MS
