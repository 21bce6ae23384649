"""A store that is brought back to its beginning as often as one likes, on either database."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from openspine.fuzz.api_studio import Studio, build
from openspine.postgres import Postgres
from services.keys.audit import open_audit_key
from services.keys.demo import PRESCRIBING_FOLDER
from services.opened import open_store
from services.sealing import Secrets
from services.store.engine import open_engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The studio as it begins, the engines of both processes, and how to begin again."""

    studio: Studio
    keys: Path
    engine: Engine
    prescribing: Engine
    renew: Callable[[], None]


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Stores]:
    """Keep the beginning as a file beside the one in use."""
    kept, used, keys = folder / "kept.sqlite", folder / "used.sqlite", folder / "keys"
    studio = build(f"sqlite:///{kept}", keys)

    def renew() -> None:
        for suffix in ("-wal", "-shm"):
            used.with_name(used.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(kept, used)

    with _opened(studio, f"sqlite:///{used}", keys, renew) as stores:
        yield stores


@contextmanager
def on_postgres(folder: Path) -> Iterator[Stores]:
    """Keep the beginning as a template; with PostgreSQL's fence around each role."""
    keys = folder / "keys"
    with Postgres(durable=False) as server:
        studio = build(server.create_database("kept"), keys)
        office = create_engine(server.url(), isolation_level="AUTOCOMMIT")

        def renew() -> None:
            with office.connect() as connection:
                connection.execute(text("DROP DATABASE IF EXISTS used WITH (FORCE)"))
                connection.execute(text("CREATE DATABASE used TEMPLATE kept"))

        try:
            with _opened(studio, server.url("used"), keys, renew) as stores:
                yield stores
        finally:
            office.dispose()


@contextmanager
def _opened(studio: Studio, url: str, keys: Path, renew: Callable[[], None]) -> Iterator[Stores]:
    """Open the store as each process does: the prescriber has no key of identities."""
    engine = open_store(url, keys, demo=True)
    audit = open_audit_key(keys / PRESCRIBING_FOLDER, make=False)
    prescribing = open_engine(url, Secrets(audit=audit))

    def close() -> None:
        engine.dispose()
        prescribing.dispose()

    def anew() -> None:
        close()
        renew()

    try:
        yield Stores(studio=studio, keys=keys, engine=engine, prescribing=prescribing, renew=anew)
    finally:
        close()
