"""What is kept how long: the terms of the last run, what is due by them, and runs that did not end."""

from collections.abc import Iterator
from pathlib import Path

import database_copies
import pytest
from planted import WHEN_MS, Planted, prepare
from sqlalchemy import Engine

from services.keys.audit import open_audit_key
from services.privacy import keeping
from services.privacy.retention import DAY_MS, Terms, run
from services.sealing import Secrets
from services.store import engine as store
from services.store import retaining

TERMS = Terms(sign_ins_days=1, curves_days=60, transit_days=30, sessions_days=400, audit_days=300)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'openspine.sqlite'}"
    database_copies.migrate(url)
    made = store.open_engine(url, Secrets(audit=open_audit_key(tmp_path / "keys", make=True)))
    with store.writing(made) as connection:
        prepare(connection)
        Planted(connection, "eve-").plant()
    yield made
    made.dispose()


def later(days: float) -> int:
    return WHEN_MS + int(days * DAY_MS) + 1


def by_name(found: keeping.Keeping) -> dict[str, keeping.Kept]:
    return {one.what: one for one in found.kept}


def test_before_the_first_run_the_usual_terms_stand_and_it_is_late(engine: Engine) -> None:
    found = keeping.keeping(engine, later(91))
    assert (found.has_usual_terms, found.runs, found.next_at, found.is_late) == (True, (), None, True)
    kept = by_name(found)
    assert (kept["curves"].term_days, kept["curves"].due, kept["messages"].due) == (90, 1, 1)
    assert (kept["identity"].term_days, kept["identity"].due) == (None, None)


def test_a_run_leaves_its_terms_its_counts_and_its_end(engine: Engine) -> None:
    done = run(engine, TERMS, later(61), lambda: later(61) + 5_000)
    found = keeping.keeping(engine, later(61.5))
    (shown,) = found.runs
    assert done.curves == shown.removed["curves"] == 1
    assert shown.finished_at is not None
    assert (shown.finished_at - shown.started_at).total_seconds() == 5
    assert (by_name(found)["curves"].term_days, by_name(found)["curves"].due) == (60, 0)
    assert (found.has_usual_terms, found.is_late) == (False, False)
    assert found.next_at is not None
    assert found.next_at.timestamp() * 1_000 == later(62)
    assert keeping.keeping(engine, later(62.2)).is_late


def test_a_run_that_broke_off_has_no_end(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise OSError("no room")

    monkeypatch.setattr(retaining, "drop_curves", broken)
    with pytest.raises(OSError, match="no room"):
        run(engine, TERMS, later(61))
    (shown,) = keeping.keeping(engine, later(61)).runs
    assert (shown.finished_at, shown.removed) == (None, {})


def test_counting_ends_while_somebody_waits(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "DUE_MOST", 1)
    curves = by_name(keeping.keeping(engine, later(91)))["curves"]
    assert (curves.due, curves.is_due_more) == (1, True)


def test_terms_of_another_version_are_read_as_far_as_they_are_known(engine: Engine) -> None:
    with store.writing(engine) as connection:
        retaining.begin_run(connection, "r-1", {"curves_days": 7, "unknown_days": 1}, later(0))
    kept = by_name(keeping.keeping(engine, later(0)))
    assert (kept["curves"].term_days, kept["transit"].term_days) == (7, 30)
