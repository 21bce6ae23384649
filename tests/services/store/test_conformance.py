"""Reports of the conformance kit are added and never changed, whoever asks the database."""

from pathlib import Path
from uuid import uuid4

import database_copies
import pytest
from place_rows import PlaceRows
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from studio_rows import NOW_MS

from services.store import conformance, tables
from services.store.engine import open_engine, writing
from services.store.machines import Place

PLACE: Place = ("sim", "rotation-1")


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_what_was_found_is_never_changed(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'openspine.sqlite'}"
    if database == "postgres":
        url = request.getfixturevalue("postgres_server").create_database(f"conformance_{uuid4().hex}")
    database_copies.migrate(url)
    engine = open_engine(url)
    place = PlaceRows(engine)
    place.site()
    place.machine()
    row = dict.fromkeys(("passed", "failed", "skipped", "left_out"), 1) | {"id": str(uuid4()), "rules": []}
    words = ("level", "kit", "protocol", "firmware", "by_id", "by_name")
    row |= {"origin": "sim", "machine": "rotation-1", "tested_ms": NOW_MS, "at_ms": NOW_MS}
    with writing(engine) as connection:
        conformance.add(connection, row | dict.fromkeys(words, "1"))
    again = row | dict.fromkeys(words, "2") | {"id": str(uuid4())}
    with pytest.raises(IntegrityError), writing(engine) as connection:
        conformance.add(connection, again)
    with writing(engine) as connection:
        conformance.add(connection, again | {"tested_ms": NOW_MS - 1})
        connection.execute(text("UPDATE conformance SET by_name = 'sealed anew'"))
    kept = [one for one in tables.conformance.columns if one.name != "by_name"]
    changes = [update(tables.conformance).values({one.name: one}) for one in kept]
    for statement in (*changes, delete(tables.conformance)):
        with pytest.raises(DBAPIError, match="never changed"), writing(engine) as connection:
            connection.execute(statement)
    with engine.connect() as connection:
        assert conformance.newest(connection, "sim")["rotation-1"].failed == 1
        assert [one.by_name for one in conformance.page(connection, PLACE, None, 9)] == ["sealed anew"] * 2
    engine.dispose()
