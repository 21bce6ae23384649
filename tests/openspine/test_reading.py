"""A database that is to be read: everything that can be wrong with it is one line and an exit code."""

from pathlib import Path

import database_copies
import pytest
from sqlalchemy import text

from openspine.children import free_port
from openspine.outcome import ExitCode, Failure
from openspine.reading import reading
from services.store.engine import upgrade
from services.store.reading import decisions


def _code(url: str) -> ExitCode:
    with pytest.raises(Failure) as failed, reading(url) as connection:
        decisions.newest_ms(connection)
    assert "secret" not in str(failed.value)
    return failed.value.code


def test_a_studio_is_read_and_an_empty_database_says_what_to_run(database_url: str, tmp_path: Path) -> None:
    if database_url.startswith("sqlite"):
        (tmp_path / "openspine.sqlite").touch()
    assert _code(database_url) == ExitCode.NOT_FOUND
    upgrade(database_url)
    with reading(database_url) as connection:
        assert decisions.newest_ms(connection) is None


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert _code(f"sqlite:///{tmp_path / 'none.sqlite'}") == ExitCode.NOT_FOUND
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_does_not_answer(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database, " * 100)
    assert _code(f"sqlite:///{tmp_path / 'text'}") == ExitCode.UNREACHABLE


def test_nonsense_and_silence(tmp_path: Path) -> None:
    assert _code(str(tmp_path)) == ExitCode.USAGE
    assert _code("nosuch://x") == ExitCode.USAGE
    assert _code(f"postgresql+psycopg://u:secret@127.0.0.1:{free_port()}/x") == ExitCode.UNREACHABLE


def test_the_connection_is_given(database_url: str) -> None:
    database_copies.migrate(database_url)
    with reading(database_url) as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
