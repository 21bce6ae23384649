"""What is older than its term goes, what is younger stays, and the audit says that it was cut."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import database_copies
import pytest
from planted import WHEN_MS, Planted, prepare
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import DBAPIError

from services.audit.chain import check
from services.keys.audit import checking_keys, open_audit_key
from services.privacy.retention import DAY_MS, Terms, due, run
from services.sealing import Secrets
from services.store import audit, tables
from services.store import engine as store

TERMS = Terms(curves_days=90, transit_days=30, sessions_days=400, audit_days=300)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    open_audit_key(tmp_path / "keys", make=True)
    return tmp_path / "keys"


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path, keys: Path) -> Iterator[Engine]:
    """A person with one row in every table, all of one day, and ten entries of the audit, one a day."""
    url = str(getattr(request, "param", "")) or f"sqlite:///{tmp_path / 'openspine.sqlite'}"
    if url == "postgres":
        url = request.getfixturevalue("postgres_server").create_database(f"retention_{uuid4().hex}")
    database_copies.migrate(url)
    made = store.open_engine(url, Secrets(audit=open_audit_key(keys, make=False)))
    with store.writing(made) as connection:
        prepare(connection)
        Planted(connection, "eve-").plant()
        badge = {"origin": "sim", "machine": "m", "stream": "s", "seq": 9, "kind": "sign_in", "boot": "b"}
        badge |= {"body_hash": "h", "raw": b"badge-1", "wall_ms": 1, "mono_ms": 1, "received_ms": WHEN_MS}
        connection.execute(tables.inbox.insert(), [badge])
        out = {"id": "out", "topic": "t", "payload": b"p", "created_ms": WHEN_MS, "published_ms": WHEN_MS}
        connection.execute(tables.outbox.insert(), [out])
        for day in range(10):
            audit.record(
                connection,
                audit.Entry(
                    at_ms=WHEN_MS + day * DAY_MS,
                    actor="dr",
                    action="patient.read",
                    thing="patient",
                    thing_id="p",
                ),
            )
    yield made
    made.dispose()


def later(days: float) -> int:
    return WHEN_MS + int(days * DAY_MS) + 1


def count(engine: Engine, table: object) -> int:
    with engine.connect() as connection:
        return connection.scalars(select(func.count()).select_from(table)).one()  # type: ignore[arg-type]


def faults(engine: Engine, keys: Path) -> int:
    with engine.connect() as connection:
        after = audit.cut(connection)
        return check(audit.stored(connection), checking_keys([keys]), after=after).faults_found


def test_nothing_goes_before_its_term(engine: Engine) -> None:
    run(engine, TERMS, later(1))
    assert set(vars_of(due(engine, TERMS, later(29)))) == {0}
    assert set(vars_of(run(engine, TERMS, later(29)))) == {0}
    assert count(engine, tables.audit) == 11  # one says that a badge has gone


def vars_of(found: object) -> list[int]:
    return [getattr(found, name) for name in found.__slots__]  # type: ignore[attr-defined]


def test_badges_go_after_a_day(engine: Engine) -> None:
    assert due(engine, TERMS, later(0.9)).sign_ins == 0
    assert run(engine, TERMS, later(1)).sign_ins == 1
    with engine.connect() as connection:
        raws = connection.scalars(select(tables.inbox.c.raw)).all()
    assert sorted(bool(raw) for raw in raws) == [False, True]


def test_transit_goes_first_then_curves_and_bytes(engine: Engine) -> None:
    assert due(engine, TERMS, later(31)).transit == 1
    assert run(engine, TERMS, later(31)).transit == 1
    assert count(engine, tables.outbox) == 0
    assert run(engine, TERMS, later(89)).curves == 0
    done = run(engine, TERMS, later(91))
    assert (done.curves, done.messages, done.sessions) == (1, 1, 0)
    with engine.connect() as connection:
        assert connection.scalars(select(tables.rep.c.curve)).one() is None
        assert connection.scalars(select(tables.rep.c.work_j)).one() > 0
        assert set(connection.scalars(select(tables.inbox.c.raw))) == {b""}
    assert run(engine, TERMS, later(91)).curves == 0


@pytest.mark.parametrize("engine", ["", "postgres"], indirect=True)
def test_old_sessions_go_with_all_that_hangs_on_them_and_the_person_stays(engine: Engine, keys: Path) -> None:
    terms = Terms(curves_days=90, transit_days=30, sessions_days=400, audit_days=10**6)
    assert run(engine, terms, later(401)).sessions == 1
    for table in (tables.rep, tables.decision, tables.setting, tables.summary, tables.session, tables.belief):
        assert count(engine, table) == 0, table.name
    assert [count(engine, table) for table in (tables.patient, tables.inbox, tables.note)] == [1, 2, 1]
    assert faults(engine, keys) == 0


@pytest.mark.parametrize("engine", ["", "postgres"], indirect=True)
def test_the_audit_is_cut_where_it_says_so_and_still_holds(engine: Engine, keys: Path) -> None:
    now_ms = later(304)
    assert due(engine, TERMS, now_ms).entries == 5
    assert run(engine, TERMS, now_ms).entries == 5
    assert faults(engine, keys) == 0
    with engine.connect() as connection:
        rows = list(audit.stored(connection))
        assert [row.id for row in rows][:5] == [6, 7, 8, 9, 10]
        assert next(row.action for row in rows if row.actor == "retention") == "audit.pruned"
    with pytest.raises(DBAPIError, match="append-only"), store.writing(engine) as connection:
        connection.execute(text("DELETE FROM audit"))  # refused again
    assert run(engine, TERMS, later(306)).entries == 2
    assert faults(engine, keys) == 0


def test_who_takes_more_than_retention_said_is_found(engine: Engine, keys: Path) -> None:
    run(engine, TERMS, later(304))
    with store.writing(engine) as connection:
        connection.execute(text("DROP TRIGGER audit_no_delete"))
        connection.execute(text("DELETE FROM audit WHERE id = 6"))
    assert faults(engine, keys) > 0


def test_a_young_session_stays(engine: Engine) -> None:
    with store.writing(engine) as connection:
        connection.execute(update(tables.session).values(opened_ms=later(300)))
    assert run(engine, TERMS, later(401)).sessions == 0
    assert count(engine, tables.rep) == 1
