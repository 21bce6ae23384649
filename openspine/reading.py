"""A studio's database, opened to be read by a verb: what goes wrong is one line and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openspine.outcome import ExitCode, Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine


@contextmanager
def reading(database: str | None) -> "Iterator[Connection]":
    """Open `database` (SQLAlchemy URL; None: OPENSPINE_DATABASE_URL); nothing is created or migrated.

    Failure: 1 when people's names are sealed and their key is not here, 2 for a wrong URL, 3 without such a
    file or its tables, 4 when no server answers.
    """
    from services.opened import open_to_read  # noqa: PLC0415 (heavy)

    with _opened(database, open_to_read) as connection:
        yield connection


@contextmanager
def looking(database: str | None, screen: str, by: str) -> "Iterator[Sight]":
    """Open `database` as `reading` does, for a verb that shows people's data: the audit says who looked.

    Failure 1, besides, when the key of the audit is not here; a demo whose audit is not sealed needs none.
    """
    from services.audit.entry import WORD_MOST  # noqa: PLC0415 (heavy)
    from services.opened import open_to_look  # noqa: PLC0415 (heavy)

    if not 1 <= len(by) <= WORD_MOST:
        raise Failure(f"--by: write 1 to {WORD_MOST} characters", ExitCode.USAGE)
    with _opened(database, open_to_look) as connection:
        yield Sight(connection=connection, screen=screen, by=by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A look at people's data by a verb; the verb says at whose before it shows any."""

    connection: "Connection"
    screen: str
    by: str

    def note(self, patient_id: str | None = None) -> None:
        """Write down that `by` looks at a person; None: at many."""
        from services.audit.chain import UNKEYED  # noqa: PLC0415 (heavy)
        from services.clock import now_ms  # noqa: PLC0415 (heavy)
        from services.settings import Settings  # noqa: PLC0415 (heavy)
        from services.store import audit, reads  # noqa: PLC0415 (heavy)

        engine = self.connection.engine
        has_key = engine.get_execution_options()[audit.KEY] is not None
        # Outside of a demo one unsealed row, and `audit verify` complains of it for ever.
        if not has_key and not (Settings().demo and audit.key_id(self.connection) == UNKEYED):
            raise Failure("the audit is sealed and its key is not here (OPENSPINE_KEYS names its folder)")
        reads.ReadLog(engine).note(
            actor=self.by,
            screen=self.screen,
            thing="patient",
            thing_id=patient_id or reads.EVERYBODY,
            at_ms=now_ms(),
        )


@contextmanager
def _opened(database: str | None, opener: "Callable[..., Engine]") -> "Iterator[Connection]":
    from sqlalchemy.exc import DatabaseError  # noqa: PLC0415 (heavy)

    from services.sealing import SealedError  # noqa: PLC0415 (heavy)

    engine = _open(database, opener)
    try:
        with engine.connect() as connection:
            yield connection
    except DatabaseError as error:
        raise _failure(error) from error
    except SealedError as error:
        raise Failure(f"{error} (OPENSPINE_KEYS names their folder)") from error
    finally:
        engine.dispose()


def _open(database: str | None, opener: "Callable[..., Engine]") -> "Engine":
    from sqlalchemy.engine import make_url  # noqa: PLC0415 (heavy)
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError  # noqa: PLC0415 (heavy)

    from services.keys.register import KeyRefusedError  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    settings = Settings()
    url = database or settings.database_url
    try:
        parsed = make_url(url)
        file = Path(parsed.database or "")
        if parsed.get_backend_name() == "sqlite" and not file.is_file():
            raise Failure(f"--database: there is no file {parsed.database}", ExitCode.NOT_FOUND)
        return opener(url, settings.keys, file.parent / "keys")  # a demo has its keys beside its database
    except KeyRefusedError as error:
        raise Failure(str(error)) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise Failure("--database: this is not an SQLAlchemy URL", ExitCode.USAGE) from error


def _failure(error: Exception) -> Failure:
    said = str(getattr(error, "orig", error)).splitlines()[0]
    if "no such table" in said or "does not exist" in said:
        return Failure(f"the database has no such tables: openspine db upgrade ({said})", ExitCode.NOT_FOUND)
    return Failure(f"the database does not answer: {said}", ExitCode.UNREACHABLE)
