import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from openspine.__main__ import main
from openspine.broker.embedded import available_kinds
from openspine.outcome import ExitCode

PATIENCE_S = 60


def test_a_place_is_named_wholly_or_not_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kiosk", "--broker", "127.0.0.1:1"]) == ExitCode.USAGE
    assert "--fleet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "told"),
    [(["--rate", "0"], "--rate"), (["--machine", "kiosk-1=couch"], "kiosk-1=couch")],
)
def test_what_cannot_be_is_refused(options: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kiosk", *options]) == ExitCode.USAGE
    assert told in capsys.readouterr().err


def test_missing_people_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--broker", "127.0.0.1:1", "--keys", str(tmp_path / "keys.json")]
    assert main(["kiosk", *place, "--fleet", str(tmp_path / "people.json")]) == ExitCode.NOT_FOUND
    assert "people.json" in capsys.readouterr().err


def page(address: str) -> bytes:
    """Open a page; its address may be told a moment before it is there."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 (our own loopback URL)
                return bytes(answer.read())
        except (urllib.error.URLError, TimeoutError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@pytest.mark.broker
@pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker")
def test_one_command_shows_the_screen_and_an_interrupt_ends_it() -> None:
    command = [sys.executable, "-m", "openspine", "kiosk", "--json"]
    kiosk = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert kiosk.stderr is not None
        told = ""
        for line in kiosk.stderr:
            told += line
            if "http://" in line:
                break
        address = next(word for word in told.split() if word.startswith("http://"))
        assert b"<main" in page(address)
        assert "badge demo-k01" in told
        assert "staff PIN" in told
        kiosk.send_signal(signal.SIGINT)
        out, _ = kiosk.communicate(timeout=PATIENCE_S)
    finally:
        kiosk.kill()
        kiosk.wait()
    assert kiosk.returncode == 0
    assert json.loads(out)["rows_waiting"] == 0
