"""What is handed out of a person is everything that was planted, and nothing of anybody else."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import database_copies
import pytest
from planted import Planted, prepare
from sqlalchemy import Connection

from services.privacy.portrait import as_csv, as_json, portrait
from services.store import engine as store
from services.store import person
from services.store.person import KEPT_BACK


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    database_copies.migrate(url)
    engine = store.open_engine(url)
    with store.writing(engine) as connection:
        prepare(connection)
        yield connection
    engine.dispose()


@pytest.fixture
def eve(connection: Connection) -> Planted:
    adam, eve = Planted(connection, "adam"), Planted(connection, "eve-")
    adam.plant()
    eve.plant()
    return eve


def test_every_marker_of_every_table_is_handed_out_in_both_forms(
    connection: Connection, eve: Planted
) -> None:
    tables = portrait(connection, eve.patient_id)
    text, sheets = as_json(tables), b"".join(as_csv(rows) for rows in tables.values()).decode()
    wanted = {place: word for place, word in eve.markers.items() if place not in KEPT_BACK}
    assert len(wanted) > 150
    assert [place for place, word in wanted.items() if word not in text] == []
    assert [place for place, word in wanted.items() if word not in sheets] == []
    assert json.loads(text) == tables
    assert "adam" not in text


def test_what_proves_somebody_is_not_handed_out(connection: Connection, eve: Planted) -> None:
    text = as_json(portrait(connection, eve.patient_id))
    assert [place for place in KEPT_BACK if eve.markers[place] in text] == []


def sheet(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(rows).decode("utf-8-sig"), newline="")))


def test_no_spreadsheet_runs_what_somebody_wrote_or_guesses_the_letters(
    connection: Connection, eve: Planted
) -> None:
    [note] = portrait(connection, eve.patient_id)["note"]
    rows = [
        note | {"body": said} for said in ("=1+1", " @SUM(A1)", "\N{CJK UNIFIED IDEOGRAPH-9673}", "-5 kg")
    ]
    assert [row["body"] for row in sheet(rows)] == [
        "'=1+1", "' @SUM(A1)", "\N{CJK UNIFIED IDEOGRAPH-9673}", "'-5 kg"
    ]  # fmt: skip
    assert as_csv(rows).startswith(b"\xef\xbb\xbf")


def test_a_sheet_is_read_back_as_it_was(connection: Connection, eve: Planted) -> None:
    rows = portrait(connection, eve.patient_id)["note"]
    read = sheet(rows)
    assert [row["body"] for row in read] == [eve.markers["note", "body"]]
    assert [int(row["at_ms"]) for row in read] == [row["at_ms"] for row in rows]


def test_messages_are_handed_out_as_they_came(connection: Connection, eve: Planted) -> None:
    found = list(person.messages(connection, eve.patient_id))
    assert [json.loads(row.raw)["marker"] for row in found] == [eve.markers["inbox", "raw"]]


def test_nobody_has_no_portrait(connection: Connection) -> None:
    with pytest.raises(LookupError):
        portrait(connection, "00000000-0000-4000-8000-000000000000")
