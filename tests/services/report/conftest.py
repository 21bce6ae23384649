"""A person's report in a database of its own: a course long enough that something is told."""

from collections.abc import Iterator

import pytest
from report_rows import VISITS
from studio_rows import DAY_MS, NOW_MS, StudioRows, named

from services.store.engine import open_engine, upgrade


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioRows]:
    """One migrated database for all tests of this folder."""
    url = f"sqlite:///{tmp_path_factory.mktemp('report') / 'openspine.sqlite'}"
    upgrade(url)
    engine = open_engine(url)
    yield StudioRows(engine)
    engine.dispose()


@pytest.fixture
def studio(empty: StudioRows) -> StudioRows:
    """An empty studio."""
    empty.clear()
    empty.site()
    empty.machine()
    return empty


@pytest.fixture
def course(studio: StudioRows) -> StudioRows:
    """Eight visits: pain falls from 6 to 2, the right side grows."""
    studio.patient()
    studio.limits()
    for number in range(VISITS):
        day, session, at_ms = f"day-{number}", f"session-{number}", NOW_MS + number * 3 * DAY_MS
        studio.visit(day, number=number + 1, started_ms=at_ms, pain_before=6 - number // 2, morning_nrs=2)
        studio.session(session, visit_id=named(day), opened_ms=at_ms)
        for side, load_g in (("left", 12_000), ("right", 12_500)):
            studio.summary(
                session,
                day,
                side=side,
                wall_ms=at_ms + 300_000,
                load_g=load_g + 500 * number,
                end_cdeg=1_500 + 100 * number,
                capacity_kg=30.0 + number,
                capacity_low_kg=29.0 + number,
                capacity_high_kg=31.25 + number,
            )
        studio.decision(f"decision-{number}", session, now_ms=at_ms + 100_000)
        studio.setting(f"setting-{number}", session, f"decision-{number}", state="applied")
    return studio
