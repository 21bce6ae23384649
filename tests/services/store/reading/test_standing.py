from studio_rows import NOW_MS, StudioRows, named

from services.insights.standing import standing
from services.store import tables
from services.store.engine import open_engine, upgrade, writing
from services.store.reading.standing import standing as laid_down

CHAN = named("Chan Mei Ling")
DAY = "2026-11-18"


def test_what_staff_laid_down_stands_until_it_is_taken_back(database_url: str) -> None:
    upgrade(database_url)
    studio = StudioRows(open_engine(database_url))
    studio.site()
    studio.patient()
    studio.session("today")
    by = {"patient_id": CHAN, "origin": "sim", "reason": "Tired", "by_id": "u", "by_name": "Ho Wing Yan"}
    preset = by | {"kind": "half_load", "day": DAY, "made_ms": NOW_MS}
    studio.put(tables.preset, preset | {"id": named("half")})
    studio.put(tables.preset, preset | {"id": named("ended"), "ended_ms": NOW_MS})
    studio.put(tables.preset, preset | {"id": named("yesterday"), "day": "2026-11-17"})
    order = by | {"machine": "rotation-1", "session_id": named("today"), "seq": 1, "made_ms": NOW_MS}
    studio.put(tables.staff_order, order | {"id": named("pause"), "kind": "pause"})
    studio.put(tables.staff_order, order | {"id": named("over"), "kind": "override", "side": "left"})
    studio.put(tables.staff_order, order | {"id": named("done"), "kind": "stop", "ended_ms": NOW_MS})
    assert seen(studio) == [
        ("half_load", None, "Tired", "Ho Wing Yan"),
        ("override", "rotation-1", "Tired", "Ho Wing Yan"),
        ("pause", "rotation-1", "Tired", "Ho Wing Yan"),
    ]
    with writing(studio.engine) as connection:
        connection.execute(tables.session.update().values(closed_ms=NOW_MS))
    assert [kind for kind, *_ in seen(studio)] == ["half_load", "pause"]  # an override ends with its session


def seen(studio: StudioRows) -> list[tuple[str, str | None, str, str]]:
    with studio.engine.connect() as connection:
        found = standing(laid_down(connection, CHAN, DAY))
    return sorted((one.kind, one.machine, one.reason, one.by) for one in found)
