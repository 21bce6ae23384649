"""The audit in a database: chained at the commit, by many at once, and never changed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import database_copies
import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from services.audit.chain import Place, check
from services.keys.audit import checking_keys, open_audit_key
from services.sealing import Secrets
from services.store import audit, tables
from services.store import engine as store

THREADS, EACH = 4, 10


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    open_audit_key(tmp_path / "keys", make=True)
    return tmp_path / "keys"


@pytest.fixture
def engine(database_url: str, keys: Path) -> Iterator[Engine]:
    database_copies.migrate(database_url)
    made = store.open_engine(database_url, Secrets(audit=open_audit_key(keys, make=False)))
    yield made
    made.dispose()


def entry(number: int) -> audit.Entry:
    return audit.Entry(
        at_ms=number, actor=f"staff-{number % 3}", action="patient.read", thing="patient", thing_id="p",
        detail={"version": number, "reason": "hurts"},
    )  # fmt: skip


def write(engine: Engine, *numbers: int) -> None:
    with store.writing(engine) as connection:
        audit.record(connection, *(entry(number) for number in numbers))


def faults(engine: Engine, keys: Path) -> list[str]:
    with engine.connect() as connection:
        found = check(audit.stored(connection), checking_keys([keys]), after=audit.cut(connection))
    return [one.what for one in found.faults]


def test_entries_of_many_writers_are_one_chain(engine: Engine, keys: Path) -> None:
    def writer(thread: int) -> None:
        for number in range(EACH):
            write(engine, thread * EACH + number)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(writer, range(THREADS)))

    with engine.connect() as connection:
        rows = list(audit.stored(connection))
        assert audit.last(connection) == Place(id=len(rows), seal=rows[-1].seal)
    assert [row.id for row in rows] == list(range(1, THREADS * EACH + 1))
    assert {row.at_ms for row in rows} == set(range(THREADS * EACH))
    assert faults(engine, keys) == []


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(engine: Engine, keys: Path) -> None:
    write(engine, 1)
    with pytest.raises(DBAPIError), store.writing(engine) as connection:  # noqa: PT012 (the entry comes first)
        audit.record(connection, entry(2))
        connection.execute(text("SELECT 1 FROM nowhere"))
    write(engine, 3, 4)
    with engine.connect() as connection:
        assert [(row.id, row.at_ms) for row in audit.stored(connection)] == [(1, 1), (2, 3), (3, 4)]
    assert faults(engine, keys) == []


def test_outside_of_a_writing_transaction_nothing_is_put_down(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(RuntimeError, match="needs a connection"):
        audit.record(connection, entry(1))


def test_words_of_people_are_not_in_it(engine: Engine) -> None:
    write(engine, 1)
    with engine.connect() as connection:
        detail = connection.scalars(select(tables.audit.c.detail)).one()
    assert detail["version"] == 1
    assert "hurts" not in str(detail)


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'me'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_what_was_written(engine: Engine, statement: str) -> None:
    write(engine, 1)
    with pytest.raises(DBAPIError, match="append-only"), store.writing(engine) as connection:
        connection.execute(text(statement))


def test_who_gets_past_the_database_is_found_by_the_chain(engine: Engine, keys: Path) -> None:
    write(engine, 1, 2, 3)
    with store.writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_append_only"))
        else:
            connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET actor = 'me' WHERE id = 2"))
    assert faults(engine, keys) == ["is not what was written here"]


def test_without_a_key_an_entry_says_so(database_url: str, keys: Path) -> None:
    database_copies.migrate(database_url)
    engine = store.open_engine(database_url)
    write(engine, 1, 2)
    with engine.connect() as connection:
        report = check(audit.stored(connection), checking_keys([keys]))
    assert (report.faults_found, report.unkeyed) == (0, 2)
    engine.dispose()


def test_rows_from_before_the_chain_are_numbered_and_chained(database_url: str) -> None:
    store.upgrade(database_url, "0007")
    engine = store.open_engine(database_url)
    insert = text(
        "INSERT INTO audit (id, at_ms, actor, action, object_kind, object_id, detail) "
        "VALUES (:id, :at, 'dr', 'limits.sign', 'patient', 'p', :detail)"
    )
    with store.writing(engine) as connection:
        for number in (3, 7):
            said = {"id": number, "at": number, "detail": '{"version": 1, "reason": "start"}'}
            connection.execute(insert, said)
    store.upgrade(database_url)
    write(engine, 8)
    with engine.connect() as connection:
        rows = list(audit.stored(connection))
        assert [(row.id, row.at_ms) for row in rows] == [(1, 3), (2, 7), (3, 8)]
        assert check(rows, {}).faults_found == 0
    engine.dispose()
