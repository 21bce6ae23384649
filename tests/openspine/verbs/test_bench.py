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
