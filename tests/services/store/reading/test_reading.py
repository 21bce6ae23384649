"""Verbs for screens on both databases; what the routes make of them is tested with the API."""

import zlib

import database_copies
from studio_rows import NOW_MS, StudioRows, named

from services.store.engine import open_engine
from services.store.reading import adjustments, alerts, operations, sessions
from services.store.reading.keyset import Moment

CHAN = named("Chan Mei Ling")


def test_verbs_for_screens(database_url: str) -> None:
    database_copies.migrate(database_url)
    engine = open_engine(database_url)
    rows = StudioRows(engine)
    rows.site(time_zone="Asia/Macau")
    rows.patient()
    for name in ("one", "two"):
        rows.session(name)
    rows.decision("cause", "one", why=[{"code": "lower_red_pain", "values": {"nrs": 7}}])
    rows.decision("long", "one", now_ms=NOW_MS + 1, request=zlib.compress(b"x" * 100_000))
    rows.alert("red", "red", session_id=named("one"), patient_id=CHAN, detail="lower_red_pain")
    rows.alert("old", "red", session_id=named("two"), state="resolved")
    with engine.connect() as connection:
        found = alerts.of_sessions(connection, [named("one"), named("two")])
        assert [(row.code, row.why[0]["values"]) for row in found] == [("red", {"nrs": 7})]
        assert [row.code for row in alerts.of_patients(connection, [CHAN])] == ["red"]
        assert adjustments.logged(connection, named("long"), "sim", "request") == b"x" * 100_000
        assert adjustments.logged(connection, named("long"), "real", "request") is None
        first = sessions.page(connection, CHAN, None, 1)[0]
        rest = sessions.page(connection, CHAN, Moment(at_ms=first.opened_ms, id=first.id), 5)
        assert {first.id, *(row.id for row in rest)} == {named("one"), named("two")}
        assert len(rest) == 1
        assert operations.revision(connection) == operations.newest_revision()
        assert operations.studio_zone(connection) == "Asia/Macau"
        assert operations.open_alerts_by_severity(connection) == {"red": 1}
    engine.dispose()
