from pathlib import Path
from typing import Any

import database_copies
import pytest
from planted import Planted, prepare
from sqlalchemy import Column, create_engine, select

from services.keys.audit import open_audit_key
from services.keys.identity import IDENTITY_FILE, make_identity_key, read_identity_keys, rotate
from services.opened import open_store
from services.sealing import SealedError, Vault
from services.store import copying, tables
from services.store import engine as store
from services.store.resealing import reseal
from services.store.tables.sealed import Sealed


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    open_audit_key(tmp_path, make=True)
    return tmp_path


def stored(url: str) -> list[str]:
    raw = copying.open_raw(url)
    with raw.connect() as connection:
        found = [
            *connection.scalars(select(tables.patient.c.name)),
            *connection.scalars(select(tables.credential.c.lookup)),
        ]
    raw.dispose()
    return found


def test_plain_rows_are_sealed_and_a_new_key_takes_every_row_along(keys: Path) -> None:
    url = f"sqlite:///{keys / 'a.sqlite'}"
    database_copies.migrate(url)
    engine = open_store(url, keys, demo=True)  # a demo without an identity key seals nothing
    with store.writing(engine) as connection:
        prepare(connection)
        eve = Planted(connection, "eve-")
        eve.plant()
    engine.dispose()
    name, badge = eve.markers["patient", "name"], eve.markers["credential", "lookup"]
    assert stored(url) == [name, badge]

    make_identity_key(keys)
    raw = copying.open_raw(url)
    counts = reseal(raw, Vault(*read_identity_keys(keys)))
    assert (counts["patient"], counts["credential"]) == (2, 1)
    assert [one[:3] for one in stored(url)] == ["s1.", "k1."]
    assert reseal(raw, Vault(*read_identity_keys(keys))) == {}

    old = stored(url)
    rotate(keys)
    assert reseal(raw, Vault(*read_identity_keys(keys))) == counts
    assert not set(old) & set(stored(url))
    for path in keys.glob(f"{IDENTITY_FILE}-*"):
        path.unlink()  # nothing needs it any more
    engine = open_store(url, keys, demo=False)
    with engine.connect() as connection:
        found = select(tables.credential.c.patient_id).where(tables.credential.c.lookup == badge)
        assert connection.scalars(found).one() == eve.patient_id
        assert connection.scalars(select(tables.patient.c.name)).one() == name
        assert connection.scalars(select(tables.note.c.body)).one() == eve.markers["note", "body"]
    engine.dispose()
    raw.dispose()


def anything(column: Column[Any]) -> Any:
    """Some value that fits a column."""
    fitting = {dict: {"a": 1}, bool: True, int: 1, float: 1.0, bytes: b"1"}
    return fitting.get(column.type.python_type, "1")


def test_every_table_with_a_sealed_column_can_be_sealed_anew(keys: Path) -> None:
    url = f"sqlite:///{keys / 'a.sqlite'}"
    make_identity_key(keys)
    database_copies.migrate(url)
    sealed = {
        table: sum(isinstance(column.type, Sealed) for column in table.columns)
        for table in tables.metadata.sorted_tables
    }
    places = {table.name: count for table, count in sealed.items() if count}
    assert {"patient", "conformance", "staff_link"} <= set(places)
    plain = create_engine(url)  # asks for no foreign keys
    with plain.begin() as connection:
        for table in (one for one, count in sealed.items() if count):
            connection.execute(table.insert().values({one.name: anything(one) for one in table.columns}))
    plain.dispose()
    raw = copying.open_raw(url)
    assert reseal(raw, Vault(*read_identity_keys(keys))) == places
    rotate(keys)
    assert reseal(raw, Vault(*read_identity_keys(keys))) == places
    raw.dispose()


def test_without_the_earlier_key_nothing_is_lost_and_nothing_is_done(keys: Path) -> None:
    url = f"sqlite:///{keys / 'a.sqlite'}"
    make_identity_key(keys)
    database_copies.migrate(url)
    engine = open_store(url, keys, demo=True)
    with store.writing(engine) as connection:
        prepare(connection)
        Planted(connection, "eve-").plant()
    engine.dispose()
    before = stored(url)
    (keys / IDENTITY_FILE).unlink()
    make_identity_key(keys)
    raw = copying.open_raw(url)
    with pytest.raises(SealedError, match="which is not here"):
        reseal(raw, Vault(*read_identity_keys(keys)))
    assert stored(url) == before
    raw.dispose()
