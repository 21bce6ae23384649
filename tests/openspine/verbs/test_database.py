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


def test_invented_people_are_not_written_outside_of_a_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENSPINE_KEYS", str(tmp_path / "keys"))
    monkeypatch.delenv("OPENSPINE_DEMO", raising=False)
    assert main(["db", "seed", "--members", str(tmp_path / "members.json")]) == ExitCode.USAGE
    assert capsys.readouterr().err == "openspine: invented people are for a demo: set OPENSPINE_DEMO=true\n"
    assert not (tmp_path / "keys").exists()
