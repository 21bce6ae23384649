"""`shadow report` as a user calls it."""

import json
from pathlib import Path

import database_copies
import pytest
from place_rows import NOW_MS, named
from studio_rows import StudioRows

from openspine.__main__ import main
from openspine.outcome import ExitCode
from services.store import tables
from services.store.engine import open_engine


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database in which `linear` and `medx` have each shadowed one decision."""
    made = f"sqlite:///{tmp_path / 'openspine.sqlite'}"
    database_copies.migrate(made)
    rows = StudioRows(open_engine(made))
    rows.site()
    rows.patient("Chan Mei Ling")
    rows.session("one")
    rows.decision("first", "one")
    for policy in ("linear", "medx"):
        row = {
            "decision_id": named("first"),
            "policy": policy,
            "model": "effort-1",
            "origin": "sim",
            "now_ms": NOW_MS,
            "champion_load_g": 10_000,
            "load_g": 10_500,
            "champion_raised": False,
            "raised": True,
            "agrees": False,
            "violations": 0,
            "champion_p_too_hard": 0.02,
            "p_too_hard": 0.03,
            "failed": None,
            "answer": b"",
        }
        rows.put(tables.shadow, row)
    return made


def test_the_report_says_how_far_a_challenger_is(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["shadow", "report", "--database", url, "--origin", "sim", "--policy", "linear"]
    assert main([*command, "--json"]) == ExitCode.OK
    result = json.loads(capsys.readouterr().out)
    (found,) = result["challengers"]
    assert (found["policy"], found["report"]["decisions"], found["report"]["agreement"]) == ("linear", 1, 0.0)
    assert found["may_not_act"] == f"it has shadowed 1 decisions of {result['least']}"
    assert main(command) == ExitCode.OK
    said = capsys.readouterr().out
    assert "load +5.00 %" in said
    assert "may not act" in said


def test_without_a_name_every_challenger_is_listed(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shadow", "report", "--database", url, "--origin", "sim", "--json"]) == ExitCode.OK
    found = json.loads(capsys.readouterr().out)["challengers"]
    assert [one["policy"] for one in found] == ["linear", "medx"]


def test_nobody_in_shadow_is_not_found(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shadow", "report", "--database", url, "--origin", "real"]) == ExitCode.NOT_FOUND
    assert "OPENSPINE_SHADOW_POLICY" in capsys.readouterr().err


def test_a_database_that_cannot_be_asked_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    none = f"sqlite:///{tmp_path / 'none.sqlite'}"
    assert main(["shadow", "report", "--database", none]) == ExitCode.NOT_FOUND
    assert "there is no file" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "none.sqlite").touch()
    assert main(["shadow", "report", "--database", none]) == ExitCode.NOT_FOUND
    assert "openspine db upgrade" in capsys.readouterr().err
    assert main(["shadow", "report", "--database", "nonsense"]) == ExitCode.USAGE
