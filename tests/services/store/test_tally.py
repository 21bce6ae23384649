"""Sums of settings by week: the same as counting all settings anew, whatever happens to them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update
from studio_rows import NOW_MS, StudioRows, named

from services.store import engine as store
from services.store import tables, tally

HERE = ("sim", "rotation-1")
STATES = ("pending", "applied", "refused", "expired")


@pytest.fixture
def studio(database_url: str) -> Iterator[StudioRows]:
    store.upgrade(database_url)
    engine = store.open_engine(database_url)
    rows = StudioRows(engine)
    rows.site()
    rows.machine()
    rows.patient()
    yield rows
    engine.dispose()


def over(
    studio: StudioRows, name: str, state: str = "applied", ended_by: str = "target", at_ms: int = NOW_MS
) -> None:
    studio.session(name, closed_ms=at_ms)
    studio.decision(name, name)
    studio.setting(name, name, name, state=state, applied_load_g=12_500, decided_ms=at_ms)
    studio.set_end(name, setting_id=named(name), ended_by=ended_by)


def sums(engine: Engine) -> dict[int, tuple[int, ...]]:
    """Read what is kept, by week: settings, applied, refused, expired, too heavy, overridden."""
    week = tables.settings_week.c
    shown = (week.settings, week.applied, week.refused, week.expired, week.too_heavy, week.overridden)
    with engine.connect() as connection:
        return {row[0]: tuple(row[1:]) for row in connection.execute(select(week.week, *shown))}


def fresh(engine: Engine) -> dict[int, tuple[int, ...]]:
    """Count the settings of every tallied session anew."""
    with engine.connect() as connection:
        found = connection.execute(tally.counted(tables.session.c.tallied)).all()
    return {
        row.week: (row.settings, row.applied, row.refused, row.expired, row.too_heavy, row.overridden)
        for row in found
    }


def add(engine: Engine) -> None:
    with store.writing(engine) as connection:
        tally.add(connection, [HERE])


def change(engine: Engine, name: str, state: str) -> None:
    """Do what a late receipt does."""
    with store.writing(engine) as connection:
        machines = tally.take_back(connection, (), [named(name)])
        wanted = tables.setting.c.id == named(name)
        connection.execute(update(tables.setting).where(wanted).values(state=state))
        tally.add(connection, machines)


def test_a_session_is_added_once_when_it_is_over(studio: StudioRows) -> None:
    studio.session("open")
    studio.decision("open", "open")
    studio.setting("open", "open", "open")
    over(studio, "over", ended_by="too_heavy")
    add(studio.engine)
    add(studio.engine)
    assert list(sums(studio.engine).values()) == [(1, 1, 0, 0, 1, 1)]


def test_a_late_receipt_moves_what_was_counted(studio: StudioRows) -> None:
    over(studio, "a", state="expired")
    over(studio, "b")
    over(studio, "c", at_ms=NOW_MS + tally.WEEK_MS)
    add(studio.engine)
    change(studio.engine, "a", "applied")
    assert sorted(sums(studio.engine).values()) == [(1, 1, 0, 0, 0, 0), (2, 2, 0, 0, 0, 0)]
    assert sums(studio.engine) == fresh(studio.engine)


def test_what_was_not_counted_is_not_taken_back(studio: StudioRows) -> None:
    over(studio, "a")
    with store.writing(studio.engine) as connection:
        assert tally.take_back(connection, [named("a")], [named("a")]) == set()
        assert tally.take_back(connection, (), ()) == ()
    assert sums(studio.engine) == {}


def test_another_machine_is_left_to_whoever_holds_it(studio: StudioRows) -> None:
    over(studio, "a")
    with store.writing(studio.engine) as connection:
        tally.add(connection, [("sim", "rotation-2")])
    assert sums(studio.engine) == {}


def test_a_change_without_taking_back_is_seen_in_the_sums(studio: StudioRows) -> None:
    over(studio, "a")
    add(studio.engine)
    with store.writing(studio.engine) as connection:
        connection.execute(update(tables.setting).values(state="refused"))
    assert sums(studio.engine) != fresh(studio.engine)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(STATES)), max_size=6))
def test_any_changes_keep_the_sums(tmp_path: Path, steps: list[tuple[str, str]]) -> None:
    url = f"sqlite:///{tmp_path / 'sums.sqlite'}"
    is_new = not (tmp_path / "sums.sqlite").exists()
    store.upgrade(url)
    engine = store.open_engine(url)
    studio = StudioRows(engine)
    if is_new:
        studio.site()
        studio.machine()
        studio.patient()
        for number, name in enumerate("abc"):
            over(studio, name, at_ms=NOW_MS + number * tally.WEEK_MS // 2)
    add(engine)
    for name, state in steps:
        change(engine, name, state)
    assert sums(engine) == fresh(engine)
    engine.dispose()
