"""A studio's database, opened to be read by a verb: what goes wrong is one line and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from openspine.outcome import ExitCode, Failure

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


@contextmanager
def reading(database: str | None) -> "Iterator[Connection]":
    """Open `database` (SQLAlchemy URL; None: OPENSPINE_DATABASE_URL); nothing is created or migrated.

    Failure: 1 when people's names are sealed and their key is not here, 2 for a wrong URL, 3 without such a
    file or its tables, 4 when no server answers.
    """
    from sqlalchemy.exc import DatabaseError  # noqa: PLC0415 (heavy)

    from services.sealing import SealedError  # noqa: PLC0415 (heavy)

    engine = _open(database)
    try:
        with engine.connect() as connection:
            yield connection
    except DatabaseError as error:
        raise _failure(error) from error
    except SealedError as error:
        raise Failure(f"{error} (OPENSPINE_KEYS names their folder)") from error
    finally:
        engine.dispose()


def _open(database: str | None) -> "Engine":
    from sqlalchemy.engine import make_url  # noqa: PLC0415 (heavy)
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError  # noqa: PLC0415 (heavy)

    from services.keys.register import KeyRefusedError  # noqa: PLC0415 (heavy)
    from services.opened import open_to_read  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    settings = Settings()
    url = database or settings.database_url
    try:
        parsed = make_url(url)
        file = Path(parsed.database or "")
        if parsed.get_backend_name() == "sqlite" and not file.is_file():
            raise Failure(f"--database: there is no file {parsed.database}", ExitCode.NOT_FOUND)
        return open_to_read(
            url, settings.keys, file.parent / "keys"
        )  # a demo has its keys beside its database
    except KeyRefusedError as error:
        raise Failure(str(error)) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise Failure("--database: this is not an SQLAlchemy URL", ExitCode.USAGE) from error


def _failure(error: Exception) -> Failure:
    said = str(getattr(error, "orig", error)).splitlines()[0]
    if "no such table" in said or "does not exist" in said:
        return Failure(f"the database has no such tables: openspine db upgrade ({said})", ExitCode.NOT_FOUND)
    return Failure(f"the database does not answer: {said}", ExitCode.UNREACHABLE)
