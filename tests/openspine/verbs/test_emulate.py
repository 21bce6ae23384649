import json
from pathlib import Path

import pytest

from contract.machines import catalogue
from emulator.faults.registry import FAULTS
from openspine.__main__ import main
from openspine.broker.embedded import available_kinds
from openspine.outcome import ExitCode, Failure
from openspine.verbs import emulate

HERE = Path(__file__).parent


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


def test_faults_are_listed_with_what_each_must_meet(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["emulate", "faults", "--json"]) == ExitCode.OK
    table = json.loads(capsys.readouterr().out)["faults"]
    assert set(table) == set(FAULTS)
    assert table["pain"]["layer"] == "person"
    assert "invariant 8" in table["pain"]["expected"]
    assert main(["emulate", "faults"]) == ExitCode.OK
    assert "Pain after a rep" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--fault", "sticky"], "unknown fault sticky"),
        (["--fault", "pain@hip-9"], "unknown machine hip-9"),
        (["--fault", "pain:soon"], "NAME[@MACHINE][:SECONDS-or-REP]"),
        (["--fault", "pain", "--broker", "127.0.0.1:1"], "a studio of their own"),
    ],
)
def test_a_fault_that_cannot_be_planted_is_a_wrong_command_line(
    words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["emulate", *words]) == ExitCode.USAGE
    assert problem in capsys.readouterr().err


@pytest.mark.broker
@pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker")
@pytest.mark.parametrize(("seconds", "code"), [("240", ExitCode.OK), ("1", ExitCode.FAILED)])
def test_a_run_with_faults_says_of_each_whether_it_met_its_reaction(
    seconds: str, code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever stops before the fault can strike has not seen the reaction; a run ends when all is seen."""
    faults = ["--fault", "nan@hip-1:0", "--fault", "broker_cut@row-1:0"]
    words = ["--scenario", str(HERE / "two.toml"), "--seconds", seconds]
    assert main(["emulate", *words, *faults, "--json"]) == code
    done = json.loads(capsys.readouterr().out)
    assert [one["fault"] for one in done["faults"]] == ["nan", "broker_cut"]
    assert {one["seen"] for one in done["faults"]} == {code == ExitCode.OK}
    assert (done["lost"], done["doubled"]) == (0, 0)
