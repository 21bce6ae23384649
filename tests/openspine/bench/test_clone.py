"""Copies of a studio: where and when each is, and ids that the database makes as Python does."""

import uuid

from sqlalchemy import text

from openspine.bench.clone import CLONED, IDS, SEALED, Copies, made
from openspine.postgres import Postgres
from services.store import tables
from services.store.engine import open_engine

COPIES = Copies(count=832, sites=49, weeks=104, now_ms=1_795_000_000_000)


def test_copies_are_spread_over_sites_and_weeks() -> None:
    assert COPIES.shift_weeks(1) == 0
    assert COPIES.shift_weeks(832) == 103
    assert {COPIES.site(copy) for copy in range(1, 833)} == {f"site-{number}" for number in range(49)}


def test_the_database_makes_the_same_ids(postgres_server: Postgres) -> None:
    seed = str(uuid.UUID(int=7))
    engine = open_engine(postgres_server.url())
    with engine.connect() as connection:
        found = connection.scalar(
            text("SELECT CAST(CAST(md5(:seed || ':' || 12) AS uuid) AS text)"), {"seed": seed}
        )
    engine.dispose()
    assert found == made(seed, 12) != made(seed, 13)


def test_every_id_of_a_cloned_row_is_changed() -> None:
    for name in CLONED:
        table = tables.metadata.tables[name]
        points = {
            key.parent.name for key in table.foreign_keys if key.column.table.name in {*CLONED, *SEALED}
        }
        own = {column.name for column in table.primary_key.columns if column.name == "id"}
        assert points | own <= IDS, name
