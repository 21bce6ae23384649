from collections.abc import Iterator

import database_copies
import pytest
from sqlalchemy import Engine, select

from services.store import engine as store
from services.store import rows, tables
from services.store.ledger import Ledger

SITE = {"id": "studio", "name": "Studio", "time_zone": "UTC"}
MACHINE = {
    "origin": "sim",
    "id": "lumbar-1",
    "kind": "lumbar_extension",
    "site_id": "studio",
    "name": "Lumbar 1",
    "enrolled_ms": 1,
    "retired": False,
}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    database_copies.migrate(database_url)
    made = store.open_engine(database_url)
    yield made
    made.dispose()


def _names(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return {row.id: row.name for row in connection.execute(select(tables.site))}


def test_a_row_that_is_there_stays_or_is_replaced(engine: Engine) -> None:
    other = SITE | {"name": "Other"}
    with store.writing(engine) as connection:
        rows.insert_missing(connection, tables.site, [SITE])
        rows.insert_missing(connection, tables.site, [other])
    assert _names(engine) == {"studio": "Studio"}

    with store.writing(engine) as connection:
        rows.upsert(connection, tables.site, [other, SITE | {"id": "second"}])
    assert _names(engine) == {"studio": "Other", "second": "Studio"}


def test_only_the_keys_of_new_rows_are_returned(engine: Engine) -> None:
    with store.writing(engine) as connection:
        assert rows.insert_returning(connection, tables.site, [SITE]) == {("studio",)}
        again = [SITE, SITE | {"id": "second"}, SITE | {"id": "third"}]
        assert rows.insert_returning(connection, tables.site, again) == {("second",), ("third",)}
        assert rows.insert_returning(connection, tables.site, []) == set()


def test_a_ledger_writes_parents_first_and_changes_last(engine: Engine) -> None:
    ledger = Ledger(now_ms=1)
    ledger.insert(tables.machine, MACHINE)
    ledger.change(tables.machine, ("origin", "id"), {"origin": "sim", "id": "lumbar-1", "name": "New"})
    ledger.replace(tables.site, SITE)
    ledger.replace(tables.site, SITE | {"name": "Newest"})

    with store.writing(engine) as connection:
        ledger.flush(connection)
        ledger.flush(connection)

    assert _names(engine) == {"studio": "Newest"}
    with engine.connect() as connection:
        assert connection.scalars(select(tables.machine.c.name)).all() == ["New"]
