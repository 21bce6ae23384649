import json
from pathlib import Path

import pytest

from contract.machines import catalogue
from openspine.__main__ import main
from openspine.broker import available_kinds
from openspine.outcome import ExitCode, Failure
from openspine.verbs import emulate


def arguments(folder: Path) -> list[str]:
    words = {"broker": "127.0.0.1:1", "fleet": folder / "members.json", "keys": folder / "keys.json"}
    return [word for name, value in words.items() for word in (f"--{name}", str(value))]


def test_machines_are_the_demos_or_those_that_are_named() -> None:
    assert len(emulate.machines(None)) == 6
    assert set(emulate.machines(None).values()) <= set(catalogue())
    assert emulate.machines(["hip-2=hip_extension"]) == {"hip-2": "hip_extension"}


@pytest.mark.parametrize("text", ["hip-2", "hip-2=hips", "="])
def test_an_unknown_kind_is_a_wrong_command_line(text: str) -> None:
    with pytest.raises(Failure, match="ID=KIND") as refused:
        emulate.machines([text])
    assert refused.value.code == ExitCode.USAGE


def test_files_that_are_not_there_or_not_right_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["emulate", *arguments(tmp_path), "--folder", str(tmp_path)]
    assert main(command) == ExitCode.NOT_FOUND
    assert "members.json" in capsys.readouterr().err
    (tmp_path / "members.json").write_text("{}")
    assert main(command) == ExitCode.FAILED
    (tmp_path / "members.json").write_text("[]")
    assert main(command) == ExitCode.NOT_FOUND
    assert "site" in capsys.readouterr().err


def test_it_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["emulate"]) == ExitCode.USAGE
    assert "--scenario" in capsys.readouterr().err
    assert main(["emulate", "--scenario", "nowhere"]) == ExitCode.FAILED
    assert "rough-day" in capsys.readouterr().err


@pytest.mark.broker
@pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker")
def test_a_scenario_runs_in_a_studio_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["emulate", "--scenario", "evening", "--rate", "20", "--seconds", "6", "--json"]) == ExitCode.OK
    )
    done = json.loads(capsys.readouterr().out)
    assert len(done["machines"]) == 4
    assert done["reps_counted"] > 0
    assert done["unacked"] == 0
