import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import aiomqtt
import pytest
from builders import MACHINE
from recorded_scene import Scene
from secured_broker import SecuredBroker

from contract.messages import SignIn
from emulator.conformance.rules import RULES
from openspine.__main__ import main
from openspine.broker.embedded import Broker, available_kinds, mosquitto_path
from openspine.broker.folder import plugin_path
from openspine.outcome import ExitCode
from openspine.verbs.record import PASSWORD_VARIABLE

PATIENCE_S = 90.0
Begin = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Start the kit as a process, and wait until it asks for the agent."""
    running: list[subprocess.Popen[str]] = []

    def begun(line: Sequence[str], password: str = "") -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "openspine", "conformance", *line, "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {PASSWORD_VARIABLE: password},
        )
        running.append(child)
        told(child, "start the agent")
        return child

    yield begun
    for child in running:
        child.kill()
        child.communicate()


def told(child: subprocess.Popen[str], text: str) -> None:
    """Wait until the kit says so."""
    assert child.stderr is not None
    assert any(text in line for line in child.stderr), text


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


@pytest.mark.broker
@pytest.mark.skipif("mosquitto" not in available_kinds(), reason="needs mosquitto")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_before_anybody_came_is_unreachable(
    begin: Begin, number: signal.Signals, tmp_path: Path
) -> None:
    with Broker("mosquitto", tmp_path / "broker") as running:
        place = f"127.0.0.1:{running.port}"
        child = begin(["--machine", "le-1", "--broker", place, "--keys", str(tmp_path / "keys")])
        child.send_signal(number)
        printed, _ = child.communicate(timeout=PATIENCE_S)
    assert child.returncode == ExitCode.UNREACHABLE
    assert json.loads(printed)["ok"] is False


@pytest.mark.broker
@pytest.mark.skipif(
    mosquitto_path() is None or plugin_path() is None, reason="no mosquitto with its security plugin here"
)
def test_stopped_by_hand_at_the_production_broker_is_no_pass(
    begin: Begin, free_port: int, tmp_path: Path
) -> None:
    """The kit enters by TLS as a service; the machine comes through the kit's port with its own password."""
    (tmp_path / "broker").mkdir()
    with SecuredBroker(tmp_path / "broker") as secured:
        place, door = f"127.0.0.1:{secured.port}", f"127.0.0.1:{free_port}"
        entry = ["--username", "svc-coaching", "--tls", "--ca-file", str(secured.authority)]
        usual = ["--machine", MACHINE, "--broker", place, "--keys", str(tmp_path / "keys"), "--listen", door]
        child = begin([*usual, *entry], secured.passwords["svc-coaching"])
        asyncio.run(_sign_in(free_port, secured.passwords[f"sim-{MACHINE}"]))
        told(child, "signed in")
        child.send_signal(signal.SIGINT)
        printed, _ = child.communicate(timeout=PATIENCE_S)
    assert child.returncode == ExitCode.FAILED
    found = json.loads(printed)
    assert (found["ok"], found["problem"]) == (False, "stopped by hand")
    assert {one["id"]: one["result"] for one in found["rules"]}["CON-01"] == "pass"  # read at the port


async def _sign_in(port: int, password: str) -> None:
    name = f"sim-{MACHINE}"
    said = Scene().say(SignIn(nonce="0" * 32, machine_kind="lumbar_extension", firmware="1", badge="b-1"))
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                async with aiomqtt.Client(
                    "127.0.0.1",
                    port,
                    identifier=name,
                    username=name,
                    password=password,
                    protocol=aiomqtt.ProtocolVersion.V5,
                ) as machine:
                    await machine.publish(
                        said.topic, said.payload, qos=1, retain=True
                    )  # the kit may come later
                    return
            except aiomqtt.MqttError:  # the port is not open yet
                await asyncio.sleep(0.1)
