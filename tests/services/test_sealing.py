"""Sealed values: closed to others, bound to their column, found where they must be found."""

from collections.abc import Iterator
from pathlib import Path

import database_copies
import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from services.kept import SETTLE_S
from services.keys.audit import open_audit_key
from services.keys.identity import make_identity_key
from services.opened import open_store, open_to_read
from services.sealing import SEALED, SealedError, Vault, is_sealed
from services.store import engine as store
from services.store import tables

KEY, OTHER = bytes(range(32)), bytes(32)
NAME = "陳美玲 Chan Mei Ling"


@pytest.fixture
def vault() -> Vault:
    return Vault("00000001", {"00000001": KEY})


def test_the_same_name_is_never_the_same_text_and_the_same_badge_always_is(vault: Vault) -> None:
    assert vault.seal(NAME, "name") != vault.seal(NAME, "name")
    assert vault.seal_key("badge-1", "lookup") == vault.seal_key("badge-1", "lookup")
    assert vault.seal_key("badge-1", "lookup") != vault.seal_key("badge-2", "lookup")
    for way in (vault.seal, vault.seal_key):
        sealed = way(NAME, "name")
        assert is_sealed(sealed)
        assert NAME not in sealed
        assert vault.opened(sealed, "name") == NAME


def test_a_value_opens_in_its_own_column_and_unchanged_only(vault: Vault) -> None:
    for sealed in (vault.seal(NAME, "name"), vault.seal_key(NAME, "name")):
        with pytest.raises(SealedError, match="belongs to another column"):
            vault.opened(sealed, "code")
        for place in range(sealed.rindex(".") + 1, len(sealed) - 1):
            letter = "A" if sealed[place] != "A" else "B"
            with pytest.raises(SealedError):
                vault.opened(sealed[:place] + letter + sealed[place + 1 :], "name")


def test_another_key_opens_nothing_and_says_which_is_missing(vault: Vault) -> None:
    sealed = vault.seal(NAME, "name")
    with pytest.raises(SealedError, match="00000001, which is not here"):
        Vault("00000002", {"00000002": KEY}).opened(sealed, "name")
    with pytest.raises(SealedError, match="changed"):
        Vault("00000001", {"00000001": OTHER}).opened(sealed, "name")
    assert Vault("00000002", {"00000001": KEY, "00000002": OTHER}).opened(sealed, "name") == NAME


def test_errors_do_not_tell_the_value(vault: Vault) -> None:
    with pytest.raises(SealedError) as wrong:
        vault.opened(vault.seal(NAME, "name"), "code")
    assert NAME not in str(wrong.value)


def test_what_was_opened_is_kept_in_memory_until_it_is_forgotten(vault: Vault) -> None:
    sealed = vault.seal(NAME, "name")
    opened = vault.opened(sealed, "name")
    assert opened == NAME
    assert vault.opened(sealed, "name") is opened
    vault.forget()
    assert vault.opened(sealed, "name") is not opened


def test_for_half_a_minute_after_all_was_forgotten_nothing_opened_is_kept() -> None:
    now_s = [0.0]
    vault = Vault("00000001", {"00000001": bytes(32)}, lambda: now_s[0])
    sealed = vault.seal(NAME, "name")
    vault.forget()
    assert vault.opened(sealed, "name") is not vault.opened(sealed, "name")
    now_s[0] = SETTLE_S
    assert vault.opened(sealed, "name") is vault.opened(sealed, "name")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    open_audit_key(tmp_path / "keys", make=True)
    make_identity_key(tmp_path / "keys")
    return tmp_path / "keys"


PATIENT = {
    "origin": "sim", "site_id": "studio", "language": "en", "birth_year": 1980, "sex": "female",
    "mass_kg": 60.0, "height_m": 1.6, "profile": "rehab", "baseline_nrs": 0, "flags": {}, "stations": [],
    "set_up": {},
    "created_ms": 1,
}  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path, keys: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    database_copies.migrate(url)
    made = open_store(url, keys, demo=False)
    with store.writing(made) as connection:
        connection.execute(tables.site.insert(), [{"id": "studio", "name": "S", "time_zone": "UTC"}])
        connection.execute(tables.patient.insert(), [PATIENT | {"id": "p1", "code": "C-1", "name": NAME}])
    yield made
    made.dispose()


def test_the_database_holds_no_name_and_a_code_is_found_all_the_same(tmp_path: Path, engine: Engine) -> None:
    patient = tables.patient.c
    with engine.connect() as connection:
        assert connection.execute(select(patient.name).where(patient.code == "C-1")).scalar_one() == NAME
        assert (
            connection.execute(select(patient.code).where(patient.code.in_(["C-2", "C-1"]))).scalar_one()
            == "C-1"
        )
        stored = connection.execute(text("SELECT name, code FROM patient")).one()
    assert all(SEALED.fullmatch(one) for one in stored)
    files = b"".join(path.read_bytes() for path in tmp_path.glob("a.sqlite*"))
    assert NAME.encode() not in files
    assert b"C-1" not in files


def test_a_sealed_code_is_still_unique(engine: Engine) -> None:
    with pytest.raises(IntegrityError), store.writing(engine) as connection:
        connection.execute(tables.patient.insert(), [PATIENT | {"id": "p2", "code": "C-1", "name": "other"}])


def test_without_the_key_names_are_refused_and_not_shown_sealed(engine: Engine, keys: Path) -> None:
    url = engine.url.render_as_string()
    plain = store.open_engine(url)
    with plain.connect() as connection, pytest.raises(SealedError, match="open the store with its keys"):
        connection.execute(select(tables.patient.c.name)).all()
    plain.dispose()
    reader = open_to_read(url, keys / "nowhere", keys)
    with reader.connect() as connection:
        assert connection.execute(select(tables.patient.c.name)).scalar_one() == NAME
    reader.dispose()


def test_nobody_passes_a_sealed_text_off_as_a_name(tmp_path: Path, engine: Engine, vault: Vault) -> None:
    """With a key it would be sealed once more; without one it is refused."""
    forged = vault.seal_key("badge-1", "lookup")
    row = PATIENT | {"id": "p3", "code": "C-3", "name": forged}
    with store.writing(engine) as connection:
        connection.execute(tables.patient.insert(), [row])
        assert (
            connection.execute(select(tables.patient.c.name).where(tables.patient.c.id == "p3")).scalar_one()
            == forged
        )
    plain = store.open_engine(f"sqlite:///{tmp_path / 'a.sqlite'}")
    with pytest.raises(StatementError, match="form of a sealed one"), store.writing(plain) as connection:
        connection.execute(tables.patient.insert(), [row | {"id": "p4", "code": "C-4"}])
    plain.dispose()
