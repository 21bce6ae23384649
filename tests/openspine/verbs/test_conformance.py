import json
from pathlib import Path

import pytest

from emulator.conformance.rules import RULES
from openspine.__main__ import main
from openspine.broker.embedded import Broker, available_kinds
from openspine.outcome import ExitCode


def test_the_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conformance", "--rules", "--json"]) == ExitCode.OK
    listed = json.loads(capsys.readouterr().out)["rules"]
    assert [one["id"] for one in listed] == [one.id for one in RULES]


@pytest.mark.parametrize(
    "line", [[], ["--machine", "le-1"], ["--self", "--rate", "0"], ["--machine", "le-1", "--broker", "x:1"]]
)
def test_a_line_that_names_no_machine_broker_and_keys_is_wrong(line: list[str]) -> None:
    assert main(["conformance", *line]) == ExitCode.USAGE


def test_keys_that_cannot_be_read_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "private.json").write_text("{}")
    line = ["conformance", "--machine", "le-1", "--broker", "127.0.0.1:1", "--keys", str(tmp_path)]
    assert main(line) == ExitCode.FAILED
    assert "give an empty folder" in capsys.readouterr().err


@pytest.mark.skipif("mosquitto" not in available_kinds(), reason="needs mosquitto")
def test_a_broker_that_is_not_there_is_unreachable(tmp_path: Path, free_port: int) -> None:
    keys = str(tmp_path / "keys")
    line = ["conformance", "--machine", "le-1", "--broker", f"127.0.0.1:{free_port}", "--keys", keys]
    assert main(line) == ExitCode.UNREACHABLE
    assert (tmp_path / "keys" / "keys.json").exists()
    with Broker("mosquitto", tmp_path / "broker") as running:
        here = ["conformance", "--machine", "le-1", "--broker", f"127.0.0.1:{running.port}", "--keys", keys]
        assert main([*here, "--listen", f"127.0.0.1:{running.port}"]) == ExitCode.UNREACHABLE  # taken
