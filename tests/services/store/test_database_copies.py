"""A copy of a migrated database is what the migrations make, and nobody else's."""

from pathlib import Path

import database_copies
import pytest
from sqlalchemy import func, select

from services.store import engine as store
from services.store import tables

SITE = {"id": "studio", "name": "Studio", "time_zone": "UTC"}


def test_a_copy_is_whole_and_what_is_written_stays_in_it(
    database_url: str, request: pytest.FixtureRequest
) -> None:
    database_copies.migrate(database_url)
    engine = store.open_engine(database_url)
    with store.writing(engine) as connection:
        connection.execute(tables.site.insert(), [SITE])
    engine.dispose()
    assert not store.has_drifted(database_url)

    other = f"{database_url}.other"
    if not other.startswith("sqlite"):
        other = request.getfixturevalue("postgres_server").create_database("test_another_copy")
    database_copies.migrate(other)
    engine = store.open_engine(other)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.site)) == 0
    engine.dispose()


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    database_copies.migrate(url)
    with pytest.raises(FileExistsError):
        database_copies.migrate(url)
