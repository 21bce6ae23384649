from pathlib import Path

import database_copies
from studio_rows import StudioRows

from openspine.person import find
from openspine.tables import of_everybody, of_one
from services.exports.csv.lists import Filters
from services.store.engine import open_engine
from services.store.reading.adjustments import EVERY


def test_every_table_has_its_header_in_the_zone_of_the_site(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studio.sqlite'}"
    database_copies.migrate(url)
    rows = StudioRows(open_engine(url))
    with rows.engine.connect() as connection:
        empty = of_everybody(connection, "sim", Filters())
    assert b"last_visit_at [UTC]" in empty["patients"]  # no site yet
    rows.site()
    rows.patient()
    with rows.engine.connect() as connection:
        found = of_one(connection, find(connection, "P-Ling"), EVERY)
        people = of_everybody(connection, "sim", Filters(search="nobody"))
    assert list(found) == ["sessions", "adjustments", "progress", "pain", "balance"]
    assert b"opened_at [Asia/Hong_Kong]" in found["sessions"]
    assert b"Chan" not in people["patients"]
    assert b"raised_at [Asia/Hong_Kong]" in people["alerts"]
    rows.engine.dispose()
