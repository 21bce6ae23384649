from pathlib import Path
from typing import Any

import database_copies
import pytest
from sqlalchemy import Engine

from openspine.day.alerts import Inbox
from services.store import rows, tables
from services.store.engine import open_engine, writing

OPENS_MS = 1_000


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    url = f"sqlite:///{tmp_path / 'openspine.sqlite'}"
    database_copies.migrate(url)
    return open_engine(url)


def raise_alert(engine: Engine, number: int, raised_ms: int, **other: Any) -> None:
    row = {
        "id": f"00000000-0000-4000-8000-{number:012d}", "code": "pain", "severity": "red", "origin": "sim",
        "machine": "row-1", "patient_id": None, "session_id": None, "detail": "", "raised_ms": raised_ms,
        "state": "open", "handled_by": None, "handled_ms": None, "resolved_ms": None, "resolved_why": None,
    }  # fmt: skip
    with writing(engine) as connection:
        rows.insert_rows(connection, tables.alert, [row | other])


def test_an_alert_is_handed_over_once_in_the_days_time_and_oldest_first(engine: Engine) -> None:
    asks = [0]
    inbox = Inbox(engine, OPENS_MS, lambda: asks[0])
    raise_alert(engine, 1, 500)  # of another day
    raise_alert(engine, 2, 3_000)
    raise_alert(engine, 3, 2_000, code="fault", severity="amber", machine=None)
    asks[0] = 1
    found = inbox.new()
    assert [(one.raised_ms, one.code, one.severity, one.machine) for one in found] == [
        (1_000, "fault", "amber", ""),
        (2_000, "pain", "red", "row-1"),
    ]
    asks[0] = 2
    assert inbox.new() == []


def test_nothing_is_read_while_nothing_was_asked(engine: Engine) -> None:
    asks = [0]
    inbox = Inbox(engine, OPENS_MS, lambda: asks[0])
    raise_alert(engine, 1, 2_000)
    assert inbox.new() == []
    asks[0] = 1
    assert len(inbox.new()) == 1
