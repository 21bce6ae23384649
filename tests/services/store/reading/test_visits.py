"""A day in pages: every visit once, by time, of the sites that were asked for alone."""

from typing import Any

import database_copies
from sqlalchemy import Connection
from studio_rows import DAY_MS, NOW_MS, StudioRows, named

from services.store.engine import open_engine
from services.store.reading import visits
from services.store.reading.keyset import Moment
from services.store.tables import booking

TODAY, HOUR_MS = "2026-11-18", 3_600_000
BOOKED, WALKED_IN, ELSEWHERE = 5, 4, 2


def book(rows: StudioRows, name: str, day: str, starts_ms: int, site: str = "studio") -> None:
    row: dict[str, Any] = {
        "id": named(f"b-{name}"),
        "patient_id": named(name),
        "origin": "sim",
        "site_id": site,
        "day": day,
    }
    row |= {"starts_ms": starts_ms, "minutes": 40, "state": "planned", "stations": [], "version": 1}
    rows.put(booking, row | {"made_by": "dr", "made_ms": NOW_MS, "changed_ms": NOW_MS})


def fill(rows: StudioRows) -> None:
    """Book some, two of them at the same time; let others walk in, and one of the booked come."""
    rows.site()
    rows.site(id="elsewhere")
    for number in range(BOOKED + ELSEWHERE):
        site = "studio" if number < BOOKED else "elsewhere"
        rows.patient(f"booked {number}", code=f"B-{number}", site_id=site)
        book(rows, f"booked {number}", TODAY, NOW_MS + number // 2 * HOUR_MS, site)
    for number in range(WALKED_IN):
        rows.patient(f"walked {number}", code=f"W-{number}")
        rows.visit(f"v{number}", f"walked {number}", day=TODAY, started_ms=NOW_MS + number * HOUR_MS)
    rows.visit("came", "booked 0", day=TODAY, started_ms=NOW_MS)
    rows.visit("before", "booked 1", day="2026-11-17", started_ms=NOW_MS - DAY_MS)


def pages(connection: Connection, day: visits.Day, limit: int) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    after = None
    while rows := visits.page(connection, day, after, limit):
        found += [(row.at_ms, row.id) for row in rows]
        after = Moment(at_ms=rows[-1].at_ms, id=rows[-1].id)
    return found


def test_pages_hold_every_visit_of_the_sites_once_by_time(database_url: str) -> None:
    database_copies.migrate(database_url)
    opened = open_engine(database_url)
    fill(StudioRows(opened))
    with opened.connect() as connection:
        for sites, count in ((None, BOOKED + ELSEWHERE + WALKED_IN), ({"studio"}, BOOKED + WALKED_IN)):
            day = visits.Day(origin="sim", sites=sites, day=TODAY)
            whole = pages(connection, day, 100)
            assert whole == sorted(set(whole))
            assert len(whole) == count == visits.counted(connection, day)
            assert pages(connection, day, 2) == whole
        rows = visits.page(connection, visits.Day(origin="sim", sites={"studio"}, day=TODAY), None, 100)
        planned = visits.booked(connection, [row.id for row in rows if row.is_booked])
        came = visits.walked_in(connection, [row.id for row in rows if not row.is_booked])
        assert {row.id for row in planned if row.visit_id is not None} == {named("b-booked 0")}
        assert {row.name for row in came} == {f"walked {number}" for number in range(WALKED_IN)}
        other = visits.Day(origin="real", sites=None, day=TODAY)
        assert visits.counted(connection, other) == 0 == len(pages(connection, other, 100))
    opened.dispose()
