"""Orders of staff reach sessions in the order in which the message path locks them."""

from pathlib import Path

import database_copies
from sqlalchemy import Engine
from studio_rows import NOW_MS, StudioRows

from services.store import engine as store
from services.store import orders


def opened(tmp_path: Path) -> Engine:
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    database_copies.migrate(url)
    return store.open_engine(url)


def test_open_sessions_of_a_person_come_by_id_whichever_is_newer(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    studio = StudioRows(engine)
    studio.site()
    patient = studio.patient("Chan Mei Ling")
    other = {"machine": "rotation-2", "stream": "33333333-3333-4333-8333-333333333333"}
    newer = studio.session("one", opened_ms=NOW_MS + 1)
    older = studio.session("two", **other)
    assert older < newer
    later = studio.session("three", opened_ms=NOW_MS + 2, closed_ms=NOW_MS + 3, machine="rotation-3")
    with engine.connect() as connection:
        found = [row.id for row in orders.running(connection, patient)]
    engine.dispose()
    assert found == [older, newer]
    assert later not in found
