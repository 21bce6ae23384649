import json
from pathlib import Path

import msgspec
import pytest

from contract.messages import Plan, Setting
from openspine.bench import node_red


def test_it_is_left_out_where_it_cannot_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "PostgreSQL" in node_red.absent("sqlite")
    monkeypatch.setenv("PATH", "")
    assert "npm" in node_red.absent("postgres")


def test_what_npm_could_not_install_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text("#!/bin/sh\necho no network >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}:/usr/bin:/bin")
    with pytest.raises(RuntimeError, match="could not install Node-RED: no network"):
        node_red.install(tmp_path / "packages")


def test_the_flow_answers_as_the_protocol_asks() -> None:
    work = next(node for node in node_red.flow(1883) if node["type"] == "function")
    answers = json.loads(work["func"].split("answers = ")[1].split(";\n")[0])
    assert msgspec.convert(answers["plan"], Plan).settings
    assert msgspec.convert(answers["setting"], Setting).set == 2


def test_the_wires_lead_from_the_broker_to_the_broker() -> None:
    wired = {node["id"]: node["wires"] for node in node_red.flow(1883) if "wires" in node}
    assert wired == {"in": [["do"]], "do": [["out"]], "out": []}
