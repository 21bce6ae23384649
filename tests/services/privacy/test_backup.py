"""What was backed up comes back row by row into either database; who was erased since stays erased."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import database_copies
import pytest
from planted import WHEN_MS, Planted, prepare
from sqlalchemy import Engine, func, select, text

from services.keys.audit import open_audit_key
from services.keys.identity import make_identity_key
from services.opened import open_store
from services.privacy.backup import BackupRefusedError, Restored, backup, restore
from services.privacy.erasure import RESEARCH, Order, Tombstone, erase
from services.store import copying, tables
from services.store import engine as store

Restore = Callable[..., Restored]


def silent(_table: str, _count: int) -> None:
    pass


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    open_audit_key(tmp_path / "keys", make=True)
    make_identity_key(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def url(tmp_path: Path, keys: Path) -> str:
    """Two people in every table, their identities sealed."""
    found = f"sqlite:///{tmp_path / 'live.sqlite'}"
    database_copies.migrate(found)
    engine = open_store(found, keys, demo=False)
    with store.writing(engine) as connection:
        prepare(connection)
        for name in ("adam", "eve-"):
            Planted(connection, name).plant()
    engine.dispose()
    return found


@pytest.fixture
def again(keys: Path) -> Restore:
    def back(file: Path, url: str, *erased: Tombstone) -> Restored:
        return restore(
            file, url, silent, open_store=lambda: open_store(url, keys, demo=False), erased=erased, now_ms=7
        )

    return back


def patients(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return {row.name: row.id for row in connection.execute(select(tables.patient))}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_every_table_comes_back_with_equal_rows(
    tmp_path: Path, url: str, keys: Path, again: Restore, request: pytest.FixtureRequest, kind: str
) -> None:
    file, target = tmp_path / "backup.sqlite", f"sqlite:///{tmp_path / 'new.sqlite'}"
    if kind == "postgres":
        target = request.getfixturevalue("postgres_server").create_database(f"backup_{uuid4().hex}")
    written = backup(url, file, silent)
    assert file.stat().st_mode & 0o777 == 0o600
    assert set(written) == set(tables.metadata.tables)
    assert again(file, target).hashes == written
    raw = copying.open_raw(target)
    assert copying.hashes(raw) == copying.hashes(copying.open_raw(url))
    with store.writing(raw) as connection:  # numbers go on behind those that came
        decision = connection.scalars(select(tables.decision.c.id).limit(1)).one()
        connection.execute(tables.unmonitored.delete())
        connection.execute(tables.unmonitored.insert(), [{"decision_id": decision}])
    raw.dispose()
    engine = open_store(target, keys, demo=False)
    assert {name[:4] for name in patients(engine)} == {"adam", "eve-"}
    engine.dispose()
    back_again = tmp_path / "again.sqlite"
    changed = {"unmonitored"}
    assert {n: h for n, h in backup(target, back_again, silent).items() if n not in changed} == {
        n: h for n, h in written.items() if n not in changed
    }


def test_one_changed_value_is_another_hash(url: str) -> None:
    raw = copying.open_raw(url)
    before = copying.hashes(raw)
    with store.writing(raw) as connection:
        connection.execute(text("UPDATE rep SET load_g = load_g + 1 WHERE rowid = 1"))
    after = copying.hashes(raw)
    assert [name for name in before if before[name] != after[name]] == ["rep"]
    raw.dispose()


def test_a_backup_names_nobody(tmp_path: Path, url: str) -> None:
    backup(url, tmp_path / "backup.sqlite", silent)
    plain = tmp_path / "backup.sqlite"
    engine = copying.open_raw(f"sqlite:///{plain}")
    with engine.connect() as connection:
        names = connection.scalars(select(tables.patient.c.name)).all()
    engine.dispose()
    assert all(name.startswith("s1.") for name in names)


def test_who_was_erased_after_the_backup_is_erased_again(
    tmp_path: Path, url: str, keys: Path, again: Restore
) -> None:
    backup(url, tmp_path / "backup.sqlite", silent)
    engine = open_store(url, keys, demo=False)
    eve = next(number for name, number in patients(engine).items() if name.startswith("eve-"))
    engine.dispose()
    target = f"sqlite:///{tmp_path / 'new.sqlite'}"
    nobody = "00000000-0000-4000-8000-000000000000"
    erased = (Tombstone(patient_id=eve), Tombstone(patient_id=nobody))
    done = again(tmp_path / "backup.sqlite", target, *erased)
    assert done.erased == (eve,)
    back = open_store(target, keys, demo=False)
    assert [name[:4] for name in patients(back)] == ["adam"]
    with back.connect() as connection:
        assert connection.scalars(select(func.count()).select_from(tables.rep)).one() == 1
    back.dispose()


def consent(engine: Engine, patient_id: str, *, given: bool, at_ms: int) -> None:
    row = {"id": str(uuid4()), "patient_id": patient_id, "purpose": RESEARCH, "given": given}
    with store.writing(engine) as connection:
        connection.execute(tables.consent.insert(), [row | {"version": "1", "at_ms": at_ms, "by_id": "dr"}])


@pytest.mark.parametrize(
    ("way", "stay"), [("as agreed", 1), ("all is to go", 0), ("withdrawn after the backup", 0)]
)
def test_what_went_with_a_person_stays_gone_though_the_backup_has_their_consent(
    tmp_path: Path, url: str, keys: Path, again: Restore, way: str, stay: int
) -> None:
    engine = open_store(url, keys, demo=False)
    eve = next(number for name, number in patients(engine).items() if name.startswith("eve-"))
    consent(engine, eve, given=True, at_ms=WHEN_MS + 1)
    backup(url, tmp_path / "backup.sqlite", silent)
    if way == "withdrawn after the backup":
        consent(engine, eve, given=False, at_ms=WHEN_MS + 2)
    order = Order(patient_id=eve, actor="dr", at_ms=5, keep_measured=way != "all is to go", in_training=True)
    done = erase(engine, order)
    engine.dispose()
    assert done.sessions_kept == stay

    target = f"sqlite:///{tmp_path / 'new.sqlite'}"
    again(tmp_path / "backup.sqlite", target, Tombstone(patient_id=eve, sessions_kept=stay))
    back = open_store(target, keys, demo=False)
    with back.connect() as connection:
        of_nobody = select(func.count()).where(tables.session.c.patient_id.is_(None))
        assert connection.scalars(of_nobody).one() == stay
        assert connection.scalars(select(func.count()).select_from(tables.rep)).one() == 1 + stay  # Adam's
    back.dispose()


def test_nothing_is_overwritten(tmp_path: Path, url: str, again: Restore) -> None:
    file = tmp_path / "backup.sqlite"
    backup(url, file, silent)
    with pytest.raises(BackupRefusedError, match="is there already"):
        backup(url, file, silent)
    with pytest.raises(BackupRefusedError, match="not empty"):
        again(file, url)
    assert [path.name for path in tmp_path.glob(".backup*")] == []
