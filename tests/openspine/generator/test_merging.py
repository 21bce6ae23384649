import sqlite3
from pathlib import Path

import database_copies
import pytest

from openspine.generator.merging import merge
from services.store.engine import open_engine, writing
from services.store.people import add_machine, add_site


def store(path: Path, machine: str) -> Path:
    url = f"sqlite:///{path}"
    database_copies.migrate(url)
    row = {"id": machine, "kind": "row", "name": machine, "origin": "sim", "site_id": "s"}
    with writing(open_engine(url)) as connection:
        add_site(connection, {"id": "s", "name": "S", "time_zone": "UTC"})
        add_machine(connection, row | {"enrolled_ms": 1, "retired": False})
    return path


def machines(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        return [name for (name,) in connection.execute("SELECT id FROM machine ORDER BY id")]


def test_rows_of_a_part_come_beside_those_that_are_there(tmp_path: Path) -> None:
    whole, part = store(tmp_path / "whole.sqlite", "row-1"), store(tmp_path / "part.sqlite", "row-2")
    merge(part, whole)
    assert machines(whole) == ["row-1", "row-2"]
    assert machines(part) == ["row-2"]


def test_a_row_that_is_there_already_undoes_the_whole_merge(tmp_path: Path) -> None:
    whole, part = store(tmp_path / "whole.sqlite", "row-1"), store(tmp_path / "part.sqlite", "row-1")
    with sqlite3.connect(part) as connection:
        connection.execute("UPDATE site SET id = 's2'")
    with pytest.raises(sqlite3.IntegrityError):
        merge(part, whole)
    with sqlite3.connect(whole) as connection:
        assert connection.execute("SELECT count(*) FROM site").fetchone() == (1,)
