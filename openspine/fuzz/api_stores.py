"""A store that is brought back to its beginning as often as one likes, on either database."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from openspine.fuzz.api_studio import Studio, build
from openspine.postgres import Postgres
from services.opened import open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The studio as it begins, and how to begin again; the engine that was given before is at its end."""

    studio: Studio
    keys: Path
    fresh: Callable[[], Engine]


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Stores]:
    """Keep the beginning as a file beside the one in use."""
    kept, used, keys = folder / "kept.sqlite", folder / "used.sqlite", folder / "keys"
    studio = build(f"sqlite:///{kept}", keys)
    engine = open_store(f"sqlite:///{used}", keys, demo=True)

    def fresh() -> Engine:
        engine.dispose()
        for suffix in ("-wal", "-shm"):
            used.with_name(used.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(kept, used)
        return engine

    try:
        yield Stores(studio=studio, keys=keys, fresh=fresh)
    finally:
        engine.dispose()


@contextmanager
def on_postgres(folder: Path) -> Iterator[Stores]:
    """Keep the beginning as a template; with PostgreSQL's fence around each role."""
    keys = folder / "keys"
    with Postgres(durable=False) as server:
        studio = build(server.create_database("kept"), keys)
        office = create_engine(server.url(), isolation_level="AUTOCOMMIT")
        engine = open_store(server.url("used"), keys, demo=True)

        def fresh() -> Engine:
            engine.dispose()
            with office.connect() as connection:
                connection.execute(text("DROP DATABASE IF EXISTS used WITH (FORCE)"))
                connection.execute(text("CREATE DATABASE used TEMPLATE kept"))
            return engine

        try:
            yield Stores(studio=studio, keys=keys, fresh=fresh)
        finally:
            engine.dispose()
            office.dispose()
