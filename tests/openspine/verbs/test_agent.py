from pathlib import Path

import pytest

from openspine.__main__ import main
from openspine.outcome import ExitCode


def test_arguments_and_exit_code_are_those_of_the_agent(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "machine.toml"
    assert main(["agent", str(missing)]) == ExitCode.FAILED
    assert str(missing) in capfd.readouterr().err
    assert main(["agent"]) == ExitCode.USAGE
