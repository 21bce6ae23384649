"""The agent as a process, with a screen: it serves the page, and ends when it is told or cannot serve."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest

from machine_agent.assembly import FAILED, OK, main
from machine_agent.screen import listen

ROOT = Path(__file__).parents[3]
KEYS = {
    "demo-command": {
        "use": "command",
        "public": "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    }
}
PATIENCE_S = 30.0  # only so that a hang ends


@pytest.fixture
def configure(tmp_path: Path) -> Callable[..., Path]:
    def write(screen: str) -> Path:
        machine = ['id = "le-1"', 'kind = "lumbar_extension"', 'driver = "still"']
        files = ['keys = "keys.json"', 'site_key = "site"', 'spool = "spool.sqlite"']
        path = tmp_path / "agent.toml"
        path.write_text(
            "\n".join(["[machine]", *machine, *files, "[broker]", "port = 1", "[screen]", screen])
        )
        (tmp_path / "keys.json").write_text(json.dumps(KEYS))
        (tmp_path / "site").write_text("00ff")
        return path

    return write


def answer_of(port: int) -> bytes:
    """Ask for the health of a screen until it answers."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                return bytes(answer.read())
        except OSError:
            time.sleep(0.02)
    pytest.fail("the screen does not answer")


def test_the_page_is_there_without_any_service(configure: Callable[..., Path], free_port: int) -> None:
    command = [sys.executable, "-m", "machine_agent.assembly", str(configure(f"port = {free_port}"))]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        while answer_of(free_port) != b'{"status":"ok"}':
            time.sleep(0.02)
        child.send_signal(signal.SIGTERM)
        assert child.wait(PATIENCE_S) == OK
    finally:
        child.kill()
        _, errors = child.communicate()
    assert errors == ""


def test_a_taken_port_is_explained(
    configure: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with listen(0) as door:
        port = door.getsockname()[1]
        assert main([str(configure(f"port = {port}"))]) == FAILED
    assert f"port {port} of the screen: Address already in use" in capsys.readouterr().err


@pytest.mark.parametrize("screen", ['port = "8090"', "port = 65536", "port = -1", 'units = "stone"'])
def test_a_screen_that_cannot_be_is_explained(
    screen: str, configure: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(configure(screen))]) == FAILED
    assert "[screen] is a port (0-65535) and units (kg or lb)" in capsys.readouterr().err
