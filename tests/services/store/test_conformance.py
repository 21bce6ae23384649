"""Reports of the conformance kit are added and never changed, whoever asks the database."""

from pathlib import Path
from uuid import uuid4

import database_copies
import pytest
from place_rows import PlaceRows
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from studio_rows import NOW_MS

from services.store import conformance
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
    for statement in ("UPDATE conformance SET failed = 0", "DELETE FROM conformance"):
        with pytest.raises(DBAPIError, match="never changed"), writing(engine) as connection:
            connection.execute(text(statement))
    with engine.connect() as connection:
        assert conformance.newest(connection, "sim")["rotation-1"].failed == 1
        assert conformance.is_there(connection, PLACE, NOW_MS)
        assert not conformance.is_there(connection, PLACE, NOW_MS + 1)
    engine.dispose()
