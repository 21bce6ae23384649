"""`record` as a process: ended by Ctrl-C, by time, and by force."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import aiomqtt
import pytest
from recorded_scene import Scene
from secured_broker import SecuredBroker

from contract.recording import Record
from emulator.recordings.mcap_file import read_records
from emulator.recordings.repair import read_parts
from openspine.__main__ import main
from openspine.broker.embedded import Broker, best_kind, mosquitto_path
from openspine.broker.folder import plugin_path
from openspine.outcome import ExitCode
from openspine.verbs.record import PASSWORD_VARIABLE

PATIENCE_S = 90.0
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def best_broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(best_kind(), tmp_path / "broker") as running:
        yield running


@pytest.fixture
def start(best_broker: Broker, tmp_path: Path) -> Iterator[Start]:
    """Start `record` on the broker, and wait until it listens."""
    running: list[subprocess.Popen[bytes]] = []

    def started(*arguments: str) -> subprocess.Popen[bytes]:
        place = f"127.0.0.1:{best_broker.port}"
        out = str(tmp_path / "day.mcap")
        command = [sys.executable, "-m", "openspine", "record", "--broker", place, "-o", out, "--json"]
        child = subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        running.append(child)
        asyncio.run(_heard(best_broker, tmp_path / "day.mcap"))
        return child

    yield started
    for child in running:
        child.kill()
        child.wait()


async def _heard(broker: Broker, path: Path) -> None:
    """Say something until it is in the file."""
    async with aiomqtt.Client("127.0.0.1", broker.port, identifier="sim-test") as machine:
        until = time.monotonic() + PATIENCE_S
        while not _on_disk(path):
            assert time.monotonic() < until
            await machine.publish("openspine-sim/v1/waits-1/up/rep", b"{}", qos=1)
            await asyncio.sleep(0.1)


async def _say(broker: Broker, records: list[Record]) -> None:
    async with aiomqtt.Client("127.0.0.1", broker.port, identifier="sim-test") as machine:
        for record in records:
            await machine.publish(record.topic, record.payload, qos=1)


def _on_disk(path: Path) -> list[Record]:
    """Read what a file holds that is still being written."""
    return [one for one in read_parts(path) if isinstance(one, Record)] if path.exists() else []


def _reached(path: Path, sent: list[Record]) -> None:
    """Wait until everything is on disk, although nothing more comes."""
    until = time.monotonic() + PATIENCE_S
    while len(_said(_on_disk(path))) < len(sent):
        assert time.monotonic() < until
        time.sleep(0.1)


def _said(records: list[Record]) -> list[tuple[str, bytes]]:
    return [(one.topic, one.payload) for one in records if "waits-1" not in one.topic]


@pytest.mark.broker
def test_ctrl_c_finishes_the_file(start: Start, best_broker: Broker, tmp_path: Path) -> None:
    child = start()
    sent = [one for one in Scene().session().records if "local" not in one.topic]
    asyncio.run(_say(best_broker, sent))
    _reached(tmp_path / "day.mcap", sent)
    child.send_signal(signal.SIGINT)
    printed, complaints = child.communicate(timeout=PATIENCE_S)
    assert child.returncode == ExitCode.OK, complaints
    done = json.loads(printed)
    assert (done["gaps"], done["problem"]) == ([], None)
    records = list(read_records(tmp_path / "day.mcap"))
    assert done["messages"] == len(records)
    assert _said(records) == _said(sent)


@pytest.mark.broker
def test_a_recorder_that_was_killed_leaves_a_file_to_mend(
    start: Start, best_broker: Broker, tmp_path: Path
) -> None:
    child = start()
    sent = [one for one in Scene().session().records if "local" not in one.topic]
    asyncio.run(_say(best_broker, sent))
    _reached(tmp_path / "day.mcap", sent)
    child.kill()
    child.wait()
    assert main(["rec", "info", str(tmp_path / "day.mcap")]) == ExitCode.FAILED
    assert (
        main(["rec", "repair", str(tmp_path / "day.mcap"), "-o", str(tmp_path / "new.mcap")]) == ExitCode.OK
    )
    assert _said(list(read_records(tmp_path / "new.mcap"))) == _said(sent)


@pytest.mark.broker
def test_it_ends_after_its_seconds(
    best_broker: Broker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "day.mcap"
    place = f"127.0.0.1:{best_broker.port}"
    assert main(["record", "--broker", place, "-o", str(out), "--seconds", "1", "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["messages"] == 0
    assert list(read_records(out)) == []


@pytest.mark.broker
@pytest.mark.skipif(
    mosquitto_path() is None or plugin_path() is None, reason="no mosquitto with its security plugin here"
)
def test_the_production_broker_lets_a_recorder_in_and_it_hears_a_machine(tmp_path: Path) -> None:
    """Everybody is bound to a client id there: the recorder's is its user name."""
    out, topic = tmp_path / "day.mcap", "openspine/v1/lumbar-1/up/status"
    (tmp_path / "broker").mkdir()
    with SecuredBroker(tmp_path / "broker") as secured:
        asyncio.run(_stay(secured, "lumbar-1", topic))
        command = [sys.executable, "-m", "openspine", "record", "--broker", f"127.0.0.1:{secured.port}"]
        entry = ["--tls", "--ca-file", str(secured.authority), "--username", "rec-studio", "-o", str(out)]
        child = subprocess.Popen(
            [*command, *entry],
            stderr=subprocess.PIPE,
            env=os.environ | {PASSWORD_VARIABLE: secured.passwords["rec-studio"]},
        )
        until = time.monotonic() + PATIENCE_S
        while not _on_disk(out) and child.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        child.send_signal(signal.SIGINT)
        _, complaints = child.communicate(timeout=PATIENCE_S)
    assert child.returncode == ExitCode.OK, complaints
    assert [(one.topic, one.payload) for one in read_records(out)] == [(topic, b"{}")]


async def _stay(secured: SecuredBroker, machine: str, topic: str) -> None:
    """Say something that the broker keeps for whoever comes later."""
    async with aiomqtt.Client(
        "127.0.0.1",
        secured.port,
        identifier=machine,
        username=machine,
        password=secured.passwords[machine],
        tls_params=aiomqtt.TLSParameters(ca_certs=str(secured.authority)),
    ) as client:
        await client.publish(topic, b"{}", qos=1, retain=True)


def test_a_broker_that_is_not_there_ends_with_4_and_no_file(free_port: int, tmp_path: Path) -> None:
    out = tmp_path / "day.mcap"
    code = main(["record", "--broker", f"127.0.0.1:{free_port}", "-o", str(out)])
    assert code == ExitCode.UNREACHABLE
    assert not out.exists()


def test_what_is_there_is_not_overwritten(free_port: int, tmp_path: Path) -> None:
    out = tmp_path / "day.mcap"
    out.write_bytes(b"dear")
    assert main(["record", "--broker", f"127.0.0.1:{free_port}", "-o", str(out)]) == ExitCode.FAILED
    assert out.read_bytes() == b"dear"


@pytest.mark.parametrize("wrong", [["--machine", "Big One"], ["--root", "other"], ["--broker", "here"]])
def test_a_wrong_command_line_ends_with_2(wrong: list[str], tmp_path: Path) -> None:
    usual = ["record", "--broker", "127.0.0.1:1", "-o", str(tmp_path / "day.mcap")]
    assert (
        main([*usual, *wrong] if wrong[0] != "--broker" else ["record", *wrong, *usual[3:]]) == ExitCode.USAGE
    )
