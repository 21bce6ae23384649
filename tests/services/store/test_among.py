"""Reading by many keys at once goes by index on SQLite: else every batch reads whole tables."""

from typing import Any

import pytest
from sqlalchemy import Engine, event

from contract.messages import Origin
from services.store import sessions, wire
from services.store.engine import open_engine, upgrade

KEYS: list[tuple[Origin, str, str, int]] = [
    ("sim", "lumbar-1", f"0000000{number}-0000-4000-8000-000000000000", number) for number in (1, 2, 3)
]


@pytest.fixture
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, list[tuple[str, object]]]:
    """Make an empty store that notes what it is asked."""
    url = f"sqlite:///{tmp_path_factory.mktemp('among') / 'openspine.sqlite'}"
    upgrade(url)
    engine = open_engine(url)
    said: list[tuple[str, object]] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(*given: object) -> None:
        said.append((str(given[2]), given[3]))

    return engine, said


def test_keys_are_looked_up_and_no_table_is_gone_through(
    asked: tuple[Engine, list[tuple[str, object]]],
) -> None:
    engine, said = asked
    with engine.connect() as connection:
        sessions.facts(connection, {"s-1": 1, "s-2": 2})
        wire.hashes(connection, KEYS)
        wire.forget(connection, KEYS)
        wire.answered(connection, KEYS)
        wire.marks(connection, [key[:3] for key in KEYS])
        scanned = [_scanned(connection, *one) for one in list(said)]
        assert len(scanned) > len(sessions._FACTS) + 3
        assert [one for one in scanned if one] == []
        assert _scanned(connection, "SELECT * FROM inbox WHERE seq = 1", ())
    engine.dispose()


def _scanned(connection: Any, statement: str, parameters: object) -> list[str]:
    raw = connection.connection.driver_connection
    told = [str(row[3]) for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    own = ("SCAN json_each", "SCAN CONSTANT", "CONSTANT ROW")
    return [one for one in told if one.startswith("SCAN") and not any(word in one for word in own)]
