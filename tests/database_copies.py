"""Databases made once in each test process and copied: a migration takes longer than most tests.

Tests of the migrations themselves, and of what a service does with an empty database, ask `services.store`.
"""

import functools
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text

from services.store.engine import upgrade

Make = Callable[[str], object]
IS_THERE = text("SELECT count(*) FROM pg_database WHERE datname = :name")


def migrate(url: str) -> None:
    """Bring an empty database to the newest tables."""
    copy("migrated", url, upgrade)


def copy(name: str, url: str, make: Make) -> None:
    """Fill an empty database as `make` would; it is called once, with the URL of another one."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        _copy_file(name, Path(str(parsed.database)), make)
    else:
        _copy_database(name, parsed, make)


@functools.cache
def folder() -> Path:
    """Make the folder of the originals; it goes with the process."""
    made = tempfile.TemporaryDirectory(prefix="openspine-originals-")
    _kept.append(made)
    return Path(made.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []


def _copy_file(name: str, file: Path, make: Make) -> None:
    original = folder() / f"{name}.sqlite"
    if not original.exists():
        half_made = original.with_suffix(".half-made")
        make(f"sqlite:///{half_made}")
        half_made.rename(original)
    if file.exists():
        raise FileExistsError(f"{file} is no empty database")
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(original, file)


def _copy_database(name: str, url: URL, make: Make) -> None:
    original, half_made = f"original_{name}", f"half_made_{name}"
    server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        if not connection.scalar(IS_THERE, {"name": original}):
            connection.execute(text(f'CREATE DATABASE "{half_made}"'))
            make(url.set(database=half_made).render_as_string(hide_password=False))
            connection.execute(text(f'ALTER DATABASE "{half_made}" RENAME TO "{original}"'))
        connection.execute(text(f'DROP DATABASE "{url.database}"'))
        connection.execute(text(f'CREATE DATABASE "{url.database}" TEMPLATE "{original}"'))
    server.dispose()
