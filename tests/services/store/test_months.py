"""Months of reps: made ahead, filled, dropped whole, closed to readers by name, moved by the migration."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError
from studio_rows import DAY_MS, NOW_MS, StudioRows, named

from openspine.postgres import Postgres
from services.access import EVERYTHING
from services.store import engine as store
from services.store import fence, months, sessions, tables
from services.store.reading import model
from services.store.reading import sessions as reading

NEXT_YEAR_MS = int(datetime(2027, 6, 15, tzinfo=UTC).timestamp()) * 1_000


@pytest.fixture
def studio(postgres_server: Postgres) -> Iterator[StudioRows]:
    url = postgres_server.create_database(f"months_{uuid.uuid4().hex}")
    store.upgrade(url)
    engine = store.open_engine(url)
    rows = StudioRows(engine)
    rows.site()
    rows.machine()
    rows.patient()
    yield rows
    engine.dispose()


def trained(studio: StudioRows, name: str, at_ms: int) -> None:
    studio.session(name, opened_ms=at_ms, filed_ms=at_ms)
    for number in (1, 2):
        studio.rep(name, number, filed_ms=at_ms, wall_ms=at_ms)


def where(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT tableoid::regclass::text, COUNT(*) FROM rep GROUP BY 1"))
        return {row[0]: row[1] for row in found}


def make(engine: Engine, now_ms: int) -> list[str]:
    with store.writing(engine) as connection:
        return months.make_ahead(connection, now_ms)


def test_a_month_is_utc_and_ends_where_the_next_begins() -> None:
    found = months.month_of(NOW_MS)
    assert found.name == "rep_2026_11"
    assert found.until_ms == months.month_of(NOW_MS, 1).from_ms
    assert months.month_of(found.from_ms - 1).name == "rep_2026_10"
    assert months.month_of(NOW_MS, 2).name == "rep_2027_01"


def test_months_are_made_ahead_once(studio: StudioRows) -> None:
    assert make(studio.engine, NEXT_YEAR_MS) == ["rep_2027_06", "rep_2027_07", "rep_2027_08"]
    assert make(studio.engine, NEXT_YEAR_MS) == []
    with studio.engine.connect() as connection:
        assert months.standing(connection)[-1] == months.month_of(NEXT_YEAR_MS, 2)


def test_rows_that_came_before_their_month_move_into_it(studio: StudioRows) -> None:
    trained(studio, "early", NEXT_YEAR_MS)
    trained(studio, "never", 0)
    assert where(studio.engine) == {"rep_other": 4}
    make(studio.engine, NEXT_YEAR_MS)
    assert where(studio.engine) == {"rep_other": 2, "rep_2027_06": 2}
    trained(studio, "late", NEXT_YEAR_MS + DAY_MS)
    assert where(studio.engine)["rep_2027_06"] == 4


def test_what_is_made_by_the_job_is_no_drift(studio: StudioRows) -> None:
    make(studio.engine, NEXT_YEAR_MS)
    assert not store.has_drifted(studio.engine.url.render_as_string(hide_password=False))


def test_an_old_month_is_dropped_when_no_session_of_it_stays(studio: StudioRows) -> None:
    make(studio.engine, NEXT_YEAR_MS)
    trained(studio, "old", NEXT_YEAR_MS)
    after_ms = NEXT_YEAR_MS + 60 * DAY_MS
    studio.session("imported", opened_ms=after_ms + DAY_MS, filed_ms=NEXT_YEAR_MS)
    with store.writing(studio.engine) as connection:
        assert "rep_2027_06" not in months.drop_old(connection, after_ms)
    with store.writing(studio.engine) as connection:
        connection.execute(tables.session.delete().where(tables.session.c.id == named("imported")))
        assert "rep_2027_06" in months.drop_old(connection, after_ms)
        assert months.standing(connection)[-1].name == "rep_2027_08"  # not over yet
    assert where(studio.engine) == {}


def test_whoever_reads_stands_in_the_way_for_a_short_while_only(
    studio: StudioRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "PATIENCE_MS", 50)
    make(studio.engine, NEXT_YEAR_MS)
    with studio.engine.connect() as reader:
        reader.execute(select(func.count()).select_from(tables.rep))
        with (
            pytest.raises(OperationalError, match="lock timeout"),
            store.writing(studio.engine) as connection,
        ):
            months.drop_old(connection, NEXT_YEAR_MS + 90 * DAY_MS)


def test_nobody_goes_around_the_fence_by_the_name_of_a_month(studio: StudioRows) -> None:
    trained(studio, "now", NOW_MS)
    trained(studio, "never", 0)
    make(studio.engine, NEXT_YEAR_MS)
    seen = text(
        "SELECT (SELECT COUNT(*) FROM rep), (SELECT COUNT(*) FROM rep_2026_11), COUNT(*) FROM rep_other"
    )
    with studio.engine.connect() as connection:
        assert tuple(connection.execute(seen).one()) == (4, 2, 2)
        connection.rollback()
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {fence.ROLE}"))
        fence.narrow(connection, EVERYTHING)
        assert tuple(connection.execute(seen).one()) == (4, 0, 0)


def test_reps_are_looked_for_in_their_month_alone(studio: StudioRows) -> None:
    make(studio.engine, NEXT_YEAR_MS)
    trained(studio, "one", NEXT_YEAR_MS)
    one = named("one")
    with studio.engine.connect() as connection:
        assert len(sessions.facts(connection, {one: NEXT_YEAR_MS})["rep"]) == 2
        assert len(reading.reps(connection, one, curves=False)) == 2
        wanted = tables.rep.c.filed_ms.between(NEXT_YEAR_MS, NEXT_YEAR_MS)
        query = select(tables.rep.c.seq).where(tables.rep.c.session_id == one, wanted)
        plan = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
        told = "\n".join(connection.scalars(text(f"EXPLAIN {plan}")))
    assert "rep_2027_06" in told
    assert "rep_other" not in told


def test_rows_and_sums_go_down_and_up_again(database_url: str) -> None:
    store.upgrade(database_url)
    engine = store.open_engine(database_url)
    studio = StudioRows(engine)
    studio.site()
    studio.machine()
    studio.patient()
    for name, closed_ms in (("over", NOW_MS + 1), ("open", None)):
        studio.session(name, opened_ms=NOW_MS, closed_ms=closed_ms)
        studio.decision(name, name)
        studio.setting(name, name, name, state="applied", applied_load_g=12_000)
        studio.rep(name, 1)

    def seen() -> tuple[object, ...]:
        with engine.connect() as connection:
            reps = connection.execute(select(tables.rep).order_by(tables.rep.c.seq)).all()
            return reps, model.overrides(connection, "sim", 0)

    before = seen()
    store.downgrade(database_url, "0013")
    store.upgrade(database_url)
    assert seen() == before
    with engine.connect() as connection:
        [week] = connection.execute(select(tables.settings_week)).all()
        tallied = connection.scalars(select(tables.session.c.id).where(tables.session.c.tallied)).all()
    engine.dispose()
    assert (week.settings, week.applied, week.narrowed, week.overridden) == (1, 1, 1, 1)
    assert list(tallied) == [named("over")]
