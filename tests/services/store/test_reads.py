from collections.abc import Iterator
from pathlib import Path

import database_copies
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from services.store import audit, reads
from services.store import engine as store
from services.store.reads import HOUR_MS, ReadLog


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    database_copies.migrate(url)
    made = store.open_engine(url)
    yield made
    made.dispose()


def look(log: ReadLog, at_ms: int = 0, changes: dict[str, str] | None = None) -> None:
    usual = {"actor": "staff-1", "screen": "read_progress", "thing": "patient", "thing_id": "p1"}
    log.note(**(usual | (changes or {})), at_ms=at_ms)


def looks(engine: Engine) -> list[tuple[str, str, str, int]]:
    with engine.connect() as connection:
        return [
            (row.actor, str(row.detail["screen"]), row.object_id, row.at_ms)
            for row in audit.stored(connection)
        ]


def test_a_poll_is_written_once_an_hour(engine: Engine) -> None:
    log = ReadLog(engine)
    for second in range(3_600):
        look(log, at_ms=second * 1_000)
    look(log, at_ms=HOUR_MS)
    look(log, at_ms=HOUR_MS + 1)
    assert [at_ms for *_, at_ms in looks(engine)] == [0, HOUR_MS]


def test_another_person_screen_or_patient_is_another_look(engine: Engine) -> None:
    log = ReadLog(engine)
    looked: list[dict[str, str]] = [
        {},
        {"actor": "staff-2"},
        {"screen": "read_balance"},
        {"thing_id": "p2"},
        {},
    ]
    for changes in looked:
        look(log, 0, changes)
    assert len(looks(engine)) == 4


def test_what_is_forgotten_is_written_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "REMEMBERED_MOST", 1)
    log = ReadLog(engine)
    for patient in ("p1", "p2", "p1"):
        look(log, 0, {"thing_id": patient})
    assert [patient for _, _, patient, _ in looks(engine)] == ["p1", "p2", "p1"]


def test_a_look_that_cannot_be_written_is_refused_and_stays_new(engine: Engine) -> None:
    log = ReadLog(engine)
    with store.writing(engine) as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO elsewhere"))
    with pytest.raises(DBAPIError):
        look(log)
    with store.writing(engine) as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO audit"))
    look(log)
    assert len(looks(engine)) == 1
