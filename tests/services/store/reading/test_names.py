"""Names are opened once for all who may see the same, and anew as soon as the people are others."""

from collections.abc import Callable, Iterator

import database_copies
import pytest
from sqlalchemy import Connection, Engine, delete, event, select, update
from studio_rows import NOW_MS, StudioRows, named

from services import sealing
from services.access import EVERYTHING, Scope
from services.sealing import Secrets, Vault
from services.store import fence
from services.store.engine import open_engine, writing
from services.store.reading import names
from services.store.tables import patient

STUDIO = Scope(sites=frozenset({"studio"}))
CHAN = patient.c.id == named("Chan")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    database_copies.migrate(database_url)
    opened = open_engine(database_url, Secrets(vault=Vault("00000001", {"00000001": bytes(32)})))
    rows = StudioRows(opened)
    rows.site()
    rows.site(id="elsewhere")
    for name, site in (("Wong", "elsewhere"), ("Chan", "studio"), ("Lee", "studio")):
        rows.patient(name, code=f"P-{name}", site_id=site)
    yield opened
    opened.dispose()


def read(engine: Engine, scope: Scope) -> list[str]:
    with engine.connect() as connection:
        fence.narrow(connection, scope)
        return [one.name for one in names.everybody(connection, "sim", scope)]


@pytest.fixture
def opened(engine: Engine) -> list[str]:
    """Tell of the statements that read sealed names."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT patient.id, patient.name"):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    return found


def rename(connection: Connection) -> None:
    connection.execute(update(patient).where(CHAN).values(name="Cheung"))


def move(connection: Connection) -> None:
    connection.execute(update(patient).where(CHAN).values(site_id="elsewhere"))


def erase(connection: Connection) -> None:
    connection.execute(delete(patient).where(CHAN))


def archive(connection: Connection) -> None:
    connection.execute(update(patient).where(CHAN).values(archived_ms=NOW_MS))


def test_names_are_read_once_and_never_those_of_a_wider_scope(engine: Engine, opened: list[str]) -> None:
    for _ in range(3):
        assert read(engine, EVERYTHING) == ["Chan", "Lee", "Wong"]
        assert read(engine, STUDIO) == ["Chan", "Lee"]
        assert read(engine, Scope(sites=frozenset())) == []
        assert read(engine, Scope(sites=frozenset({"studio"}), patient=named("Lee"))) == ["Lee"]
    assert len(opened) == 4


@pytest.mark.parametrize(
    ("change", "chain", "site"),
    [
        (rename, ["Cheung", "Lee", "Wong"], ["Cheung", "Lee"]),
        (move, ["Chan", "Lee", "Wong"], ["Lee"]),
        (erase, ["Lee", "Wong"], ["Lee"]),
        (archive, ["Chan", "Lee", "Wong"], ["Chan", "Lee"]),
    ],
)
def test_whoever_has_changed_is_read_anew(
    engine: Engine, change: Callable[[Connection], None], chain: list[str], site: list[str]
) -> None:
    for scope in (EVERYTHING, STUDIO):
        read(engine, scope)
    with writing(engine) as connection:
        change(connection)
    assert (read(engine, EVERYTHING), read(engine, STUDIO)) == (chain, site)
    with engine.connect() as connection:
        there = {one.name: one.archived_ms for one in names.everybody(connection, "sim", EVERYTHING)}
    assert there.get("Chan") == (NOW_MS if change is archive else None)


def test_a_filter_that_is_too_wide_shows_nobody_behind_the_fence(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        return  # it has no fence
    read(engine, EVERYTHING)
    with engine.connect() as connection:
        fence.narrow(connection, STUDIO)
        seen = [one.name for one in names.everybody(connection, "sim", EVERYTHING)]
    assert seen == ["Chan", "Lee"]
    assert read(engine, EVERYTHING) == ["Chan", "Lee", "Wong"]


def test_what_is_kept_is_forgotten_with_all_that_was_opened(engine: Engine, opened: list[str]) -> None:
    read(engine, EVERYTHING)
    sealing.forget(engine.dialect)
    read(engine, EVERYTHING)
    assert len(opened) == 2


def test_the_sum_over_people_has_more_than_32_bits(engine: Engine) -> None:
    """With 32 bits, one change in some billions would go unseen, and could be sought for."""
    with engine.connect() as connection:
        sums = [
            abs(int(connection.scalar(select(names._sum()).where(patient.c.id == named(name))) or 0))
            for name in ("Chan", "Lee", "Wong")
        ]
    assert max(sums) > 2**40


def test_who_reads_an_old_snapshot_keeps_nobody_who_was_erased(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return  # each statement there sees what is committed
    with engine.connect() as old:
        old.execute(select(patient.c.id)).all()
        with writing(engine) as connection:
            erase(connection)
        sealing.forget(engine.dialect)
        assert "Chan" in [one.name for one in names.everybody(old, "sim", EVERYTHING)]
    vault = sealing.vault_of(engine.dialect)
    assert vault is not None
    assert "Chan" not in str(vault.kept.__dict__)
    assert vault._opened.cache_info().currsize == 0
