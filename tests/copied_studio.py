"""Studios made once and copied for each test: a hundred rows are a transaction each, a copy is one file."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import database_copies
from sqlalchemy import event
from studio_rows import StudioRows

from services.store.engine import open_engine

LATER_SEQ = 100_000  # rows that a test adds come behind those that it finds


def opened(file: Path, seq: int = LATER_SEQ) -> Iterator[StudioRows]:
    """Open a studio's database; nobody cuts the power here."""
    engine = open_engine(f"sqlite:///{file}")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    yield StudioRows(engine, seq=seq)
    engine.dispose()


def migrated(file: Path) -> Path:
    """Make a database with a site and a machine."""
    database_copies.migrate(f"sqlite:///{file}")
    for rows in opened(file, 0):
        rows.site()
        rows.machine()
    return file


def copy(source: Path, folder: Path) -> Iterator[StudioRows]:
    """Open a copy of a studio."""
    yield from opened(Path(shutil.copyfile(source, folder / source.name)))
