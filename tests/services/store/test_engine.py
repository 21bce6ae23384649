import contextlib
import sqlite3
from pathlib import Path

import database_copies
import pytest
from planted import Planted, prepare
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from services.store import engine as store
from services.store import tables


def test_migrations_make_every_table_and_no_drift(database_url: str) -> None:
    store.upgrade(database_url)

    engine = store.open_engine(database_url)
    assert set(tables.metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()
    assert not store.has_drifted(database_url)


def test_a_table_that_the_migrations_do_not_know_is_drift(database_url: str) -> None:
    store.upgrade(database_url)
    engine = store.open_engine(database_url)
    with store.writing(engine) as connection:
        connection.execute(text("ALTER TABLE audit DROP COLUMN actor"))
    engine.dispose()

    assert store.has_drifted(database_url)


def test_downgrade_leaves_no_table_of_ours(database_url: str) -> None:
    store.upgrade(database_url)
    store.downgrade(database_url)

    engine = store.open_engine(database_url)
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    engine.dispose()


def test_a_database_with_people_in_it_goes_all_the_way_down_and_up_again(database_url: str) -> None:
    """Down to nothing takes every row along; no migration on the way stumbles over one."""
    database_copies.migrate(database_url)
    engine = store.open_engine(database_url)
    with store.writing(engine) as connection:
        prepare(connection)
        Planted(connection, "somebody").plant()
    engine.dispose()

    store.downgrade(database_url)
    store.upgrade(database_url)

    assert not store.has_drifted(database_url)
    engine = store.open_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(select(tables.patient)).all() == []
    engine.dispose()


def _plant_a_loose_row(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:  # the driver binds no keys
        connection.execute("INSERT INTO staff_role (id, staff_id, role) VALUES ('r', 'nobody', 'admin')")


def test_a_run_that_finds_a_row_pointing_at_nothing_takes_every_step_back(tmp_path: Path) -> None:
    file = tmp_path / "loose.sqlite"
    url = f"sqlite:///{file}"
    store.upgrade(url, "0019")
    _plant_a_loose_row(file)

    for _ in range(2):
        with pytest.raises(RuntimeError, match="staff_role"):
            store.upgrade(url)

    engine = store.open_engine(url)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0019"
        columns = [
            one["name"]
            for name in ("sign_in_trip", "preset")
            for one in inspect(connection).get_columns(name)
        ]
        assert not {"place", "station", "replaced_by"} & set(columns)
        connection.execute(text("DELETE FROM staff_role"))
    engine.dispose()
    store.upgrade(url)
    assert not store.has_drifted(url)


def test_a_start_that_migrates_nothing_reads_no_rows(tmp_path: Path) -> None:
    file = tmp_path / "loose.sqlite"
    url = f"sqlite:///{file}"
    database_copies.migrate(url)
    _plant_a_loose_row(file)
    store.upgrade(url)
    assert not store.has_drifted(url)


def test_an_exception_rolls_the_transaction_back(database_url: str) -> None:
    database_copies.migrate(database_url)
    engine = store.open_engine(database_url)
    row = {"id": "studio", "name": "Studio", "time_zone": "Asia/Hong_Kong"}

    with pytest.raises(IntegrityError), store.writing(engine) as connection:
        connection.execute(tables.site.insert(), [row, row])

    with engine.connect() as connection:
        assert connection.execute(select(tables.site)).all() == []
    engine.dispose()


def test_sqlite_writes_ahead_and_waits_for_the_disk(tmp_path: object) -> None:
    engine = store.open_engine(f"sqlite:///{tmp_path}/deep/folder/a.sqlite")

    with engine.connect() as connection:
        figures = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        ]

    assert figures == ["wal", 2]
    engine.dispose()


@pytest.mark.parametrize("wrong", [{}, {"time_zone": None}])
def test_an_error_tells_the_statement_and_no_value(database_url: str, wrong: dict[str, None]) -> None:
    database_copies.migrate(database_url)
    engine = store.open_engine(database_url)
    row = {"id": "studio-7", "name": "Chan Mei Ling", "time_zone": "Asia/Hong_Kong"} | wrong

    with pytest.raises(IntegrityError) as failure, store.writing(engine) as connection:
        connection.execute(tables.site.insert(), [row, row])

    told = f"{failure.value} {failure.value.orig}"
    assert "INSERT INTO site" in told
    assert "Chan Mei Ling" not in told
    assert "studio-7" not in told
    engine.dispose()
