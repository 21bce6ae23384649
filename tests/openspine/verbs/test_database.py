import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from openspine.__main__ import main
from openspine.children import free_port
from openspine.outcome import ExitCode


def test_the_tables_are_made_and_a_second_run_changes_nothing(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert main(["db", "upgrade", "--database", database_url, "--json"]) == ExitCode.OK
        assert json.loads(capsys.readouterr().out)["ok"] is True
    engine = sa.create_engine(database_url)
    assert "alembic_version" in sa.inspect(engine).get_table_names()
    engine.dispose()


def test_no_database_is_unreachable_and_no_password_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    url = f"postgresql+psycopg://user:secret@127.0.0.1:{free_port()}/x"
    assert main(["db", "upgrade", "--database", url]) == ExitCode.UNREACHABLE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "does not answer" in printed.err
    assert "secret" not in printed.err
    assert len(printed.err.splitlines()) == 1


def test_nonsense_is_a_wrong_command_line(tmp_path: Path) -> None:
    assert main(["db", "upgrade", "--database", str(tmp_path)]) == ExitCode.USAGE
